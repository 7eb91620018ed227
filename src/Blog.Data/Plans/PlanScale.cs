namespace Blog.Data.Plans;

/// <summary>How large the database is that plans are measured in; everything in it follows from its posts (<c>sql/plans/fill.sql</c>).</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Posts">How many posts it has.</param>
public sealed record PlanScale(string Name, int Posts)
{
    /// <summary>The one of the test suite.</summary>
    public static PlanScale Small { get; } = new("small", 1_000);

    /// <summary>What grows with the table begins to show.</summary>
    public static PlanScale Medium { get; } = new("medium", 100_000);

    /// <summary>What grows with the table is named.</summary>
    public static PlanScale Large { get; } = new("large", 2_000_000);

    /// <summary>From the smallest: the columns of a plan file.</summary>
    public static IReadOnlyList<PlanScale> All { get; } = [Small, Medium, Large];

    /// <summary>Users, profiles and stored keys follow from the posts, too.</summary>
    public int Users => Math.Max(500, Posts / 20);

    /// <summary>Tags beside those that have a name of their own.</summary>
    public int Tags => Math.Max(500, Posts / 50);

    /// <summary>The smallest one that is not smaller than a database; the largest where none is.</summary>
    /// <param name="posts">How many posts that database has.</param>
    public static PlanScale For(long posts) => All.FirstOrDefault(scale => posts <= scale.Posts) ?? Large;

    /// <inheritdoc />
    public override string ToString() => Name;
}
