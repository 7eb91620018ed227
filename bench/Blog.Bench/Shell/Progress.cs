using System.Diagnostics;
using System.Globalization;

namespace Blog.Bench.Shell;

/// <summary>Says on the standard error what is going on, and how many seconds after the start.</summary>
static class Progress
{
    static readonly long start = Stopwatch.GetTimestamp();

    /// <summary>Since the start of the command.</summary>
    public static TimeSpan Elapsed => Stopwatch.GetElapsedTime(start);

    public static void Say(string line) =>
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"[{Elapsed.TotalSeconds, 5:0} s] {line}"));
}
