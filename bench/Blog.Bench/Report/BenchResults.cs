using Blog.Bench.Measure;
using Blog.Bench.Stage;

namespace Blog.Bench.Report;

/// <summary>All that one run has measured.</summary>
/// <param name="Machine">What it ran on.</param>
/// <param name="Pace">How long.</param>
/// <param name="Posts">In the database.</param>
/// <param name="Links">Between posts and tags.</param>
/// <param name="Samples">One a round, entrant and endpoint.</param>
/// <param name="Starts">Seconds from the start of the service to its first answer.</param>
/// <param name="Took">All of it.</param>
sealed record BenchResults(
    Machine Machine,
    Pace Pace,
    long Posts,
    long Links,
    IReadOnlyList<Sample> Samples,
    IReadOnlyList<double> Starts,
    TimeSpan Took
)
{
    public IEnumerable<Sample> Of(string endpoint, string entrant) =>
        Samples.Where(sample => sample.Endpoint == endpoint && sample.Entrant == entrant);

    /// <summary>In the order of their first loads.</summary>
    public IEnumerable<string> EntrantsOf(string endpoint) =>
        Samples
            .Where(sample => sample.Endpoint == endpoint)
            .Select(sample => sample.Entrant)
            .Distinct(StringComparer.Ordinal);
}
