using System.Data;
using Blog.Data.Catalogue;
using Blog.Data.Idempotency;

namespace Blog.Data.Tags;

/// <summary>
/// Tags by themselves. Renames, merges and deletes go one after the other: each takes the row of the epoch first, and moves it
/// where it changes anything.
/// </summary>
public sealed class TagRepository(BlogData data)
{
    static readonly Query getTag = QueryCatalogue.Find("tags/get_tag");
    static readonly Query claimTagName = QueryCatalogue.Find("tags/claim_tag_name");
    static readonly Query renameTag = QueryCatalogue.Find("tags/rename_tag");
    static readonly Query deleteTag = QueryCatalogue.Find("tags/delete_tag");

    /// <summary>One tag with those parts that are wanted. One round trip.</summary>
    /// <returns>Null where no tag has the id.</returns>
    public async Task<Tag?> GetTagAsync(long tagId, TagParts parts, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(
            session,
            getTag,
            new { tagId, withPostCount = parts.PostCount },
            null,
            cancellationToken
        );
        return (await sets.ReadFirstOrNoneAsync<FoundTagRow>())?.ToTag(parts);
    }

    /// <summary>The tag of a name, created where there was none. Two round trips; one more with a key.</summary>
    /// <param name="tag">The name.</param>
    /// <param name="once">The key that the write is done under; null for none.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <exception cref="WriteConflictException">The tag was renamed or deleted at the same moment; nothing was stored.</exception>
    /// <inheritdoc cref="IdempotencyKeys.ClaimAsync" path="/exception" />
    public async Task<CreatedTag> CreateTagAsync(
        TagWrite tag,
        Once<CreatedTag>? once,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        await IdempotencyKeys.ClaimAsync(once, transaction, cancellationToken);
        var found = await FindOrCreateTags.FindOrCreateAsync([tag.Name], transaction, cancellationToken);
        var created = new CreatedTag(found.ByName[tag.Name], found.CreatedIds.Count == 1);
        await IdempotencyKeys.CommitAsync(once, created, transaction, cancellationToken);
        return created;
    }

    /// <summary>Gives a tag another name; its own name changes nothing. Three round trips, one where nothing is changed.</summary>
    /// <param name="tagId">Which tag.</param>
    /// <param name="tag">The new name.</param>
    /// <param name="versions">The versions that may be overwritten; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>The tag as it now is.</returns>
    /// <exception cref="TagNameTakenException">Another tag has the name; nothing was written.</exception>
    public async Task<Written<Tag>> RenameTagAsync(
        long tagId,
        TagWrite tag,
        long[]? versions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        var claim = await ClaimAsync(tagId, tag.Name, transaction, cancellationToken);
        if (claim.Tag is not { } current)
        {
            return new Written<Tag>.Absent();
        }

        if (versions is not null && !versions.Contains(current.Version))
        {
            // The epoch was moved by the claim, which is given up.
            return new Written<Tag>.Stale(new(current.Version, claim.Epoch - 1));
        }

        if (current.Name == tag.Name)
        {
            return new Written<Tag>.Done(current.ToTag());
        }

        if (!claim.IsMade)
        {
            throw new TagNameTakenException(claim.TakenBy);
        }

        var renamed = await RenameAsync(
            new
            {
                tagId,
                name = tag.Name,
                versions,
            },
            transaction,
            cancellationToken
        );
        await BlogData.CommitAsync(transaction, cancellationToken);
        return new Written<Tag>.Done(renamed.ToTag());
    }

    /// <summary>Deletes a tag; its posts lose it, or carry another tag instead. One round trip, however many posts there are.</summary>
    /// <param name="tagId">Which tag.</param>
    /// <param name="intoId">The tag, not this one, that its posts carry from then on; null for none.</param>
    /// <param name="versions">The versions that may be deleted; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>True where it was deleted; false where <paramref name="intoId"/> is no tag, and nothing was written.</returns>
    public async Task<Written<bool>> DeleteTagAsync(
        long tagId,
        long? intoId,
        long[]? versions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(
            session,
            deleteTag,
            new
            {
                tagId,
                intoId,
                versions,
            },
            null,
            cancellationToken
        );
        var epoch = (await sets.ReadAsync<long>()).Single();
        var tag = (await sets.ReadAsync<LockedTagRow>()).SingleOrDefault(row => row.Id == tagId);
        await sets.ReadAsync<long>();
        var isDeleted = (await sets.ReadAsync<bool>()).Single();
        return tag is null ? new Written<bool>.Absent()
            : versions?.Contains(tag.Version) is false ? new Written<bool>.Stale(new(tag.Version, epoch))
            : new Written<bool>.Done(isDeleted);
    }

    static async Task<Claim> ClaimAsync(
        long tagId,
        string name,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            claimTagName,
            new { tagId, name },
            transaction,
            cancellationToken
        );
        var epoch = (await sets.ReadAsync<long>()).Single();
        var isMade = await sets.ReadFirstOrNoneAsync<long?>() is not null;
        var rows = await sets.ReadAsync<TagRow>();
        return new(
            epoch,
            isMade,
            rows.SingleOrDefault(row => row.Id == tagId),
            rows.FirstOrDefault(row => row.Id != tagId)?.Id ?? 0
        );
    }

    static async Task<TagRow> RenameAsync(
        object arguments,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            renameTag,
            arguments,
            transaction,
            cancellationToken
        );
        return await sets.ReadFirstOrNoneAsync<TagRow>()
            ?? throw new WriteConflictException("The tag was written by somebody who did not take the epoch.");
    }

    /// <param name="Epoch">As the claim has moved it.</param>
    /// <param name="IsMade">False where another tag has the name, or the tag itself, or there is no tag.</param>
    /// <param name="Tag">The tag that is renamed; null where there is none.</param>
    /// <param name="TakenBy">Who has the name, be it the claim.</param>
    sealed record Claim(long Epoch, bool IsMade, TagRow? Tag, long TakenBy);

    sealed record LockedTagRow(long Id, long Version);

    sealed record FoundTagRow(
        string Name,
        long Id,
        long Version,
        DateTime CreatedAt,
        DateTime UpdatedAt,
        long? PostCount
    )
    {
        public Tag ToTag(TagParts parts) =>
            new(Name, Id)
            {
                Version = Version,
                CreatedAt = parts.Times ? CreatedAt : null,
                UpdatedAt = parts.Times ? UpdatedAt : null,
                PostCount = PostCount,
            };
    }
}

/// <summary>A tag that is there now.</summary>
/// <param name="Tag">As it is stored.</param>
/// <param name="Created">Whether it was not there before.</param>
public sealed record CreatedTag(Tag Tag, bool Created);

/// <summary>A tag cannot have the name of another one.</summary>
/// <param name="existingId">The tag that has the name.</param>
public sealed class TagNameTakenException(long existingId) : Exception("Another tag has the name.")
{
    /// <summary>The tag that has the name.</summary>
    public long ExistingId => existingId;
}
