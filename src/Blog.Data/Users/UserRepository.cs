using System.Data;
using System.Data.Common;
using Blog.Data.Catalogue;
using Blog.Data.Idempotency;
using Blog.Data.Posts;
using Blog.Data.Tags;

namespace Blog.Data.Users;

/// <summary>Users and what is below them: reads and writes of whole graphs.</summary>
public sealed class UserRepository(BlogData data)
{
    static readonly Query getUser = QueryCatalogue.Find("users/get_user");
    static readonly Query getUserInsideTransaction = getUser.InsideTransaction();
    static readonly Query reserveIds = QueryCatalogue.Find("users/reserve_ids");
    static readonly Query createUsers = QueryCatalogue.Find("users/create_users");
    static readonly Query replaceUser = QueryCatalogue.Find("users/replace_user");
    static readonly Query patchUser = QueryCatalogue.Find("users/patch_user");
    static readonly Query deleteUser = QueryCatalogue.Find("users/delete_user");
    static readonly Query deleteUserKeepPosts = QueryCatalogue.Find("users/delete_user_keep_posts");

    readonly SharedCreations creations = new(data);

    /// <summary>One user with profile, posts and tags, all of one snapshot. One round trip, one more where it meets tags whose names are not known.</summary>
    /// <param name="userId">Which user.</param>
    /// <param name="postLimit">How many posts are read, the first ones by id.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>Null where no user has the id.</returns>
    public Task<User?> GetUserAsync(long userId, int postLimit, CancellationToken cancellationToken) =>
        GetUserAsync(userId, new UserParts(postLimit), cancellationToken);

    /// <summary>The same, with only those parts read that are wanted.</summary>
    public async Task<User?> GetUserAsync(long userId, UserParts parts, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        return await GetUserAsync(userId, parts, session, null, cancellationToken);
    }

    /// <summary>
    /// Creates a user with everything below, whole or not at all. One round trip, whatever its size, which those have together who come at the same time; one
    /// more where what they are together was refused. With a key it is a transaction of its own, of three.
    /// </summary>
    /// <param name="user">What is to be stored.</param>
    /// <param name="once">The key that the write is done under; null for none.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>What was stored, with its ids.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was stored.</exception>
    /// <inheritdoc cref="IdempotencyKeys.ClaimAsync" path="/exception" />
    public async Task<User> CreateUserAsync(UserCreate user, Once<User>? once, CancellationToken cancellationToken)
    {
        if (once is null)
        {
            return await creations.CreateAsync(user, cancellationToken);
        }

        await using var session = await data.OpenAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        await IdempotencyKeys.ClaimAsync(once, transaction, cancellationToken);
        var (created, _) = await UserCreation.CreateAsync([user], session, transaction, cancellationToken);
        await IdempotencyKeys.CommitAsync(once, created[0], transaction, cancellationToken);
        return created[0];
    }

    /// <summary>How new a user is, with everything below. One round trip.</summary>
    /// <returns>Null where no user has the id.</returns>
    public async Task<Revision?> GetUserRevisionAsync(long userId, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        return await UserRevisions.GetUserRevisionAsync(userId, session, cancellationToken);
    }

    /// <summary>Gives a user another name. One round trip, one more where the user is read, or is stale or another's.</summary>
    /// <param name="userId">Which user.</param>
    /// <param name="update">The new name.</param>
    /// <param name="ownerId">Which user that must be; null for whichever.</param>
    /// <param name="versions">The versions that may be overwritten; null for any.</param>
    /// <param name="postLimit">How many posts are read of the user as it then is; null where the user is not read.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>The user's new revision, and the user where it is read.</returns>
    public Task<Written<WrittenUser>> ReplaceUserAsync(
        long userId,
        UserUpdate update,
        long? ownerId,
        long[]? versions,
        int? postLimit,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            replaceUser,
            userId,
            ownerId,
            versions,
            new
            {
                userId,
                name = update.Name,
                ownerId,
                versions,
            },
            postLimit,
            once: null,
            cancellationToken
        );

    /// <summary>
    /// Changes what was sent and keeps the rest. One round trip, one more where the user is read, or is stale or another's; two more with a key,
    /// under which the user is read before the end of the transaction.
    /// </summary>
    /// <param name="userId">Which user.</param>
    /// <param name="patch">What is to change.</param>
    /// <param name="ownerId">Which user that must be; null for whichever.</param>
    /// <param name="versions">The versions that may be overwritten; null for any.</param>
    /// <param name="postLimit">How many posts are read of the user as it then is; null where the user is not read.</param>
    /// <param name="once">The key that the write is done under; null for none.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>The user's new revision, and the user where it is read.</returns>
    /// <inheritdoc cref="IdempotencyKeys.ClaimAsync" path="/exception" />
    public Task<Written<WrittenUser>> PatchUserAsync(
        long userId,
        UserPatch patch,
        long? ownerId,
        long[]? versions,
        int? postLimit,
        Once<WrittenUser>? once,
        CancellationToken cancellationToken
    ) =>
        WriteAsync(
            patchUser,
            userId,
            ownerId,
            versions,
            new
            {
                userId,
                name = patch.Name,
                changesBio = patch.ChangesBio,
                bio = patch.Bio,
                ownerId,
                versions,
            },
            postLimit,
            once,
            cancellationToken
        );

