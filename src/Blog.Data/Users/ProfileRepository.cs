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
        await using var connection = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(
            connection,
            getProfile,
            new { userId },
            null,
            cancellationToken
        );
        return sets.ReadFirstOrNone<RevisionRow, ProfileRow?, FoundProfile>(
            (user, profile) => new(profile is null ? null : user.Of(profile)),
            splitOn: "profile_id"
        );
    }

    /// <summary>Writes the profile, and creates it where there was none. One round trip.</summary>
    /// <returns>Null where no user has the id.</returns>
    public async Task<WrittenProfile?> PutProfileAsync(
        long userId,
        ProfilePut profile,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(
            connection,
            putProfile,
            new { userId, bio = profile.Bio },
            null,
            cancellationToken
        );
        return sets.ReadFirstOrNone<WrittenRow, ProfileRow, WrittenProfile>(
            (user, row) => new(new RevisionRow(user.Version, user.TagEpoch).Of(row), user.Created),
            splitOn: "profile_id"
        );
    }

    /// <summary>Deletes the profile. One round trip.</summary>
    /// <returns>Whether there was one; null where no user has the id.</returns>
    public async Task<bool?> DeleteProfileAsync(long userId, CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(
            connection,
            deleteProfile,
            new { userId },
            null,
            cancellationToken
        );
        return await sets.ReadFirstOrNoneAsync<bool?>();
    }

    sealed record RevisionRow(long Version, long TagEpoch)
    {
        public Profile Of(ProfileRow row) => row.ToProfile() with { Revision = new(Version, TagEpoch) };
    }

    sealed record WrittenRow(long Version, long TagEpoch, bool Created);
}

/// <summary>A user that exists, and the profile.</summary>
/// <param name="Profile">Null where the user has none.</param>
public sealed record FoundProfile(Profile? Profile);

/// <summary>A profile that was written.</summary>
/// <param name="Profile">As it is stored.</param>
/// <param name="Created">Whether the user had none before.</param>
public sealed record WrittenProfile(Profile Profile, bool Created);
