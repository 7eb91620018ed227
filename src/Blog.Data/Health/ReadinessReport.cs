namespace Blog.Data.Health;

/// <summary>Whether the database can serve what this build was written for, and what stands in the way.</summary>
/// <param name="MissingMigrations">Names of the scripts that this build has and the database has not; empty where it has all.</param>
/// <param name="Drift">What the statements need and do not find; empty where they find all.</param>
/// <param name="Warnings">What serves, and should be otherwise; for an operator.</param>
/// <param name="IsFailing">Whether the server has said in the last seconds that something in it is wrong.</param>
/// <param name="Statements">How many statements were prepared and compared; those of an unchanged schema are not prepared again.</param>
public sealed record ReadinessReport(
    IReadOnlyList<string> MissingMigrations,
    IReadOnlyList<Drift> Drift,
    IReadOnlyList<string> Warnings,
    bool IsFailing,
    int Statements
)
{
    /// <summary>Whether nothing stands in the way.</summary>
    public bool IsReady => MissingMigrations.Count == 0 && Drift.Count == 0 && !IsFailing;
}

/// <summary>Something of the database that is not as the statements need it.</summary>
/// <param name="Object">What it is: <c>column post.title</c>, <c>index users_pkey</c>, <c>right select on users.name</c>, <c>statement users/get_user 1</c>.</param>
/// <param name="Problem">How it is: <c>is character varying(200), not text</c>.</param>
/// <param name="Statements">Those that need it, by file.</param>
public sealed record Drift(string Object, string Problem, IReadOnlyList<string> Statements)
{
    /// <inheritdoc />
    public override string ToString() => $"{Object} {Problem}";
}