    /// <summary>Deletes a user and everything below. One round trip, one more where it is stale or another's.</summary>
    /// <param name="userId">Which user.</param>
    /// <param name="ownerId">Which user that must be; null for whichever.</param>
    /// <param name="versions">The versions that may be deleted; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>True where it was deleted.</returns>
    public async Task<Written<bool>> DeleteUserAsync(
        long userId,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        var affected = await BlogData.ExecuteAsync(
            session,
            deleteUser,
            new
            {
                userId,
                ownerId,
                versions,
            },
            null,
            cancellationToken
        );
        return affected == 1
            ? new Written<bool>.Done(true)
            : await UserRevisions.ExplainAsync<bool>(userId, ownerId, versions, session, cancellationToken);
    }

    /// <summary>Gives the posts of a user to another one and deletes the user. One round trip, however many posts there are; one more where the user is another's.</summary>
    /// <param name="userId">Which user.</param>
    /// <param name="heirId">The user, not this one, who is the author of the posts from then on.</param>
    /// <param name="ownerId">Which user both must be, and so neither can; null for whichever.</param>
    /// <param name="versions">The versions that may be deleted; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>True where it was deleted; false where <paramref name="heirId"/> is no user, and nothing was written.</returns>
    public async Task<Written<bool>> DeleteUserKeepPostsAsync(
        long userId,
        long heirId,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        LockedUserRow? user;
        long tagEpoch;
        bool isDeleted;
        await using (
            var sets = await BlogData.QueryAsync(
                session,
                deleteUserKeepPosts,
                new
                {
                    userId,
                    heirId,
                    ownerId,
                    versions,
                },
                null,
                cancellationToken
            )
        )
        {
            tagEpoch = (await sets.ReadAsync<long>()).Single();
            user = (await sets.ReadAsync<LockedUserRow>()).SingleOrDefault(row => row.Id == userId);
            isDeleted = await sets.ReadFirstOrNoneAsync<long?>() is not null;
        }

        return user is null ? await UserRevisions.ExplainAsync<bool>(userId, ownerId, null, session, cancellationToken)
            // The heir is another user, and so another's.
            : ownerId is not null ? new Written<bool>.Foreign()
            : versions?.Contains(user.Version) is false ? new Written<bool>.Stale(new(user.Version, tagEpoch))
            : new Written<bool>.Done(isDeleted);
    }

    /// <summary>Creates users inside the caller's transaction, in which their tags were found. Two round trips, however many there are.</summary>
    /// <returns>The identities of the users, in their order.</returns>
    internal static async Task<IReadOnlyList<long>> CreateUsersAsync(
        IReadOnlyList<UserCreate> users,
        FoundTags tags,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        var posts = users.SelectMany((user, at) => user.Posts.Select(post => (User: at, Post: post))).ToArray();
        var (userIds, postIds) = await ReserveIdsAsync(users.Count, posts.Length, transaction, cancellationToken);
        var links = posts
            .SelectMany((of, at) => of.Post.TagNames.Select(name => (PostId: postIds[at], TagId: tags.ByName[name].Id)))
            .ToArray();
        await BlogData.ExecuteAsync(
            transaction.Session,
            createUsers,
            new
            {
                userIds,
                names = users.Select(user => user.Name).ToArray(),
                bios = users.Select(user => user.Bio).ToArray(),
                postIds,
                authorIds = posts.Select(of => userIds[of.User]).ToArray(),
                titles = posts.Select(of => of.Post.Title).ToArray(),
                contents = posts.Select(of => of.Post.Content).ToArray(),
                linkPosts = links.Select(link => link.PostId).ToArray(),
                linkTags = links.Select(link => link.TagId).ToArray(),
            },
            transaction,
            cancellationToken
        );
        return userIds;
    }

    /// <summary>One user from the rows of the read.</summary>
    internal static Unnamed<User> Unnamed(UserRow user, IReadOnlyList<PostRow> posts, UserParts parts)
    {
        var tagEpoch = posts is [var first, ..] ? first.TagEpoch : user.TagEpoch;
        return new(
            tagEpoch,
            posts.Select(post => post.TagIds),
            tags =>
                new(
                    user.Name,
                    user.Id,
                    user.ProfileId is { } profileId ? new Profile(user.Bio!, profileId) : null,
                    [
                        .. posts.Select(post => new Post(
                            post.Title,
                            post.Content,
                            post.Id,
                            user.Id,
                            tags.Of(post.TagIds)
                        )),
                    ],
                    new(user.Version, tagEpoch),
                    user.PostCount
                )
                {
                    CreatedAt = parts.Times ? user.CreatedAt : null,
                    UpdatedAt = parts.Times ? user.UpdatedAt : null,
                    PostCount = parts.PostCount ? user.PostCount : null,
                }
        );
    }

