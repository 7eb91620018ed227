namespace Blog.Data.Lists;

/// <summary>One page to be read.</summary>
/// <param name="Path">The filters, as the statement that knows them.</param>
/// <param name="Key">The key of the last row before the page; a sentinel beyond every key for the first page.</param>
/// <param name="Limit">Rows of the page, at most <see cref="Limits.Page"/>.</param>
/// <param name="Count">Whether and how all rows are counted.</param>
public sealed record PageRead<TKey>(AccessPath Path, TKey Key, int Limit, CountMode Count)
{
    /// <summary>One row more says whether there is a next page.</summary>
    internal int Fetch => Limit + 1;
}

/// <summary>One page that was read.</summary>
/// <param name="Items">At most as many as the limit, in the order of the list.</param>
/// <param name="HasMore">Whether a next page has something.</param>
/// <param name="Total">How many there are in all; null where nobody asked.</param>
public sealed record KeysetPage<T>(IReadOnlyList<T> Items, bool HasMore, Total? Total)
{
    /// <summary>Where a search ended before the page was full: it goes on below this id. Null where it came to its end.</summary>
    public long? EndedAbove { get; init; }

    internal static KeysetPage<T> Of(IReadOnlyList<T> fetched, int limit, Total? total) =>
        new([.. fetched.Take(limit)], fetched.Count > limit, total);
}
