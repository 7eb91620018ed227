using System.Diagnostics;
using Blog.Fault.Tests.Stage;

namespace Blog.Fault.Tests.Faults;

/// <summary>What came of one fault.</summary>
/// <param name="Fault">Which.</param>
/// <param name="Measured">In a sentence.</param>
/// <param name="Broken">What was promised and does not hold; empty where all does.</param>
/// <param name="Seconds">What it took.</param>
sealed record FaultResult(KnownFault Fault, string Measured, IReadOnlyCollection<string> Broken, double Seconds)
{
    public bool Holds => Broken.Count == 0;

    /// <summary>Runs a fault. Where it ends before it has mended what it broke, the next one gets a scene of its own.</summary>
    public static async Task<FaultResult> OfAsync(KnownFault fault, Scenes scenes, bool isThorough, Action<string> say)
    {
        var start = Stopwatch.GetTimestamp();
        var run = new FaultRun(scenes, isThorough, say);
        string[] ended = [];
        try
        {
            await fault.RunAsync(run);
        }
        catch (NotPossibleHereException reason)
        {
            return new(fault, "", [reason.Message], 0);
        }
        catch (Exception unexpected)
        {
            ended = [unexpected.ToString()];
        }

        if (ended.Length + run.Broken.Count > 0)
            await scenes.CloseAsync();
        return new(fault, run.Measured, [.. run.Broken, .. ended], Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