    static async Task<(long[] Users, long[] Posts)> ReserveIdsAsync(
        int users,
        int posts,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            reserveIds,
            new { users, posts },
            transaction,
            cancellationToken
        );
        var ids = (await sets.ReadAsync<ReservedRow>()).ToLookup(row => row.Kind, row => row.Id);
        return ([.. ids[1]], [.. ids[2]]);
    }

    async Task<Written<WrittenUser>> WriteAsync(
        Query query,
        long userId,
        long? ownerId,
        long[]? versions,
        object arguments,
        int? postLimit,
        Once<WrittenUser>? once,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var transaction = once is null
            ? null
            : await session.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
        if (transaction is not null)
        {
            await IdempotencyKeys.ClaimAsync(once, transaction, cancellationToken);
        }

        var written = await WriteAsync(
            query,
            userId,
            ownerId,
            versions,
            arguments,
            postLimit,
            session,
            transaction,
            cancellationToken
        );
        if (transaction is not null && written is Written<WrittenUser>.Done { Value: var user })
        {
            await IdempotencyKeys.CommitAsync(once, user, transaction, cancellationToken);
        }

        return written;
    }

    async Task<Written<WrittenUser>> WriteAsync(
        Query query,
        long userId,
        long? ownerId,
        long[]? versions,
        object arguments,
        int? postLimit,
        Session session,
        Transaction? transaction,
        CancellationToken cancellationToken
    )
    {
        RevisionRow? row;
        await using (var sets = await BlogData.QueryAsync(session, query, arguments, transaction, cancellationToken))
        {
            row = await sets.ReadFirstOrNoneAsync<RevisionRow>();
        }

        return row is null
                ? await UserRevisions.ExplainAsync<WrittenUser>(userId, ownerId, versions, session, cancellationToken)
            : postLimit is not { } limit ? new Written<WrittenUser>.Done(new(row.ToRevision(), User: null))
            : await ReadBackAsync(userId, limit, session, transaction, cancellationToken) is { } user
                ? new Written<WrittenUser>.Done(new(user.Revision, user))
            : new Written<WrittenUser>.Absent();
    }

    /// <summary>One round trip: the user behind a write, which without a transaction is stored already.</summary>
    /// <exception cref="OutcomeUnknownException">It is stored, and could not be read: to be told that it failed would be wrong, and to do it again as well.</exception>
    async Task<User?> ReadBackAsync(
        long userId,
        int postLimit,
        Session session,
        Transaction? transaction,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await GetUserAsync(userId, new(postLimit), session, transaction, cancellationToken);
        }
        catch (Exception failure) when (transaction is null && failure is DbException or OperationCanceledException)
        {
            throw new OutcomeUnknownException(failure);
        }
    }

    /// <summary>
    /// In a transaction of the caller the user must be locked: then nothing of the graph changes between the statements but the names of
    /// tags, which are all of one epoch.
    /// </summary>
    Task<User?> GetUserAsync(
        long userId,
        UserParts parts,
        Session session,
        Transaction? transaction,
        CancellationToken cancellationToken
    ) =>
        data.TagMemory.ReadAsync(
            session,
            transaction,
            within => ReadUserAsync(userId, parts, session, within, cancellationToken),
            cancellationToken
        );

    static async Task<Unnamed<User>?> ReadUserAsync(
        long userId,
        UserParts parts,
        Session session,
        Transaction? transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            session,
            transaction is null ? getUser : getUserInsideTransaction,
            new
            {
                userId,
                postLimit = parts.PostLimit,
                withTags = parts.Tags,
            },
            transaction,
            cancellationToken
        );
        return await sets.ReadFirstOrNoneAsync<UserRow>() is { } user
            ? Unnamed(user, await sets.ReadAsync<PostRow>(), parts)
            : null;
    }

    internal sealed record UserRow(
        long Id,
        string Name,
        long Version,
        long TagEpoch,
        DateTime CreatedAt,
        DateTime UpdatedAt,
        long PostCount,
        long? ProfileId,
        string? Bio
    );

    internal sealed record PostRow(long Id, string Title, string Content, Array TagIds, long TagEpoch);

    sealed record ReservedRow(int Kind, long Id);

    sealed record LockedUserRow(long Id, long Version);
}

/// <summary>A user after a write.</summary>
/// <param name="Revision">The user's new one.</param>
/// <param name="User">As the user then was; null where it was not to be read.</param>
public sealed record WrittenUser(Revision Revision, User? User);
