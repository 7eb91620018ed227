using System.Data;
using Blog.Data.Catalogue;
using Blog.Data.Tags;
using Npgsql;

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

    /// <summary>One post with its tags, both of one snapshot. One round trip.</summary>
    /// <returns>Null where no post has the id.</returns>
    public async Task<Post?> GetPostAsync(long postId, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(connection, getPost, new { postId }, null, cancellationToken);
        if (await sets.ReadFirstOrNoneAsync<PostRow>() is not { } post)
        {
            return null;
        }

        var tags = await sets.ReadAsync<Tag>();
        return new(post.Title, post.Content, post.Id, post.AuthorId, tags)
        {
            Revision = new(post.Version, post.TagEpoch),
        };
    }

    /// <summary>How new a post is, with its tags. One round trip.</summary>
    /// <returns>Null where no post has the id.</returns>
    public async Task<Revision?> GetPostRevisionAsync(long postId, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        return await GetPostRevisionAsync(postId, connection, cancellationToken);
    }

    /// <summary>Creates a post of a user in one transaction. Three round trips, whatever its tags.</summary>
    /// <returns>What was stored, with its ids; null where no user has the id.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was stored.</exception>
    public async Task<Post?> CreatePostAsync(long userId, PostCreate post, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        var found = await FindOrCreateTags.FindOrCreateAsync(post.TagNames, transaction, cancellationToken);
        Tag[] tags = [.. found.ByName.Values.OrderBy(tag => tag.Id)];
        var row = await CreatePostAsync(userId, post, tags, transaction, cancellationToken);
        if (row is null)
        {
            return null;
        }

        await BlogData.CommitAsync(transaction, cancellationToken);
        return new(post.Title, post.Content, row.Id, userId, tags) { Revision = new(row.Version, row.TagEpoch) };
    }

    /// <summary>
    /// Gives a post another title and content, and other tags where some were sent: three round trips with tags, one without.
    /// </summary>
    /// <param name="postId">Which post.</param>
    /// <param name="update">What it is to be.</param>
    /// <param name="versions">The versions that may be overwritten; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>The post as it now is.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was written.</exception>
    public Task<Written<Post>> ReplacePostAsync(
        long postId,
        PostUpdate update,
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
                versions,
            },
            async sets =>
            {
                var row = await sets.ReadFirstOrNoneAsync<ReplacedRow>();
                return await PostWrites.ReadOutcomeAsync(
                    sets,
                    row?.IsStale,
                    tags => new Post(update.Title, update.Content, postId, row!.AuthorId, tags.Items)
                    {
                        Revision = tags.Revision,
                    }
                );
            },
            cancellationToken
        );

    /// <summary>Changes what was sent and keeps the rest: three round trips with tags, one without.</summary>
    /// <inheritdoc cref="ReplacePostAsync" />
    public Task<Written<Post>> PatchPostAsync(
        long postId,
        PostPatch update,
        long[]? versions,
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
                versions,
            },
            async sets =>
            {
                var row = await sets.ReadFirstOrNoneAsync<PatchedRow>();
                return await PostWrites.ReadOutcomeAsync(
                    sets,
                    row?.IsStale,
                    tags => new Post(row!.Title, row.Content, postId, row.AuthorId, tags.Items)
                    {
                        Revision = tags.Revision,
                    }
                );
            },
            cancellationToken
        );

    /// <summary>Deletes a post. One round trip, one more where it is stale.</summary>
    /// <param name="postId">Which post.</param>
    /// <param name="versions">The versions that may be deleted; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>True where it was deleted.</returns>
    public async Task<Written<bool>> DeletePostAsync(long postId, long[]? versions, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        await using (
            var sets = await BlogData.QueryAsync(
                connection,
                deletePost,
                new { postId, versions },
                null,
                cancellationToken
            )
        )
        {
            if (await sets.ReadFirstOrNoneAsync<long?>() is not null)
            {
                return new Written<bool>.Done(true);
            }
        }

        return versions is not null && await GetPostRevisionAsync(postId, connection, cancellationToken) is { } current
            ? new Written<bool>.Stale(current)
            : new Written<bool>.Absent();
    }

    static async Task<CreatedRow?> CreatePostAsync(
        long userId,
        PostCreate post,
        IReadOnlyList<Tag> tags,
        NpgsqlTransaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Connection!,
            createPost,
            new
            {
                userId,
                title = post.Title,
                content = post.Content,
                tagIds = tags.Select(tag => tag.Id).ToArray(),
            },
            transaction,
            cancellationToken
        );
        return await sets.ReadFirstOrNoneAsync<CreatedRow>();
    }

    static async Task<Revision?> GetPostRevisionAsync(
        long postId,
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            connection,
            getPostRevision,
            new { postId },
            null,
            cancellationToken
        );
        return (await sets.ReadFirstOrNoneAsync<RevisionRow>())?.ToRevision();
    }

    sealed record PostRow(string Title, string Content, long Id, long AuthorId, long Version, long TagEpoch);

    sealed record CreatedRow(long Id, long Version, long TagEpoch);

    sealed record ReplacedRow(long AuthorId, bool IsStale);

    sealed record PatchedRow(long AuthorId, string Title, string Content, bool IsStale);
}
