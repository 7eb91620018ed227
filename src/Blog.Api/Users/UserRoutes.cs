using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Users;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Blog.Api.Users;

/// <summary>Users with everything below them.</summary>
static class UserRoutes
{
    const string ReassignPostsTo = "reassign_posts_to";

    public static void MapUsers(this IEndpointRouteBuilder routes)
    {
        var users = routes.MapGroup("/users").WithTags("users").WithAbsentRow(KnownProblems.UserNotFound);
        users.MapPost("", CreateUser).WithName(nameof(CreateUser)).WithSqlBudget(statements: 6, trips: 3);
        users.MapGet("{id}", GetUser).WithName(nameof(GetUser)).WithSqlBudget(statements: 4, trips: 1);
        users
            .MapPut("{id}", ReplaceUser)
            .WithName(nameof(ReplaceUser))
            .WithSqlBudget(statements: 5, trips: 2)
            .WithIfMatch();
        users
            .MapPatch("{id}", PatchUser)
            .WithName(nameof(PatchUser))
            .WithSqlBudget(statements: 5, trips: 2)
            .WithIfMatch();
        users
            .MapDelete("{id}", DeleteUser)
            .WithName(nameof(DeleteUser))
            .WithReference(ReassignPostsTo)
            .WithSqlBudget(statements: 4, trips: 1)
            .WithIfMatch();
    }

    static async Task<Creation<User>> CreateUser(
        Body<UserCreate> body,
        UserRepository users,
        LinkGenerator links,
        CancellationToken ct
    )
    {
        var user = await users.CreateUserAsync(body.Value, ct);
        return new(
            user,
            EntityTags.OfUser(user.Id, user.Revision),
            links.GetPathByName(nameof(GetUser), new { id = user.Id })!
        );
    }

    static async Task<Results<UserGraph, NotModified, Problem>> GetUser(
        long id,
        Conditions conditions,
        UserRepository users,
        IOptions<GraphLimits> limits,
        CancellationToken ct
    ) =>
        conditions.AsksForChange
        && await users.GetUserRevisionAsync(id, ct) is { } revision
        && EntityTags.OfUser(id, revision) is var etag
        && conditions.Holds(etag)
            ? new NotModified(etag)
        : await users.GetUserAsync(id, limits.Value.GraphPosts, ct) is { } user ? new UserGraph(user)
        : KnownProblems.UserNotFound;

    static async Task<Results<UserGraph, Minimal, Problem>> ReplaceUser(
        long id,
        Body<UserUpdate> body,
        Conditions conditions,
        Preferences preferences,
        UserRepository users,
        IOptions<GraphLimits> limits,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await ShowAsync(
            id,
            await users.ReplaceUserAsync(id, body.Value, conditions.VersionsOf('u', id), ct),
            preferences,
            users,
            limits.Value,
            response,
            ct
        );

    static async Task<Results<UserGraph, Minimal, Problem>> PatchUser(
        long id,
        Body<UserPatch> body,
        Conditions conditions,
        Preferences preferences,
        UserRepository users,
        IOptions<GraphLimits> limits,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await ShowAsync(
            id,
            await users.PatchUserAsync(id, body.Value, conditions.VersionsOf('u', id), ct),
            preferences,
            users,
            limits.Value,
            response,
            ct
        );

    static async Task<Results<Representation<Message>, Minimal, Problem>> DeleteUser(
        long id,
        [FromQuery(Name = ReassignPostsTo)] long? heirId,
        Conditions conditions,
        Preferences preferences,
        UserRepository users,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await (
            heirId is { } heir
                ? users.DeleteUserKeepPostsAsync(id, heir, conditions.VersionsOf('u', id), ct)
                : users.DeleteUserAsync(id, conditions.VersionsOf('u', id), ct)
        ) switch
        {
            Written<bool>.Stale stale => EntityTags.Stale(EntityTags.OfUser(id, stale.Current)),
            Written<bool>.Absent => KnownProblems.UserNotFound,
            Written<bool>.Done { Value: false } => References.Invalid(ReassignPostsTo),
            _ when preferences.WantsNoBody(response) => new Minimal(),
            _ => new Representation<Message>(Message.Deleted),
        };

    /// <summary>A user after a write: as it now is, or without a body where the client prefers none, which saves the read.</summary>
    static async Task<Results<UserGraph, Minimal, Problem>> ShowAsync(
        long id,
        Written<Revision> written,
        Preferences preferences,
        UserRepository users,
        GraphLimits limits,
        HttpResponse response,
        CancellationToken ct
    ) =>
        written switch
        {
            Written<Revision>.Stale stale => EntityTags.Stale(EntityTags.OfUser(id, stale.Current)),
            Written<Revision>.Done done when preferences.WantsNoBody(response) => new Minimal(
                EntityTags.OfUser(id, done.Value)
            ),
            Written<Revision>.Done when await users.GetUserAsync(id, limits.GraphPosts, ct) is { } user =>
                new UserGraph(user),
            _ => KnownProblems.UserNotFound,
        };
}
