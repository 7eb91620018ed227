using Blog.Data.Catalogue;
using Blog.Data.Idempotency;
using Blog.Data.Input;

namespace Blog.Data.Posts;

/// <summary>Which tags a post has. They are part of the post: what changes them moves its version, and its author's.</summary>
public sealed class PostTagRepository(BlogData data)
{
    static readonly Query getPostTags = QueryCatalogue.Find("posts/get_post_tags");
    static readonly Query replacePostTags = QueryCatalogue.Find("posts/replace_post_tags");
    static readonly Query addPostTags = QueryCatalogue.Find("posts/add_post_tags");
    static readonly Query deletePostTag = QueryCatalogue.Find("posts/delete_post_tag");

    /// <summary>The tags of one post. One round trip.</summary>
    /// <returns>Null where no post has the id.</returns>
    public async Task<PostTags?> GetPostTagsAsync(long postId, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(session, getPostTags, new { postId }, null, cancellationToken);
        return PostTagRow.ToPostTags(await sets.ReadAsync<PostTagRow>());
    }

    /// <summary>Gives a post exactly these tags; links that stay are not touched. Three round trips, whatever the number.</summary>
    /// <param name="postId">Which post.</param>
    /// <param name="names">The tags.</param>
    /// <param name="ownerId">Whose post it must be; null for whosever.</param>
    /// <param name="versions">The versions of the post that may be overwritten; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>The tags as they now are.</returns>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was written.</exception>
    public Task<Written<PostTags>> ReplacePostTagsAsync(
        long postId,
        TagNames names,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    ) =>
        PostWrites.WriteAsync(
            data,
            replacePostTags,
            names.Names,
            tagIds => new
            {
                postId,
                tagIds,
                ownerId,
                versions,
            },
            async sets =>
            {
                var row = await sets.ReadFirstOrNoneAsync<WriteTurn>();
                return await PostWrites.ReadOutcomeAsync(sets, row, tags => tags);
            },
            once: null,
            cancellationToken
        );

    /// <summary>Adds tags to those that a post has. Three round trips, whatever the number; one more with a key.</summary>
    /// <param name="postId">Which post.</param>
    /// <param name="names">The tags.</param>
    /// <param name="ownerId">Whose post it must be; null for whosever.</param>
    /// <param name="versions">The versions of the post that may be overwritten; null for any.</param>
    /// <param name="once">The key that the write is done under; null for none.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>The tags as they now are.</returns>
    /// <exception cref="InvalidInputException">The post would have more than <see cref="Limits.TagsPerPost"/>; nothing was written.</exception>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was written.</exception>
    /// <inheritdoc cref="IdempotencyKeys.ClaimAsync" path="/exception" />
    public Task<Written<PostTags>> AddPostTagsAsync(
        long postId,
        TagNames names,
        long? ownerId,
        long[]? versions,
        Once<PostTags>? once,
        CancellationToken cancellationToken
    ) =>
        PostWrites.WriteAsync(
            data,
            addPostTags,
            names.Names,
            tagIds => new
            {
                postId,
                tagIds,
                tagLimit = Limits.TagsPerPost,
                ownerId,
                versions,
            },
            async sets =>
            {
                var row = await sets.ReadFirstOrNoneAsync<AddedRow>();
                return row is { IsForeign: false, IsStale: false, HasTurn: true, Tags: > Limits.TagsPerPost }
                    ? throw new InvalidInputException([TooMany(row.Tags)])
                    : await PostWrites.ReadOutcomeAsync(sets, row, tags => tags);
            },
            once,
            cancellationToken
        );

    /// <summary>Takes one tag away from a post. One round trip.</summary>
    /// <param name="postId">Which post.</param>
    /// <param name="tagId">Which tag; the post need not have it.</param>
    /// <param name="ownerId">Whose post it must be; null for whosever.</param>
    /// <param name="versions">The versions of the post that may be overwritten; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <returns>How new the post was before.</returns>
    public Task<Written<Revision>> DeletePostTagAsync(
        long postId,
        long tagId,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    ) =>
        PostWrites.WriteAsync<Revision>(
            data,
            deletePostTag,
            tagNames: null,
            _ => new
            {
                postId,
                tagId,
                ownerId,
                versions,
            },
            async sets =>
                await sets.ReadFirstOrNoneAsync<DeletedRow>() switch
                {
                    null => new Written<Revision>.Absent(),
                    { IsForeign: true } => new Written<Revision>.Foreign(),
                    { HasTurn: false } => null,
                    { IsStale: true } row => new Written<Revision>.Stale(new(row.Version, row.TagEpoch)),
                    var row => new Written<Revision>.Done(new(row.Version, row.TagEpoch)),
                },
            once: null,
            cancellationToken
        );

    static InputError TooMany(long tags) =>
        new(InputCodes.TooMany, $"A post has at most {Limits.TagsPerPost} tags; with these it would have {tags}.")
        {
            Pointer = "#/tag_names",
            Limit = Limits.TagsPerPost,
        };

    sealed record AddedRow(long Tags, bool IsForeign, bool IsStale, bool HasTurn)
        : WriteTurn(IsForeign, IsStale, HasTurn);

    sealed record DeletedRow(long Version, long TagEpoch, bool IsForeign, bool IsStale, bool HasTurn);
}
