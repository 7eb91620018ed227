using Blog.Api.Access;
using Blog.Api.Contract;
using Blog.Api.Lists;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Lists;
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
        users
            .MapGet("", ListUsers)
            .WithName(nameof(ListUsers))
            .RequireScope(Scopes.Read)
            .WithListQuery(UserListRequest.Parameters)
            .WithSqlBudget(statements: 3, trips: 2, [.. UserListRepository.Paths.Queries(), "tags/get_tag_names"])
            .WithReceipt();
        users
            .MapPost("", CreateUser)
            .WithName(nameof(CreateUser))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 2, trips: 1, "users/create_user")
            .WithIdempotencyKey();
        users
            .MapGet("{id}", GetUser)
            .WithName(nameof(GetUser))
            .RequireScope(Scopes.Read)
            .WithQuery("include", "fields")
            .WithSqlBudget(statements: 3, trips: 2, "users/get_user", "tags/get_tag_names", "users/get_user_revision")
            .WithReceipt();
        users
            .MapPut("{id}", ReplaceUser)
            .WithName(nameof(ReplaceUser))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(
                statements: 4,
                trips: 3,
                "users/replace_user",
                "users/get_user",
                "tags/get_tag_names",
                "users/get_user_revision"
            )
            .OwnedByPath()
            .WithIfMatch();
        users
            .MapPatch("{id}", PatchUser)
            .WithName(nameof(PatchUser))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(
                statements: 4,
                trips: 3,
                "users/patch_user",
                "users/get_user",
                "tags/get_tag_names",
                "users/get_user_revision"
            )
            .OwnedByPath()
            .WithIfMatch()
            .WithIdempotencyKey();
        users
            .MapDelete("{id}", DeleteUser)
            .WithName(nameof(DeleteUser))
            .RequireScope(Scopes.Write)
            .WithReference(ReassignPostsTo)
            .WithSqlBudget(
                statements: 4,
                trips: 1,
                "users/delete_user",
                "users/delete_user_keep_posts",
                "users/get_user_revision"
            )
            .OwnedByPath()
            .WithIfMatch();
    }

    static async Task<PageResult<User, long>> ListUsers(
        UserListRequest request,
        UserListRepository users,
        CancellationToken ct
    ) =>
        new(
            request.List,
            await users.ListUsersAsync(request.List.Page, request.Filter, request.Parts, ct),
            user => Cursor.KeyOf(user.Id)
        );

    static async Task<Creation<User>> CreateUser(
        Body<UserCreate> body,
        IdempotencyKey? key,
        UserRepository users,
        LinkGenerator links,
        CancellationToken ct
    ) => Show(await users.CreateUserAsync(body.Value, key?.For(body, (User user) => Show(user, links)), ct), links);

    static async Task<Results<UserGraph, NotModified, Problem>> GetUser(
        long id,
        View<User> view,
        Conditions conditions,
        UserRepository users,
        IOptions<GraphLimits> limits,
        CancellationToken ct
    ) =>
        conditions.AsksForChange
        && await users.GetUserRevisionAsync(id, ct) is { } revision
        && EntityTags.OfUser(id, revision, view.Shape.TagSuffix) is var etag
        && conditions.Holds(etag)
            ? new NotModified(etag)
        : await users.GetUserAsync(id, UserListRequest.PartsOf(view.Shape, limits.Value.GraphPosts), ct) is { } user
            ? new UserGraph(user, view.Shape)
        : KnownProblems.UserNotFound;

    static async Task<Results<UserGraph, Minimal, Problem>> ReplaceUser(
        long id,
        Body<UserUpdate> body,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        UserRepository users,
        IOptions<GraphLimits> limits,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(
            id,
            await users.ReplaceUserAsync(
                id,
                body.Value,
                caller.OwnerId,
                conditions.VersionsOf('u', id),
                preferences.PrefersNoBody ? null : limits.Value.GraphPosts,
                ct
            ),
            preferences,
            response
        );

    static async Task<Results<UserGraph, Minimal, Problem>> PatchUser(
        long id,
        Body<UserPatch> body,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        IdempotencyKey? key,
        UserRepository users,
        IOptions<GraphLimits> limits,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(
            id,
            await users.PatchUserAsync(
                id,
                body.Value,
                caller.OwnerId,
                conditions.VersionsOf('u', id),
                preferences.PrefersNoBody ? null : limits.Value.GraphPosts,
                key?.For(body, (WrittenUser written) => Show(id, written, preferences, response)),
                ct
            ),
            preferences,
            response
        );

    static async Task<Results<Representation<Message>, Minimal, Problem>> DeleteUser(
        long id,
        [FromQuery(Name = ReassignPostsTo)] long? heirId,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        UserRepository users,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await (
            heirId is { } heir
                ? users.DeleteUserKeepPostsAsync(id, heir, caller.OwnerId, conditions.VersionsOf('u', id), ct)
                : users.DeleteUserAsync(id, caller.OwnerId, conditions.VersionsOf('u', id), ct)
        ) switch
        {
            Written<bool>.Stale stale => EntityTags.Stale(EntityTags.OfUser(id, stale.Current)),
            // Their own, but whoever gets the posts is somebody else.
            Written<bool>.Foreign when caller.OwnerId == id => Refusals.Forbidden(Scopes.Admin),
            Written<bool>.Foreign => KnownProblems.NotOwner,
            Written<bool>.Absent => KnownProblems.UserNotFound,
            Written<bool>.Done { Value: false } => References.Invalid(ReassignPostsTo),
            _ when preferences.WantsNoBody(response) => new Minimal(),
            _ => new Representation<Message>(Message.Deleted),
        };

    static Creation<User> Show(User user, LinkGenerator links) =>
        new(
            user,
            EntityTags.OfUser(user.Id, user.Revision),
            links.GetPathByName(nameof(GetUser), new { id = user.Id })!
        );

    static Results<UserGraph, Minimal, Problem> Show(
        long id,
        Written<WrittenUser> written,
        Preferences preferences,
        HttpResponse response
    ) =>
        written switch
        {
            Written<WrittenUser>.Foreign => KnownProblems.NotOwner,
            Written<WrittenUser>.Stale stale => EntityTags.Stale(EntityTags.OfUser(id, stale.Current)),
            Written<WrittenUser>.Done { Value: var done } => Show(id, done, preferences, response),
            _ => KnownProblems.UserNotFound,
        };

    /// <summary>A user after a write: as it now is, or without a body where the client prefers none, which saves the read.</summary>
    static Results<UserGraph, Minimal, Problem> Show(
        long id,
        WrittenUser written,
        Preferences preferences,
        HttpResponse response
    ) =>
        preferences.WantsNoBody(response) || written.User is not { } user
            ? new Minimal(EntityTags.OfUser(id, written.Revision))
            : new UserGraph(user);
}
