using Blog.Api.Contract;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Data;
using Blog.Data.Lists;

namespace Blog.Api.Lists;

static class ListMetadata
{
    /// <summary>Names the parameters that a list reads, and the errors that its grammar has.</summary>
    public static TBuilder WithListQuery<TBuilder>(this TBuilder builder, string[] parameters)
        where TBuilder : IEndpointConventionBuilder =>
        builder
            .WithQuery(parameters)
            .WithProblems(
                KnownProblems.UnknownParameter,
                KnownProblems.UnsupportedFilterCombination,
                KnownProblems.InvalidCursor,
                KnownProblems.CursorMismatch
            );
}

/// <summary>What every list is asked: which page of which filters, how much of it, in which shape, and whether it is counted.</summary>
sealed record ListRequest<TKey>(
    PageRead<TKey> Page,
    Shape Shape,
    string CanonicalFilters,
    IReadOnlyList<(string Name, string Value)> Parameters
)
{
    const int DefaultLimit = 20;

    /// <summary>Reads what all lists share, after the filters of the list have been read.</summary>
    /// <param name="first">A key before every row.</param>
    /// <param name="readKey">Reads the key of a cursor.</param>
    public static ListRequest<TKey> Read(
        HttpContext context,
        QueryReader query,
        Resource resource,
        IReadOnlyList<AccessPath> paths,
        TKey first,
        Func<ReadOnlySpan<byte>, TKey> readKey
    )
    {
        var limit = query.Number("limit", DefaultLimit, Limits.Page);
        var cursor = query.Single("cursor");
        var shape = Shape.Read(query, resource);
        var path = query.Path(paths);
        var key = cursor is null ? first : readKey(Cursor.Decode(cursor, path, query.CanonicalFilters));
        return new(new(path, key, limit, Preferences.Of(context).Count), shape, query.CanonicalFilters, query.Sent);
    }
}
