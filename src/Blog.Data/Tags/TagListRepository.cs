using Blog.Data.Catalogue;
using Blog.Data.Lists;

namespace Blog.Data.Tags;

/// <summary>Pages of tags.</summary>
public sealed class TagListRepository(BlogData data)
{
    /// <summary>Every way to list tags, by name.</summary>
    public static IReadOnlyList<AccessPath> Paths { get; } =
    [
        new(11, "none", QueryCatalogue.Find("tags/list_tags"), QueryCatalogue.Find("tags/count_tags")),
        new(12, "name", QueryCatalogue.Find("tags/list_tags_by_name"), QueryCatalogue.Find("tags/count_tags_by_name")),
        new(
            13,
            "name_prefix",
            QueryCatalogue.Find("tags/list_tags_by_name_prefix"),
            QueryCatalogue.Find("tags/count_tags_by_name_prefix")
        ),
    ];

    /// <summary>A page of tags, by name. One round trip.</summary>
    public async Task<KeysetPage<Tag>> ListTagsAsync(
        PageRead<string> page,
        TagFilter filter,
        TagParts parts,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(
            session,
            page.Path.RoundTrip(page.Count),
            new
            {
                name = filter.Name,
                prefix = filter.NamePrefix,
                after = page.Key,
                limit = page.Fetch,
                withPostCount = parts.PostCount,
            },
            null,
            cancellationToken
        );
        var rows = await sets.ReadAsync<ListedTagRow>();
        return KeysetPage<Tag>.Of(
            [.. rows.Select(row => row.ToTag(parts))],
            page.Limit,
            await Total.ReadAsync(sets, page.Count)
        );
    }

    sealed record ListedTagRow(string Name, long Id, DateTime CreatedAt, DateTime UpdatedAt, long? PostCount)
    {
        public Tag ToTag(TagParts parts) =>
            new(Name, Id)
            {
                CreatedAt = parts.Times ? CreatedAt : null,
                UpdatedAt = parts.Times ? UpdatedAt : null,
                PostCount = PostCount,
            };
    }
}
