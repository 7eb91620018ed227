using Blog.Api.Access;
using Blog.Api.Contract;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Users;

/// <summary>The one profile that a user may have. Its entity tag is the user's.</summary>
static class ProfileRoutes
{
    public static void MapProfiles(this IEndpointRouteBuilder routes)
    {
        var profile = routes
            .MapGroup("/users/{id}/profile")
            .WithTags("profiles")
            .WithAbsentRow(KnownProblems.UserNotFound);
        profile
            .MapGet("", GetProfile)
            .WithName(nameof(GetProfile))
            .RequireScope(Scopes.Read)
            .WithProblems(KnownProblems.ProfileNotFound)
            .WithSqlBudget(statements: 1, trips: 1, "users/get_profile")
            .WithReceipt();
        profile
            .MapPut("", PutProfile)
            .WithName(nameof(PutProfile))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 1, trips: 1, "users/put_profile", "users/get_user_revision")
            .OwnedByPath();
        profile
            .MapDelete("", DeleteProfile)
            .WithName(nameof(DeleteProfile))
            .RequireScope(Scopes.Write)
            .WithProblems(KnownProblems.ProfileNotFound)
            .WithSqlBudget(statements: 1, trips: 1, "users/delete_profile", "users/get_user_revision");
    }

    static async Task<Results<Representation<Profile>, NotModified, Problem>> GetProfile(
        long id,
        Conditions conditions,
        ProfileRepository profiles,
        CancellationToken ct
    ) =>
        await profiles.GetProfileAsync(id, ct) switch
        {
            null => KnownProblems.UserNotFound,
            { Profile: null } => KnownProblems.ProfileNotFound,
            { Profile: { } profile } when conditions.Holds(TagOf(id, profile)) => new NotModified(TagOf(id, profile)),
            { Profile: { } profile } => new Representation<Profile>(profile, TagOf(id, profile)),
        };

    static async Task<Results<Representation<Profile>, Creation<Profile>, Minimal, Problem>> PutProfile(
        long id,
        Body<ProfilePut> body,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        ProfileRepository profiles,
        LinkGenerator links,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await profiles.PutProfileAsync(id, body.Value, caller.OwnerId, conditions.VersionsOf('u', id), ct) switch
        {
            Written<WrittenProfile>.Foreign => KnownProblems.NotOwner,
            Written<WrittenProfile>.Stale stale => EntityTags.Stale(EntityTags.OfUser(id, stale.Current)),
            Written<WrittenProfile>.Done { Value: { Created: true, Profile: var profile } } => new Creation<Profile>(
                profile,
                TagOf(id, profile),
                links.GetPathByName(nameof(GetProfile), new { id })!
            ),
            Written<WrittenProfile>.Done { Value.Profile: var profile } when preferences.WantsNoBody(response) =>
                new Minimal(TagOf(id, profile)),
            Written<WrittenProfile>.Done { Value.Profile: var profile } => new Representation<Profile>(
                profile,
                TagOf(id, profile)
            ),
            _ => KnownProblems.UserNotFound,
        };

    static async Task<Results<Representation<Message>, Minimal, Problem>> DeleteProfile(
        long id,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        ProfileRepository profiles,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await profiles.DeleteProfileAsync(id, caller.OwnerId, conditions.VersionsOf('u', id), ct) switch
        {
            Written<bool>.Stale stale => EntityTags.Stale(EntityTags.OfUser(id, stale.Current)),
            Written<bool>.Foreign => KnownProblems.NotOwner,
            Written<bool>.Absent => KnownProblems.UserNotFound,
            Written<bool>.Done { Value: false } => KnownProblems.ProfileNotFound,
            _ when preferences.WantsNoBody(response) => new Minimal(),
            _ => new Representation<Message>(Message.Deleted),
        };

    static string TagOf(long userId, Profile profile) => EntityTags.OfUser(userId, profile.Revision!.Value);
}
