using System.Diagnostics;

namespace Blog.Cli.Tests;

/// <summary>Waits for what another process brings about.</summary>
static class Until
{
    static readonly TimeSpan patience = TimeSpan.FromMinutes(2);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        var waited = Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(waited.Elapsed < patience, $"It did not happen within {patience.TotalSeconds} s.");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken);
        }
    }
}
