using System.Data;
using Blog.Data.Catalogue;
using Blog.Data.Idempotency;
using Blog.Data.Tags;
using Blog.Data.Users;

namespace Blog.Data.Posts;

/// <summary>Posts with their tags. A write that changes something moves the versions of the post and of its author; one that changes nothing writes nothing.</summary>
public sealed class PostRepository(BlogData data)
{
    static readonly Query getPost = QueryCatalogue.Find("posts/get_post");
    static readonly Query getPostRevision = QueryCatalogue.Find("posts/get_post_revision");
    static readonly Query createPost = QueryCatalogue.Find("posts/create_post");
    static readonly Query replacePost = QueryCatalogue.Find("posts/replace_post");
    static readonly Query patchPost = QueryCatalogue.Find("posts/patch_post");
    static readonly Query deletePost = QueryCatalogue.Find("posts/delete_post");

    /// <summary>One post with those parts that are wanted, all of one snapshot. One round trip.</summary>
    /// <returns>Null where no post has the id.</returns>
    public async Task<Post?> GetPostAsync(long postId, PostParts parts, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(
            session,
            getPost,
            new
            {
                postId,
                withTags = parts.Tags,
                withAuthor = parts.Author,
            },
            null,
            cancellationToken
        );
        if (await sets.ReadFirstOrNoneAsync<PostRow>() is not { } post)
        {
            return null;
        }

        var tags = await sets.ReadAsync<Tag>();
        return new(post.Title, post.Content, post.Id, post.AuthorId, tags)
        {
            Revision = new(post.Version, post.TagEpoch),
            Author = post.Author is { } name ? new(name, post.AuthorId) { Version = post.AuthorVersion } : null,
            CreatedAt = parts.Times ? post.CreatedAt : null,
            UpdatedAt = parts.Times ? post.UpdatedAt : null,
        };
    }

    /// <summary>How new a post is, with its tags and, where it is wanted, its author. One round trip.</summary>
    /// <returns>Null where no post has the id.</returns>
    public async Task<PostRevision?> GetPostRevisionAsync(
        long postId,
        bool withAuthor,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        return await GetPostRevisionAsync(postId, withAuthor, session, cancellationToken);
    }

    /// <summary>
    /// Creates a post of a user in one transaction. Three round trips, whatever its tags; one more with a key. One that is refused
    /// is rolled back, and the tags that it created with it.
    /// </summary>
    /// <param name="userId">Whose post it is.</param>
    /// <param name="post">What it is to be.</param>
    /// <param name="ownerId">Which user that must be; null for whichever.</param>
    /// <param name="once">The key that the write is done under; null for none.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>What was stored, with its ids; absent means the user.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was stored.</exception>
    /// <inheritdoc cref="IdempotencyKeys.ClaimAsync" path="/exception" />
    public async Task<Written<Post>> CreatePostAsync(
        long userId,
        PostCreate post,
        long? ownerId,
        Once<Post>? once,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        await IdempotencyKeys.ClaimAsync(once, transaction, cancellationToken);
        var found = await FindOrCreateTags.FindOrCreateAsync(post.TagNames, transaction, cancellationToken);
        Tag[] tags = [.. found.ByName.Values.OrderBy(tag => tag.Id)];
        var row = await CreatePostAsync(userId, post, tags, ownerId, transaction, cancellationToken);
        if (row is null)
        {
            return await UserRevisions.ExplainAsync<Post>(userId, ownerId, null, session, cancellationToken);
        }

        var created = new Post(post.Title, post.Content, row.Id, userId, tags)
        {
            Revision = new(row.Version, row.TagEpoch),
        };
        await IdempotencyKeys.CommitAsync(once, created, transaction, cancellationToken);
        return new Written<Post>.Done(created);
    }

    /// <summary>
    /// Gives a post another title and content, and other tags where some were sent: three round trips with tags, one without.
    /// </summary>
    /// <param name="postId">Which post.</param>
    /// <param name="update">What it is to be.</param>
    /// <param name="ownerId">Whose post it must be; null for whosever.</param>
    /// <param name="versions">The versions that may be overwritten; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>The post as it now is.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was written.</exception>
    public Task<Written<Post>> ReplacePostAsync(
        long postId,
        PostUpdate update,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    ) =>
        PostWrites.WriteAsync(
            data,
            replacePost,
            update.TagNames,
            tagIds => new
            {
                postId,
                title = update.Title,
                content = update.Content,
                tagIds,
                ownerId,
                versions,
            },
            async sets =>
            {
                var row = await sets.ReadFirstOrNoneAsync<ReplacedRow>();
                return await PostWrites.ReadOutcomeAsync(
                    sets,
                    row,
                    tags => new Post(update.Title, update.Content, postId, row!.AuthorId, tags.Items)
                    {
                        Revision = tags.Revision,
                    }
                );
            },
            once: null,
            cancellationToken
        );

