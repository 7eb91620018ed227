using Blog.Bench.Measure;
using Blog.Bench.Stage;

namespace Blog.Bench.Growth;

/// <summary>What was measured at several sizes.</summary>
/// <param name="Machine">What it ran on.</param>
/// <param name="Pace">How long.</param>
/// <param name="Sizes">Posts in each database, the smallest first.</param>
/// <param name="Samples">The entrant is the size.</param>
/// <param name="Took">All of it.</param>
sealed record GrowthResults(
    Machine Machine,
    Pace Pace,
    IReadOnlyList<long> Sizes,
    IReadOnlyList<Sample> Samples,
    TimeSpan Took
)
{
    /// <summary>In the order of their first loads.</summary>
    public IReadOnlyList<string> Endpoints { get; } =
    [.. Samples.Select(sample => sample.Endpoint).Distinct(StringComparer.Ordinal)];

    /// <summary>The median of the rounds.</summary>
    public double Median(string endpoint, long size, Func<Sample, double> figure) =>
        Samples
            .Where(sample => sample.Endpoint == endpoint && sample.Entrant == GrowthRun.KeyOf(size))
            .Select(figure)
            .Median();

    /// <summary>The processor time of a request beside that in the smallest database.</summary>
    public double Growth(string endpoint, long size) =>
        Median(endpoint, size, sample => sample.WholeCost) / Median(endpoint, Sizes[0], sample => sample.WholeCost);
}
