using System.Collections.Concurrent;
using Blog.Data.Catalogue;

namespace Blog.Data.Lists;

/// <summary>One accepted combination of filters: the statement that reads its pages, and the one that counts what they are of.</summary>
/// <param name="number">Stands in cursors; never given to another path.</param>
/// <param name="filters">The parameters that lead here, as <c>author_id+tag</c>; <c>none</c> where there are none.</param>
/// <param name="page">One statement whose first result set is the page.</param>
/// <param name="count">One statement, one number.</param>
/// <param name="reckoned">What the planner is asked about instead of the count; null where that is the same.</param>
public sealed class AccessPath(byte number, string filters, Query page, Query count, Query? reckoned = null)
{
    readonly ConcurrentDictionary<(CountMode, Query?), Query> roundTrips = new();

    /// <summary>Stands in cursors; never given to another path.</summary>
    public byte Number => number;

    /// <summary>The parameters that lead here, as <c>author_id+tag</c>; <c>none</c> where there are none.</summary>
    public string Filters => filters;

    /// <summary>The ids of its files: the page, then what counts.</summary>
    public IEnumerable<string> Queries => reckoned is null ? [page.Id, count.Id] : [page.Id, count.Id, reckoned.Id];

    /// <summary>One number: how many rows there are on all pages.</summary>
    internal Query Count => count;

    /// <inheritdoc />
    public override string ToString() => page.Id;

    /// <summary>The page, the count as it is asked for, and another query after them: whole statements side by side in one round trip.</summary>
    internal Query RoundTrip(CountMode mode, Query? last = null) =>
        roundTrips.GetOrAdd(
            (mode, last),
            _ =>
            {
                var trip = mode switch
                {
                    CountMode.Exact => page.Then(count),
                    CountMode.Planned => page.Then((reckoned ?? count).Explained()),
                    _ => page,
                };
                return last is null ? trip : trip.Then(last);
            }
        );
}

/// <summary>Every way to list one kind of thing.</summary>
public static class AccessPaths
{
    /// <summary>The ids of all their files.</summary>
    public static IReadOnlyList<string> Queries(this IEnumerable<AccessPath> paths) =>
        [.. paths.SelectMany(path => path.Queries)];
}
