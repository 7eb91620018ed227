using System.Diagnostics;
using Xunit;

namespace Blog.Testing;

/// <summary>Waits for a condition instead of for a time.</summary>
public static class Eventually
{
    /// <summary>Looks every 5 ms until the condition holds; returns how long that took.</summary>
    /// <exception cref="TimeoutException">It did not hold within <paramref name="seconds"/>.</exception>
    public static async Task<TimeSpan> HoldsAsync(Func<Task<bool>> condition, string what, double seconds = 10)
    {
        var start = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(start).TotalSeconds > seconds)
            {
                throw new TimeoutException($"After {seconds} s still not: {what}");
            }

            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        return Stopwatch.GetElapsedTime(start);
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task{bool}}, string, double)" />
    public static Task<TimeSpan> HoldsAsync(Func<bool> condition, string what, double seconds = 10) =>
        HoldsAsync(() => Task.FromResult(condition()), what, seconds);
}
