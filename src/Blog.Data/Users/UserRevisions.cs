using Blog.Data.Catalogue;

namespace Blog.Data.Users;

/// <summary>How new users are, for the reads and writes of a user and of what is below.</summary>
static class UserRevisions
{
    static readonly Query getUserRevision = QueryCatalogue.Find("users/get_user_revision");

    /// <summary>One round trip. Null where no user has the id.</summary>
    public static async Task<Revision?> GetUserRevisionAsync(
        long userId,
        Session session,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(
            session,
            getUserRevision,
            new { userId },
            null,
            cancellationToken
        );
        return (await sets.ReadFirstOrNoneAsync<RevisionRow>())?.ToRevision();
    }

    /// <summary>Why a write has found no row: there is no user, one who is not the owner, or one of another version. One round trip where it may be one of the last two.</summary>
    public static async Task<Written<T>> ExplainAsync<T>(
        long userId,
        long? ownerId,
        long[]? versions,
        Session session,
        CancellationToken cancellationToken
    )
    {
        var isForeign = ownerId is { } owner && owner != userId;
        var current =
            isForeign || versions is not null ? await GetUserRevisionAsync(userId, session, cancellationToken) : null;
        return current is not { } revision ? new Written<T>.Absent()
            : isForeign ? new Written<T>.Foreign()
            : new Written<T>.Stale(revision);
    }
}