    /// <summary>Changes what was sent and keeps the rest: three round trips with tags, one without; up to two more with a key.</summary>
    /// <param name="postId">Which post.</param>
    /// <param name="update">What it is to be.</param>
    /// <param name="ownerId">Whose post it must be; null for whosever.</param>
    /// <param name="versions">The versions that may be overwritten; null for any.</param>
    /// <param name="once">The key that the write is done under; null for none.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>The post as it now is.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was written.</exception>
    /// <inheritdoc cref="IdempotencyKeys.ClaimAsync" path="/exception" />
    public Task<Written<Post>> PatchPostAsync(
        long postId,
        PostPatch update,
        long? ownerId,
        long[]? versions,
        Once<Post>? once,
        CancellationToken cancellationToken
    ) =>
        PostWrites.WriteAsync(
            data,
            patchPost,
            update.TagNames,
            tagIds => new
            {
                postId,
                title = update.Title,
                content = update.Content,
                tagIds,
                ownerId,
                versions,
            },
            async sets =>
            {
                var row = await sets.ReadFirstOrNoneAsync<PatchedRow>();
                return await PostWrites.ReadOutcomeAsync(
                    sets,
                    row,
                    tags => new Post(row!.Title, row.Content, postId, row.AuthorId, tags.Items)
                    {
                        Revision = tags.Revision,
                    }
                );
            },
            once,
            cancellationToken
        );

    /// <summary>Deletes a post. One round trip, one more where it is stale or where its author was deleted at the same moment.</summary>
    /// <param name="postId">Which post.</param>
    /// <param name="ownerId">Whose post it must be; null for whosever.</param>
    /// <param name="versions">The versions that may be deleted; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>True where it was deleted.</returns>
    public async Task<Written<bool>> DeletePostAsync(
        long postId,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        DeletedRow? row = null;
        do
        {
            var which = new
            {
                postId,
                ownerId,
                versions,
            };
            await using var sets = row is null
                ? await BlogData.QueryAsync(session, deletePost, which, null, cancellationToken)
                : await BlogData.QueryAgainAsync(session, deletePost, which, null, cancellationToken);
            row = await sets.ReadFirstOrNoneAsync<DeletedRow>();
        } while (row is { IsForeign: false, HasAuthor: false });

        return row is { IsDeleted: true } ? new Written<bool>.Done(true)
            : row is { IsForeign: true } ? new Written<bool>.Foreign()
            : row is not null
            && versions is not null
            && await GetPostRevisionAsync(postId, withAuthor: false, session, cancellationToken) is { } current
                ? new Written<bool>.Stale(current.Post)
            : new Written<bool>.Absent();
    }

    static async Task<CreatedRow?> CreatePostAsync(
        long userId,
        PostCreate post,
        IReadOnlyList<Tag> tags,
        long? ownerId,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            createPost,
            new
            {
                userId,
                ownerId,
                title = post.Title,
                content = post.Content,
                tagIds = tags.Select(tag => tag.Id).ToArray(),
            },
            transaction,
            cancellationToken
        );
        return await sets.ReadFirstOrNoneAsync<CreatedRow>();
    }

    static async Task<PostRevision?> GetPostRevisionAsync(
        long postId,
        bool withAuthor,
        Session session,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            session,
            getPostRevision,
            new { postId, withAuthor },
            null,
            cancellationToken
        );
        return await sets.ReadFirstOrNoneAsync<PostRevisionRow>() is { } row
            ? new(new(row.Version, row.TagEpoch), row.AuthorVersion)
            : null;
    }

    sealed record PostRow(
        string Title,
        string Content,
        long Id,
        long AuthorId,
        long Version,
        long TagEpoch,
        DateTime CreatedAt,
        DateTime UpdatedAt,
        string? Author,
        long? AuthorVersion
    );

    sealed record PostRevisionRow(long Version, long TagEpoch, long? AuthorVersion);

    sealed record CreatedRow(long Id, long Version, long TagEpoch);

    sealed record ReplacedRow(long AuthorId, bool IsForeign, bool IsStale, bool HasTurn)
        : WriteTurn(IsForeign, IsStale, HasTurn);

    sealed record PatchedRow(long AuthorId, string Title, string Content, bool IsForeign, bool IsStale, bool HasTurn)
        : WriteTurn(IsForeign, IsStale, HasTurn);

    sealed record DeletedRow(bool IsForeign, bool HasAuthor, bool IsDeleted);
}

/// <summary>How new a post is, and the user who wrote it.</summary>
/// <param name="Post">With its tags.</param>
/// <param name="AuthorVersion">The author's, which moves with anything below; null where it was not asked for.</param>
public sealed record PostRevision(Revision Post, long? AuthorVersion);
