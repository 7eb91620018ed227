using System.Diagnostics;
using System.Globalization;

namespace Blog.Fault.Tests.Stage;

/// <summary>Signals to a process, by its number.</summary>
static class Signals
{
    /// <summary>It ends at once and gets no chance to say so.</summary>
    public static Task KillAsync(int process) => SendAsync("KILL", process);

    /// <summary>It stands still, and everything it holds stays held.</summary>
    public static Task FreezeAsync(params IEnumerable<int> processes) => SendAsync("STOP", [.. processes]);

    /// <summary>It goes on.</summary>
    public static Task ThawAsync(params IEnumerable<int> processes) => SendAsync("CONT", [.. processes]);

    static async Task SendAsync(string signal, params int[] processes)
    {
        using var kill = Process.Start(
            "kill",
            ["-s", signal, .. processes.Select(process => process.ToString(CultureInfo.InvariantCulture))]
        );
        await kill.WaitForExitAsync();
    }
}
