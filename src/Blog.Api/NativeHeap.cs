using System.Runtime.InteropServices;

namespace Blog.Api;

/// <summary>
/// The memory that the runtime takes beside its own heap, most of it its compiler's, while it compiles. The C library keeps what was given back
/// for whoever asks next, and each thread asks elsewhere: up to 20 MB that nobody needs. What it is worth: docs/operate/tuning.md.
/// </summary>
static class NativeHeap
{
    // mallopt(3), of the GNU C library. What the environment says (MALLOC_ARENA_MAX and its like) is overruled.
    const int MmapThreshold = -3;
    const int ArenaMax = -8;

    // A page of the compiler's, and whatever is larger, goes back to the system by itself.
    const int CompilerPage = 64 * 1024;

    /// <summary>Has what is given back go back to the system. For the beginning of the process: threads keep what they have begun with.</summary>
    /// <returns>False where the C library is another one, which stays as it is.</returns>
    public static bool GiveBack()
    {
        try
        {
            return Set(MmapThreshold, CompilerPage) != 0 && Set(ArenaMax, 1) != 0;
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "mallopt", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Set(int parameter, int value);
}
