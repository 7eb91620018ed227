using System.Diagnostics;

namespace Blog.LocalPostgres.Tests;

static class Eventually
{
    /// <summary>Looks every 5 ms until the condition holds; returns how long that took. Fails after the deadline.</summary>
    internal static async Task<TimeSpan> HoldsAsync(Func<Task<bool>> condition, string what, double seconds = 10)
    {
        var waiting = Stopwatch.StartNew();
        while (!await condition())
        {
            if (waiting.Elapsed.TotalSeconds > seconds)
                Assert.Fail($"After {seconds} s still not: {what}");
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
        return waiting.Elapsed;
    }

    internal static Task<TimeSpan> HoldsAsync(Func<bool> condition, string what, double seconds = 10) =>
        HoldsAsync(() => Task.FromResult(condition()), what, seconds);
}
