using Blog.Data.Catalogue;
using Blog.Data.Lists;
using Blog.Data.Posts;
using Blog.Data.Tags;

namespace Blog.Data.Users;

/// <summary>Pages of users, each with what is below.</summary>
public sealed class UserListRepository(BlogData data)
{
    /// <summary>Every way to list users, by id.</summary>
    public static IReadOnlyList<AccessPath> Paths { get; } =
    [
        new(1, "none", QueryCatalogue.Find("users/list_users"), QueryCatalogue.Find("users/count_users")),
        new(
            2,
            "name",
            QueryCatalogue.Find("users/list_users_by_name"),
            QueryCatalogue.Find("users/count_users_by_name")
        ),
        new(
            3,
            "name_prefix",
            QueryCatalogue.Find("users/list_users_by_name_prefix"),
            QueryCatalogue.Find("users/count_users_by_name_prefix")
        ),
    ];

    /// <summary>A page of users, by id, each with profile and its newest posts in id order. One snapshot, one round trip, one more where it meets tags whose names are not known.</summary>
    public async Task<KeysetPage<User>> ListUsersAsync(
        PageRead<long> page,
        UserFilter filter,
        UserParts parts,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        return (
            await data.TagMemory.ReadAsync(
                session,
                transaction: null,
                within => ReadPageAsync(page, filter, parts, session, within, cancellationToken),
                cancellationToken
            )
        )!;
    }

    static async Task<Unnamed<KeysetPage<User>>?> ReadPageAsync(
        PageRead<long> page,
        UserFilter filter,
        UserParts parts,
        Session session,
        Transaction? transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            session,
            page.Path.RoundTrip(page.Count),
            new
            {
                name = filter.Name,
                prefix = filter.NamePrefix,
                after = page.Key,
                limit = page.Fetch,
                postLimit = parts.PostLimit,
                withTags = parts.Tags,
                withPostCount = parts.PostCount,
            },
            transaction,
            cancellationToken
        );
        var rows = await sets.ReadAsync<ListedUserRow, ProfileRow?, ListedPostRow?, ListedRow>(
            (user, profile, post) => new(user, profile, post),
            splitOn: "profile_id,post_id"
        );
        var total = await Total.ReadAsync(sets, page.Count);
        var posts = rows.Select(row => row.Post).OfType<ListedPostRow>();
        return new(
            posts.FirstOrDefault()?.TagEpoch ?? 0,
            posts.Select(post => post.TagIds),
            tags =>
                KeysetPage<User>.Of(
                    [.. rows.GroupBy(row => row.User.Id).Select(user => ListedUser([.. user], parts, tags))],
                    page.Limit,
                    total
                )
        );
    }

    /// <summary>One user from its rows, a row a post or one where there is none.</summary>
    static User ListedUser(IReadOnlyList<ListedRow> rows, UserParts parts, KnownTags tags)
    {
        var user = rows[0].User;
        var posts = rows.Select(row => row.Post)
            .OfType<ListedPostRow>()
            .Select(post => new Post(post.Title, post.Content, post.PostId, user.Id, tags.Of(post.TagIds)))
            .ToArray();
        return new(user.Name, user.Id, rows[0].Profile?.ToProfile(), posts, default, user.PostCount ?? posts.Length)
        {
            CreatedAt = parts.Times ? user.CreatedAt : null,
            UpdatedAt = parts.Times ? user.UpdatedAt : null,
            PostCount = user.PostCount,
        };
    }

    sealed record ListedUserRow(long Id, string Name, DateTime CreatedAt, DateTime UpdatedAt, long? PostCount);

    sealed record ListedPostRow(long PostId, string Title, string Content, Array TagIds, long TagEpoch);

    sealed record ListedRow(ListedUserRow User, ProfileRow? Profile, ListedPostRow? Post);
}
