using Blog.Data.Catalogue;

namespace Blog.Data.Operate;

/// <summary>The files of the catalogue: <c>{"items"}</c>.</summary>
/// <param name="Items">By id.</param>
public sealed record QueryList(IReadOnlyList<QueryItem> Items)
{
    /// <summary>Describes files.</summary>
    /// <param name="queries">Which.</param>
    /// <param name="seen">What was executed; null where nobody asked.</param>
    public static QueryList Of(IEnumerable<Query> queries, IReadOnlyList<SeenStatement>? seen)
    {
        var byId = seen?.ToLookup(statement => statement.Query.Id, StringComparer.Ordinal);
        return new([.. queries.Select(query => QueryItem.Of(query, byId is null ? null : [.. byId[query.Id]]))]);
    }
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
public sealed record QueryItem(
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
    /// <summary>Describes a file.</summary>
    /// <param name="query">Which.</param>
    /// <param name="seen">Those of its statements that were executed; null where nobody asked.</param>
    public static QueryItem Of(Query query, IReadOnlyList<SeenStatement>? seen)
    {
        ArgumentNullException.ThrowIfNull(query);
        var calls = seen?.Select(statement => statement.Statistics.Calls).DefaultIfEmpty(0).Max();
        return new(
            query.Id,
            query.UsedBy,
            query.Purpose,
            query.Header["budget"],
            query.Header["plan"],
            query.Statements,
            calls,
            calls > 0 ? Math.Round(seen!.Sum(statement => statement.Statistics.TotalMs) / calls.Value, 3) : null
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
