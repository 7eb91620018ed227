using Blog.Bench.Measure;

namespace Blog.Bench.Report;

/// <summary>This service against another entrant.</summary>
/// <param name="Best">The best round of each, which the goals are about.</param>
/// <param name="Middle">The medians of all rounds.</param>
readonly record struct Ratio(double Best, double Middle)
{
    /// <summary>Of what is better the higher it is.</summary>
    public static Ratio OfHigher(IEnumerable<Sample> ours, IEnumerable<Sample> theirs, Func<Sample, double> figure) =>
        new(
            ours.Select(figure).Highest() / theirs.Select(figure).Highest(),
            ours.Select(figure).Median() / theirs.Select(figure).Median()
        );

    /// <summary>Of what is better the lower it is.</summary>
    public static Ratio OfLower(IEnumerable<Sample> ours, IEnumerable<Sample> theirs, Func<Sample, double> figure) =>
        new(
            ours.Select(figure).Lowest() / theirs.Select(figure).Lowest(),
            ours.Select(figure).Median() / theirs.Select(figure).Median()
        );
}
