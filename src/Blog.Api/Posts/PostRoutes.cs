using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Posts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Posts;

/// <summary>Posts with their tags.</summary>
static class PostRoutes
{
    public static void MapPosts(this IEndpointRouteBuilder routes)
    {
        routes
            .MapPost("/users/{id}/posts", CreatePost)
            .WithName(nameof(CreatePost))
            .WithTags("posts")
            .WithAbsentRow(KnownProblems.UserNotFound)
            .WithSqlBudget(statements: 3, trips: 3);

        var posts = routes.MapGroup("/posts").WithTags("posts").WithAbsentRow(KnownProblems.PostNotFound);
        posts.MapGet("{id}", GetPost).WithName(nameof(GetPost)).WithSqlBudget(statements: 2, trips: 1);
        posts
            .MapPut("{id}", ReplacePost)
            .WithName(nameof(ReplacePost))
            .WithSqlBudget(statements: 5, trips: 3)
            .WithIfMatch();
        posts
            .MapPatch("{id}", PatchPost)
            .WithName(nameof(PatchPost))
            .WithSqlBudget(statements: 5, trips: 3)
            .WithIfMatch();
        posts
            .MapDelete("{id}", DeletePost)
            .WithName(nameof(DeletePost))
            .WithSqlBudget(statements: 1, trips: 1)
            .WithIfMatch();
    }

    static async Task<Results<Creation<Post>, Problem>> CreatePost(
        long id,
        Body<PostCreate> body,
        PostRepository posts,
        LinkGenerator links,
        CancellationToken ct
    ) =>
        await posts.CreatePostAsync(id, body.Value, ct) is { } post
            ? new Creation<Post>(post, TagOf(post), links.GetPathByName(nameof(GetPost), new { id = post.Id })!)
            : KnownProblems.UserNotFound;

    static async Task<Results<Representation<Post>, NotModified, Problem>> GetPost(
        long id,
        Conditions conditions,
        PostRepository posts,
        CancellationToken ct
    ) =>
        conditions.AsksForChange
        && await posts.GetPostRevisionAsync(id, ct) is { } revision
        && EntityTags.OfPost(id, revision) is var etag
        && conditions.Holds(etag)
            ? new NotModified(etag)
        : await posts.GetPostAsync(id, ct) is { } post ? new Representation<Post>(post, TagOf(post))
        : KnownProblems.PostNotFound;

    static async Task<Results<Representation<Post>, Minimal, Problem>> ReplacePost(
        long id,
        Body<PostUpdate> body,
        Conditions conditions,
        Preferences preferences,
        PostRepository posts,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(
            id,
            await posts.ReplacePostAsync(id, body.Value, conditions.VersionsOf('p', id), ct),
            preferences,
            response
        );

    static async Task<Results<Representation<Post>, Minimal, Problem>> PatchPost(
        long id,
        Body<PostPatch> body,
        Conditions conditions,
        Preferences preferences,
        PostRepository posts,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(id, await posts.PatchPostAsync(id, body.Value, conditions.VersionsOf('p', id), ct), preferences, response);

    static async Task<Results<Representation<Message>, Minimal, Problem>> DeletePost(
        long id,
        Conditions conditions,
        Preferences preferences,
        PostRepository posts,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await posts.DeletePostAsync(id, conditions.VersionsOf('p', id), ct) switch
        {
            Written<bool>.Stale stale => EntityTags.Stale(EntityTags.OfPost(id, stale.Current)),
            Written<bool>.Absent => KnownProblems.PostNotFound,
            _ when preferences.WantsNoBody(response) => new Minimal(),
            _ => new Representation<Message>(Message.Deleted),
        };

    /// <summary>A post after a write: as it now is, or without a body where the client prefers none.</summary>
    static Results<Representation<Post>, Minimal, Problem> Show(
        long id,
        Written<Post> written,
        Preferences preferences,
        HttpResponse response
    ) =>
        written switch
        {
            Written<Post>.Stale stale => EntityTags.Stale(EntityTags.OfPost(id, stale.Current)),
            Written<Post>.Done { Value: var post } when preferences.WantsNoBody(response) => new Minimal(TagOf(post)),
            Written<Post>.Done { Value: var post } => new Representation<Post>(post, TagOf(post)),
            _ => KnownProblems.PostNotFound,
        };

    static string TagOf(Post post) => EntityTags.OfPost(post.Id, post.Revision!.Value);
}
