using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Health;

/// <summary>What the statements of the service need of a database, held against what it has.</summary>
static partial class SchemaNeeds
{
    static readonly Need[] columns =
    [
        .. Footprint
            .Served.SelectMany(footprint =>
                footprint.Uses.SelectMany(use =>
                    use.Columns.Select(column => (Name: $"{use.Table}.{column.Name}", column.Type, footprint.Query.Id))
                )
            )
            .GroupBy(use => (use.Name, use.Type), use => use.Id)
            .Select(use => new Need(use.Key.Name, use.Key.Type, [.. use.Distinct(StringComparer.Ordinal)])),
    ];

    static readonly Need[] indexes =
    [
        .. QueryCatalogue
            .All.Where(query => query.Header.ContainsKey("uses"))
            .SelectMany(query => IndexName().Matches(query.Header["uses"]).Select(match => (match.Value, query.Id)))
            .GroupBy(use => use.Value, use => use.Id, StringComparer.Ordinal)
            .Select(use => new Need(use.Key, "valid", [.. use.Distinct(StringComparer.Ordinal)])),
    ];

    /// <summary>What is missing, or otherwise than it was written for.</summary>
    public static IEnumerable<Drift> NotMetBy(SchemaFacts facts) =>
        columns
            .Where(column => facts.StateOf("column", column.Name) != column.State)
            .Select(column => new Drift(
                $"column {column.Name}",
                facts.StateOf("column", column.Name) is { } type ? $"is {type}, not {column.State}" : "is missing",
                column.Queries
            ))
            .Concat(
                indexes
                    .Where(index => facts.StateOf("index", index.Name) != index.State)
                    .Select(index => new Drift(
                        $"index {index.Name}",
                        facts.StateOf("index", index.Name) is { } state ? $"is {state}" : "is missing",
                        index.Queries
                    ))
            )
            .Concat(
                Rights
                    .Needed.Select(right =>
                        (Right: right, Name: right.Column is null ? right.Object : $"{right.Object}.{right.Column}")
                    )
                    .Where(right =>
                        !facts.Allows(right.Right.Verb, right.Name)
                        && (right.Right.Column is null || facts.StateOf("column", right.Name) is not null)
                    )
                    .Select(right => new Drift(
                        $"right {right.Right.Verb} on {right.Name}",
                        "is missing",
                        [
                            .. right
                                .Right.Statements.Select(statement =>
                                    statement[..statement.IndexOf(' ', StringComparison.Ordinal)]
                                )
                                .Distinct(StringComparer.Ordinal),
                        ]
                    ))
            );

    sealed record Need(string Name, string State, IReadOnlyList<string> Queries);

    [GeneratedRegex(@"\b[a-z_]+_(pkey|key|idx)\b", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IndexName();
}
