using System.ComponentModel;
using System.Diagnostics;

namespace Blog.Fault.Tests.Stage;

/// <summary>A file system of its own that can be filled: a tmpfs, which only root may mount.</summary>
sealed class SmallDisk : IAsyncDisposable
{
    readonly DirectoryInfo place;

    SmallDisk(DirectoryInfo place) => this.place = place;

    string Ballast => Path.Combine(place.FullName, "ballast");

    /// <exception cref="NotPossibleHereException">It cannot be mounted.</exception>
    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var mounted = Directory.CreateTempSubdirectory("blog-disk-");
        var said = await RunAsync(
            "mount",
            "-t",
            "tmpfs",
            "-o",
            $"size={megabytes}m,mode=0755",
            "tmpfs",
            mounted.FullName
        );
        return said.Length == 0
            ? new(mounted)
            : throw new NotPossibleHereException($"a tmpfs cannot be mounted: {said}");
    }

    /// <summary>A new folder on it, of the user who runs PostgreSQL.</summary>
    public async Task<string> FolderAsync(BlogCluster cluster)
    {
        var folder = place.CreateSubdirectory("of-postgres").FullName;
        await RunAsync("chown", $"--reference={cluster.DataFiles}", folder);
        await RunAsync("chmod", "700", folder);
        return folder;
    }

    /// <summary>Takes all the room but a little.</summary>
    public async Task FillAsync(int leaveKilobytes)
    {
        var kilobytes = (new DriveInfo(place.FullName).AvailableFreeSpace / 1024) - leaveKilobytes;
        await RunAsync("dd", "if=/dev/zero", $"of={Ballast}", "bs=1024", $"count={kilobytes}", "status=none");
    }

    /// <summary>Gives the room back.</summary>
    public void Free() => File.Delete(Ballast);

    public async ValueTask DisposeAsync()
    {
        await RunAsync("umount", place.FullName);
        place.Delete();
    }

    /// <returns>What it complained of; empty where it did not.</returns>
    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false }
            )!;
            var said = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return said.Trim();
        }
        catch (Win32Exception missing)
        {
            return missing.Message;
        }
    }
}

/// <summary>A fault that this machine does not let happen.</summary>
public sealed class NotPossibleHereException(string reason) : Exception($"not possible here: {reason}");
