using Blog.Api.Access;
using Blog.Api.Contract;
using Blog.Api.Lists;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Lists;
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
            .RequireScope(Scopes.Write)
            .WithTags("posts")
            .WithAbsentRow(KnownProblems.UserNotFound)
            .WithSqlBudget(
                statements: 3,
                trips: 3,
                "tags/find_or_create_tags",
                "posts/create_post",
                "users/get_user_revision"
            )
            .OwnedByPath()
            .WithIdempotencyKey();
        routes
            .MapGet("/users/{id}/posts", ListUserPosts)
            .WithName(nameof(ListUserPosts))
            .RequireScope(Scopes.Read)
            .WithTags("posts")
            .WithAbsentRow(KnownProblems.UserNotFound)
            .WithListQuery(UserPostListRequest.Parameters)
            .WithSqlBudget(
                statements: 4,
                trips: 2,
                [
                    .. PostListRepository
                        .Paths.Where(path => path.Filters.StartsWith("author_id", StringComparison.Ordinal))
                        .Queries(),
                    "users/find_user",
                    "tags/get_tag_names",
                ]
            )
            .WithReceipt();

        var posts = routes.MapGroup("/posts").WithTags("posts").WithAbsentRow(KnownProblems.PostNotFound);
        posts
            .MapGet("", ListPosts)
            .WithName(nameof(ListPosts))
            .RequireScope(Scopes.Read)
            .WithListQuery(PostListRequest.Parameters)
            .WithSqlBudget(statements: 3, trips: 2, [.. PostListRepository.Paths.Queries(), "tags/get_tag_names"])
            .WithReceipt();
        posts
            .MapGet("{id}", GetPost)
            .WithName(nameof(GetPost))
            .RequireScope(Scopes.Read)
            .WithQuery("include", "fields")
            .WithSqlBudget(statements: 2, trips: 1, "posts/get_post", "posts/get_post_revision")
            .WithReceipt();
        posts
            .MapPut("{id}", ReplacePost)
            .WithName(nameof(ReplacePost))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 5, trips: 3, "tags/find_or_create_tags", "posts/replace_post")
            .WithIfMatch();
        posts
            .MapPatch("{id}", PatchPost)
            .WithName(nameof(PatchPost))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 5, trips: 3, "tags/find_or_create_tags", "posts/patch_post")
            .WithIfMatch()
            .WithIdempotencyKey();
        posts
            .MapDelete("{id}", DeletePost)
            .WithName(nameof(DeletePost))
            .RequireScope(Scopes.Write)
            // One; another look where the author was deleted at the same moment.
            .WithSqlBudget(statements: 2, trips: 2, "posts/delete_post", "posts/get_post_revision")
            .WithIfMatch();
    }

    static async Task<Results<Creation<Post>, Problem>> CreatePost(
        long id,
        Body<PostCreate> body,
        Caller caller,
        IdempotencyKey? key,
        PostRepository posts,
        LinkGenerator links,
        CancellationToken ct
    ) =>
        await posts.CreatePostAsync(
            id,
            body.Value,
            caller.OwnerId,
            key?.For(body, (Post post) => Show(post, links)),
            ct
        ) switch
        {
            Written<Post>.Foreign => KnownProblems.NotOwner,
            Written<Post>.Done { Value: var post } => Show(post, links),
            _ => KnownProblems.UserNotFound,
        };

    static async Task<PageResult<Post, long>> ListPosts(
        PostListRequest request,
        PostListRepository posts,
        CancellationToken ct
    ) => PageOf(request, await posts.ListPostsAsync(request.List.Page, request.Filter, request.Parts, ct));

    static async Task<Results<PageResult<Post, long>, Problem>> ListUserPosts(
        long id,
        UserPostListRequest request,
        PostListRepository posts,
        CancellationToken ct
    ) =>
        await posts.ListUserPostsAsync(id, request.Posts.List.Page, request.Posts.Filter, request.Posts.Parts, ct)
            is { } page
            ? PageOf(request.Posts, page)
            : KnownProblems.UserNotFound;

    static async Task<Results<ShapedRepresentation<Post>, NotModified, Problem>> GetPost(
        long id,
        View<Post> view,
        Conditions conditions,
        PostRepository posts,
        CancellationToken ct
    ) =>
        conditions.AsksForChange
        && await posts.GetPostRevisionAsync(id, view.Shape.Has("author"), ct) is { } revision
        && EntityTags.OfPost(id, revision.Post, revision.AuthorVersion, view.Shape.TagSuffix) is var etag
        && conditions.Holds(etag)
            ? new NotModified(etag)
        : await posts.GetPostAsync(id, PostListRequest.PartsOf(view.Shape), ct) is { } post
            ? new ShapedRepresentation<Post>(
                post,
                view.Shape,
                EntityTags.OfPost(id, post.Revision!.Value, post.Author?.Version, view.Shape.TagSuffix)
            )
        : KnownProblems.PostNotFound;

    static async Task<Results<Representation<Post>, Minimal, Problem>> ReplacePost(
        long id,
        Body<PostUpdate> body,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        PostRepository posts,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(
            id,
            await posts.ReplacePostAsync(id, body.Value, caller.OwnerId, conditions.VersionsOf('p', id), ct),
            preferences,
            response
        );

    static async Task<Results<Representation<Post>, Minimal, Problem>> PatchPost(
        long id,
        Body<PostPatch> body,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        IdempotencyKey? key,
        PostRepository posts,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(
            id,
            await posts.PatchPostAsync(
                id,
                body.Value,
                caller.OwnerId,
                conditions.VersionsOf('p', id),
                key?.For(body, (Post post) => Show(post, preferences, response)),
                ct
            ),
            preferences,
            response
        );

    static async Task<Results<Representation<Message>, Minimal, Problem>> DeletePost(
        long id,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        PostRepository posts,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await posts.DeletePostAsync(id, caller.OwnerId, conditions.VersionsOf('p', id), ct) switch
        {
            Written<bool>.Stale stale => EntityTags.Stale(EntityTags.OfPost(id, stale.Current)),
            Written<bool>.Foreign => KnownProblems.NotOwner,
            Written<bool>.Absent => KnownProblems.PostNotFound,
            _ when preferences.WantsNoBody(response) => new Minimal(),
            _ => new Representation<Message>(Message.Deleted),
        };

    static Creation<Post> Show(Post post, LinkGenerator links) =>
        new(post, TagOf(post), links.GetPathByName(nameof(GetPost), new { id = post.Id })!);

    static Results<Representation<Post>, Minimal, Problem> Show(
        long id,
        Written<Post> written,
        Preferences preferences,
        HttpResponse response
    ) =>
        written switch
        {
            Written<Post>.Foreign => KnownProblems.NotOwner,
            Written<Post>.Stale stale => EntityTags.Stale(EntityTags.OfPost(id, stale.Current)),
            Written<Post>.Done { Value: var post } => Show(post, preferences, response),
            _ => KnownProblems.PostNotFound,
        };

    /// <summary>A post after a write: as it now is, or without a body where the client prefers none.</summary>
    static Results<Representation<Post>, Minimal, Problem> Show(
        Post post,
        Preferences preferences,
        HttpResponse response
    ) => preferences.WantsNoBody(response) ? new Minimal(TagOf(post)) : new Representation<Post>(post, TagOf(post));

    static PageResult<Post, long> PageOf(PostListRequest request, KeysetPage<Post> page) =>
        new(request.List, page, post => Cursor.KeyOf(post.Id));

    static string TagOf(Post post) => EntityTags.OfPost(post.Id, post.Revision!.Value);
}
