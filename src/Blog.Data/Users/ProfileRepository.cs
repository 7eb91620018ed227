using Blog.Data.Catalogue;

namespace Blog.Data.Users;

/// <summary>The one profile that a user may have.</summary>
public sealed class ProfileRepository(BlogData data)
{
    static readonly Query getProfile = QueryCatalogue.Find("users/get_profile");
    static readonly Query putProfile = QueryCatalogue.Find("users/put_profile");
    static readonly Query deleteProfile = QueryCatalogue.Find("users/delete_profile");

    /// <summary>Whether the user exists, and the profile. One round trip.</summary>
    /// <returns>Null where no user has the id; a <see cref="FoundProfile"/> without profile where the user has none.</returns>
    public async Task<FoundProfile?> GetProfileAsync(long userId, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(session, getProfile, new { userId }, null, cancellationToken);
        return await sets.ReadFirstOrNoneAsync<RevisionRow, ProfileRow?, FoundProfile>(
            (user, profile) => new(profile?.Of(user.ToRevision())),
            splitOn: "profile_id"
        );
    }

    /// <summary>Writes the profile, and creates it where there was none. One round trip, one more where it is stale or another's.</summary>
    /// <param name="userId">Whose profile.</param>
    /// <param name="profile">What it says.</param>
    /// <param name="ownerId">Which user that must be; null for whichever.</param>
    /// <param name="versions">The versions of the user that may be overwritten; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>The profile; absent means the user.</returns>
    public async Task<Written<WrittenProfile>> PutProfileAsync(
        long userId,
        ProfilePut profile,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        var arguments = new
        {
            userId,
            bio = profile.Bio,
            ownerId,
            versions,
        };
        await using (var sets = await BlogData.QueryAsync(session, putProfile, arguments, null, cancellationToken))
        {
            var written = await sets.ReadFirstOrNoneAsync<WrittenRow, ProfileRow, WrittenProfile>(
                (user, row) => new(row.Of(new(user.Version, user.TagEpoch)), user.Created),
                splitOn: "profile_id"
            );
            if (written is not null)
            {
                return new Written<WrittenProfile>.Done(written);
            }
        }

        return await UserRevisions.ExplainAsync<WrittenProfile>(userId, ownerId, versions, session, cancellationToken);
    }

    /// <summary>Deletes the profile. One round trip, one more where it is stale.</summary>
    /// <param name="userId">Whose profile.</param>
    /// <param name="ownerId">Which user that must be; null for whichever.</param>
    /// <param name="versions">The versions of the user that may be overwritten; null for any.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <returns>Whether there was one; absent means the user.</returns>
    public async Task<Written<bool>> DeleteProfileAsync(
        long userId,
        long? ownerId,
        long[]? versions,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        DeletedRow? row;
        await using (
            var sets = await BlogData.QueryAsync(
                session,
                deleteProfile,
                new
                {
                    userId,
                    ownerId,
                    versions,
                },
                null,
                cancellationToken
            )
        )
        {
            row = await sets.ReadFirstOrNoneAsync<DeletedRow>();
        }

        return row switch
        {
            null => new Written<bool>.Absent(),
            { IsForeign: true, Existed: true } => new Written<bool>.Foreign(),
            { Existed: true, Removed: false } when versions is not null => await UserRevisions.ExplainAsync<bool>(
                userId,
                ownerId,
                versions,
                session,
                cancellationToken
            ),
            _ => new Written<bool>.Done(row.Removed),
        };
    }

    sealed record WrittenRow(long Version, long TagEpoch, bool Created);

    sealed record DeletedRow(bool IsForeign, bool Existed, bool Removed);
}

/// <summary>A user that exists, and the profile.</summary>
/// <param name="Profile">Null where the user has none.</param>
public sealed record FoundProfile(Profile? Profile);

/// <summary>A profile that was written.</summary>
/// <param name="Profile">As it is stored.</param>
/// <param name="Created">Whether the user had none before.</param>
public sealed record WrittenProfile(Profile Profile, bool Created);
