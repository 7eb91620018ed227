namespace Blog.Bench.Measure;

/// <summary>What is said of the figures of several rounds.</summary>
static class Statistics
{
    /// <summary>The middle one, or half way between the two in the middle; not a number where there is none.</summary>
    public static double Median(this IEnumerable<double> figures)
    {
        var sorted = figures.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    /// <summary>The highest; not a number where there is none.</summary>
    public static double Highest(this IEnumerable<double> figures) => figures.DefaultIfEmpty(double.NaN).Max();

    /// <summary>The lowest; not a number where there is none.</summary>
    public static double Lowest(this IEnumerable<double> figures) => figures.DefaultIfEmpty(double.NaN).Min();
}
