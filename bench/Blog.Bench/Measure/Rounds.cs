using System.Globalization;
using Blog.Bench.Shell;

namespace Blog.Bench.Measure;

/// <summary>How long everything is loaded.</summary>
/// <param name="IsShort">For a look; the figures of a full run are steadier.</param>
/// <param name="Count">Rounds.</param>
/// <param name="Seconds">Of one load.</param>
/// <param name="WarmUpSeconds">Of the load before the first round.</param>
sealed record Pace(bool IsShort, int Count, int Seconds, int WarmUpSeconds)
{
    public static readonly Pace Full = new(IsShort: false, Count: 6, Seconds: 10, WarmUpSeconds: 10);
    public static readonly Pace Short = new(IsShort: true, Count: 2, Seconds: 3, WarmUpSeconds: 2);
}

/// <summary>
/// Interleaved rounds: in each one every entrant is loaded once, in an order that moves on by one, so that whatever else the machine
/// does meets all of them.
/// </summary>
/// <param name="pace">How many and how long.</param>
sealed class Rounds(Pace pace)
{
    /// <returns>One sample an entrant and round.</returns>
    public async Task<List<Sample>> RunAsync(
        string endpoint,
        IReadOnlyList<Entrant> entrants,
        CancellationToken cancellationToken
    )
    {
        foreach (var entrant in entrants)
        {
            Progress.Say($"{endpoint}: warm-up of {entrant.Key}");
            await entrant.LoadAsync(0, pace.WarmUpSeconds, cancellationToken);
        }

        var samples = new List<Sample>();
        for (var round = 1; round <= pace.Count; round++)
        {
            for (var at = 0; at < entrants.Count; at++)
            {
                var entrant = entrants[(at + round - 1) % entrants.Count];
                var sample = await entrant.LoadAsync(round, pace.Seconds, cancellationToken);
                samples.Add(sample);
                Progress.Say(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{sample.Endpoint}, round {round} of {pace.Count}: {entrant.Key} {sample.Rate:#,0} a second, p99 {sample.P99:0.0} ms, {sample.ServiceCost:0} + {sample.DatabaseCost:0} us"
                    )
                );
            }
        }

        return samples;
    }
}
