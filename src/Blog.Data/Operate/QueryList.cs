using Blog.Data.Catalogue;

namespace Blog.Data.Operate;

/// <summary>The files of the catalogue: <c>{"items"}</c>.</summary>
/// <param name="Items">By id.</param>
public sealed record QueryList(IReadOnlyList<QueryItem> Items)
{
    /// <summary>Describes files.</summary>
    /// <param name="queries">Which.</param>
    /// <param name="audit">What was executed; null where nobody asked.</param>
    public static QueryList Of(IEnumerable<Query> queries, SqlAudit? audit) =>
        new([.. queries.Select(query => QueryItem.Of(query, audit))]);
}

/// <summary>One file of the catalogue.</summary>
/// <param name="Id">Its path below sql/queries.</param>
/// <param name="UsedBy">Routes and commands.</param>
/// <param name="Purpose">What it does.</param>
/// <param name="Budget">Statements, and rows that may come back.</param>
/// <param name="Plan">What must be true of its plans.</param>
/// <param name="Statements">Their texts, each with its comment.</param>
/// <param name="Calls">Round trips since the statistics were reset; null where nobody asked.</param>
/// <param name="MeanMs">Milliseconds in the database of one round trip, all its statements together; null as above, or before the first call.</param>
/// <param name="TotalMs">Milliseconds in the database of all of them together; null as for the calls.</param>
/// <param name="Rows">Rows returned or written by all of them together; null as for the calls.</param>
/// <param name="Share">Its part of the milliseconds of everything that the role has sent, from 0 to 1; null as for the calls, and where that is none.</param>
/// <param name="HitRatio">Blocks found in the server's memory out of all that were looked at, from 0 to 1; null as for the calls, and before the first block.</param>
public sealed record QueryItem(
    string Id,
    string UsedBy,
    string Purpose,
    string Budget,
    string Plan,
    IReadOnlyList<string> Statements,
    long? Calls,
    double? MeanMs,
    double? TotalMs,
    long? Rows,
    double? Share,
    double? HitRatio
)
{
    /// <summary>Describes a file.</summary>
    /// <param name="query">Which.</param>
    /// <param name="audit">What was executed; null where nobody asked.</param>
    public static QueryItem Of(Query query, SqlAudit? audit)
    {
        ArgumentNullException.ThrowIfNull(query);
        var seen = audit?.Seen.Where(statement => statement.Query == query).Select(one => one.Statistics).ToList();
        var calls = seen?.Select(statement => statement.Calls).DefaultIfEmpty(0).Max();
        var total = seen?.Sum(statement => statement.TotalMs);
        var hit = seen?.Sum(statement => statement.BlocksHit);
        var blocks = hit + seen?.Sum(statement => statement.BlocksRead);
        return new(
            query.Id,
            query.UsedBy,
            query.Purpose,
            query.Header["budget"],
            query.Header["plan"],
            query.Statements,
            calls,
            calls > 0 ? Math.Round(total!.Value / calls.Value, 3) : null,
            total is null ? null : Math.Round(total.Value, 3),
            seen?.Sum(statement => statement.Rows),
            audit?.TotalMs > 0 ? Math.Round(total!.Value / audit.TotalMs, 4) : null,
            blocks > 0 ? Math.Round((double)hit!.Value / blocks.Value, 4) : null
        );
    }
}

/// <summary>The plans of one file: <c>{"items"}</c>.</summary>
/// <param name="Items">A plan a statement, in their order.</param>
public sealed record QueryPlans(IReadOnlyList<QueryPlan> Items);

/// <summary>The plan of one statement.</summary>
/// <param name="Statement">As in its comment: <c>users/get_user 1</c>.</param>
/// <param name="Plan">As PostgreSQL prints it, lines ended by a line feed.</param>
public sealed record QueryPlan(string Statement, string Plan);
