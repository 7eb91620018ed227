using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;
using Blog.Data.Operate;

namespace Blog.Cli.Sql;

/// <summary>What <c>sql list --json</c> writes.</summary>
sealed record QueryList(IReadOnlyList<QueryItem> Items)
{
    /// <param name="queries">All files.</param>
    /// <param name="counted">What was executed; null where nobody asked.</param>
    public static QueryList Of(IReadOnlyList<Query> queries, IReadOnlyList<SeenStatement>? counted)
    {
        var byId = counted?.ToLookup(seen => seen.Query.Id, StringComparer.Ordinal);
        return new([.. queries.Select(query => QueryItem.Of(query, byId is null ? null : [.. byId[query.Id]]))]);
    }

    public string ToText()
    {
        var width = Items.Max(item => item.Id.Length);
        return string.Join(
            Environment.NewLine,
            Items.Select(item =>
            {
                var counted = item.Calls is null
                    ? ""
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{item.Calls, 10:#,0} calls {item.MeanMs?.ToString("0.000 'ms'", CultureInfo.InvariantCulture), 12}  "
                    );
                return $"{item.Id.PadRight(width)}  {counted}{item.UsedBy}";
            })
        );
    }
}

/// <summary>One file of the catalogue.</summary>
/// <param name="Id">Its path below sql/queries.</param>
/// <param name="UsedBy">Routes and commands.</param>
/// <param name="Purpose">What it does.</param>
/// <param name="Budget">Statements, and rows that may come back.</param>
/// <param name="Plan">What must be true of its plans.</param>
/// <param name="Statements">Their texts, each with its comment.</param>
/// <param name="Calls">Round trips; null where nobody asked.</param>
/// <param name="MeanMs">Milliseconds in the database of one round trip, all its statements together; null as above, or before the first call.</param>
sealed record QueryItem(
    string Id,
    string UsedBy,
    string Purpose,
    string Budget,
    string Plan,
    IReadOnlyList<string> Statements,
    long? Calls,
    double? MeanMs
)
{
    public static QueryItem Of(Query query, IReadOnlyList<SeenStatement>? counted)
    {
        var calls = counted?.Select(seen => seen.Statistics.Calls).DefaultIfEmpty(0).Max();
        return new(
            query.Id,
            query.UsedBy,
            query.Purpose,
            query.Header["budget"],
            query.Header["plan"],
            query.Statements,
            calls,
            calls > 0 ? Math.Round(counted!.Sum(seen => seen.Statistics.TotalMs) / calls.Value, 3) : null
        );
    }
}

/// <summary>What <c>sql explain --json</c> writes.</summary>
sealed record QueryPlans(IReadOnlyList<QueryPlan> Items);

/// <summary>The plan of one statement, as PostgreSQL prints it.</summary>
sealed record QueryPlan(string Statement, string Plan);

/// <summary>What <c>sql audit --json</c> writes.</summary>
/// <param name="Role">Whose statements.</param>
/// <param name="Seen">How many statements of the catalogue were executed.</param>
/// <param name="Unknown">What else was, but for the driver's own.</param>
/// <param name="Unseen">Statements of the catalogue that were not executed.</param>
/// <param name="Driver">The driver's own.</param>
sealed partial record AuditResult(
    string Role,
    int Seen,
    IReadOnlyList<UnknownStatement> Unknown,
    IReadOnlyList<string> Unseen,
    IReadOnlyList<DriverCalls> Driver
)
{
    public static AuditResult Of(SqlAudit audit) =>
        new(
            audit.Role,
            audit.Seen.Count,
            [.. audit.Unknown.Select(row => new UnknownStatement(row.QueryId, row.Calls, row.Query))],
            audit.Unseen,
            audit.Driver
        );

    public string ToText()
    {
        List<string> lines =
        [
            $"{Role}: {Seen} statements of the catalogue seen, {Unseen.Count} not yet, {Unknown.Count} unknown",
            $"  the driver's own: {string.Join(", ", Driver.Select(calls => string.Create(CultureInfo.InvariantCulture, $"{calls.Name} {calls.Calls:#,0}")))}",
        ];
        lines.AddRange(
            Unknown.Select(unknown =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"  unknown: {unknown.QueryId}, {unknown.Calls:#,0} calls: {Spaces().Replace(unknown.Query, " ")}"
                )
            )
        );
        return string.Join(Environment.NewLine, lines);
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}

/// <summary>A statement that is not in the catalogue.</summary>
sealed record UnknownStatement(long QueryId, long Calls, string Query);
