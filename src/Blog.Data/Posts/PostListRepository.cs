using Blog.Data.Catalogue;
using Blog.Data.Lists;
using Blog.Data.Tags;

namespace Blog.Data.Posts;

/// <summary>Pages of posts: each accepted combination of filters is a statement of its own.</summary>
public sealed class PostListRepository(BlogData data)
{
    static readonly Query findUser = QueryCatalogue.Find("users/find_user");

    /// <summary>Every way to list posts, newest first.</summary>
    public static IReadOnlyList<AccessPath> Paths { get; } =
    [
        new(21, "none", QueryCatalogue.Find("posts/list_posts"), QueryCatalogue.Find("posts/count_posts")),
        new(
            22,
            "author_id",
            QueryCatalogue.Find("posts/list_posts_by_author"),
            QueryCatalogue.Find("posts/count_posts_by_author")
        ),
        new(
            23,
            "tag",
            QueryCatalogue.Find("posts/list_posts_by_tags"),
            QueryCatalogue.Find("posts/count_posts_by_tags")
        ),
        new(
            24,
            "tag_any",
            QueryCatalogue.Find("posts/list_posts_by_any_tag"),
            QueryCatalogue.Find("posts/count_posts_by_any_tag")
        ),
        new(
            25,
            "author_id+tag",
            QueryCatalogue.Find("posts/list_posts_by_author_and_tags"),
            QueryCatalogue.Find("posts/count_posts_by_author_and_tags")
        ),
        new(
            26,
            "author_id+tag_any",
            QueryCatalogue.Find("posts/list_posts_by_author_and_any_tag"),
            QueryCatalogue.Find("posts/count_posts_by_author_and_any_tag")
        ),
        new(
            27,
            "q",
            QueryCatalogue.Find("posts/search_posts"),
            QueryCatalogue.Find("posts/count_found_posts"),
            QueryCatalogue.Find("posts/reckon_found_posts")
        ),
        new(
            28,
            "author_id+q",
            QueryCatalogue.Find("posts/search_posts_by_author"),
            QueryCatalogue.Find("posts/count_found_posts_by_author")
        ),
    ];

    /// <summary>A page of posts, newest first. One round trip, one more where it meets tags whose names are not known.</summary>
    public async Task<KeysetPage<Post>> ListPostsAsync(
        PageRead<long> page,
        PostFilter filter,
        PostParts parts,
        CancellationToken cancellationToken
    ) => (await ReadAsync(page, page.Path.RoundTrip(page.Count), filter, parts, isOfUser: false, cancellationToken))!;

    /// <summary>A page of the posts of one user, whomever the filter names, newest first. Round trips as above.</summary>
    /// <returns>Null where no user has the id.</returns>
    public Task<KeysetPage<Post>?> ListUserPostsAsync(
        long userId,
        PageRead<long> page,
        PostFilter filter,
        PostParts parts,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            page,
            page.Path.RoundTrip(page.Count, findUser),
            filter with
            {
                AuthorId = userId,
            },
            parts,
            isOfUser: true,
            cancellationToken
        );

    /// <summary>A page from the rows of the read.</summary>
    internal static Unnamed<KeysetPage<Post>> Unnamed(
        IReadOnlyList<PostRow> rows,
        int limit,
        Total? total,
        PostParts parts
    ) =>
        new(
            rows is [var first, ..] ? first.TagEpoch : 0,
            rows.Select(row => row.TagIds),
            tags =>
                KeysetPage<Post>.Of(
                    [.. rows.Where(row => row.Title is not null).Select(row => row.ToPost(parts, tags))],
                    limit,
                    total
                ) with
                {
                    EndedAbove = rows.FirstOrDefault(row => row.Title is null)?.Id,
                }
        );

    async Task<KeysetPage<Post>?> ReadAsync(
        PageRead<long> page,
        Query query,
        PostFilter filter,
        PostParts parts,
        bool isOfUser,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        return await data.TagMemory.ReadAsync(session, transaction: null, ReadPageAsync, cancellationToken);

        async Task<Unnamed<KeysetPage<Post>>?> ReadPageAsync(Transaction? transaction)
        {
            await using var sets = await BlogData.QueryAsync(
                session,
                query,
                ArgumentsOf(page, filter, parts),
                transaction,
                cancellationToken
            );
            var rows = await sets.ReadAsync<PostRow>();
            var total = await Total.ReadAsync(sets, page.Count);
            return isOfUser && await sets.ReadFirstOrNoneAsync<long?>() is null
                ? null
                : Unnamed(rows, page.Limit, total, parts);
        }
    }

    static object ArgumentsOf(PageRead<long> page, PostFilter filter, PostParts parts) =>
        new
        {
            authorId = filter.AuthorId,
            userId = filter.AuthorId,
            tagNames = filter.TagNames.ToArray(),
            words = filter.Words,
            before = page.Key,
            limit = page.Fetch,
            withTags = parts.Tags,
            withAuthor = parts.Author,
        };

    /// <summary>A post, or where a search ended: the title is null then, and everything else but the id.</summary>
    internal sealed record PostRow(
        long Id,
        string? Title,
        string? Content,
        long? AuthorId,
        DateTime? CreatedAt,
        DateTime? UpdatedAt,
        string? Author,
        Array TagIds,
        long TagEpoch
    )
    {
        public Post ToPost(PostParts parts, KnownTags tags) =>
            new(Title!, Content!, Id, AuthorId!.Value, tags.Of(TagIds))
            {
                Author = Author is null ? null : new(Author, AuthorId.Value),
                CreatedAt = parts.Times ? CreatedAt : null,
                UpdatedAt = parts.Times ? UpdatedAt : null,
            };
    }
}
