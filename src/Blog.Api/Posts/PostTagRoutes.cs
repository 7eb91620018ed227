using Blog.Api.Access;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Posts;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Blog.Api.Posts;

/// <summary>Which tags a post has. Their entity tag is the post's.</summary>
static class PostTagRoutes
{
    public static void MapPostTags(this IEndpointRouteBuilder routes)
    {
        var tags = routes.MapGroup("/posts/{id}/tags").WithTags("posts").WithAbsentRow(KnownProblems.PostNotFound);
        tags.MapGet("", GetPostTags)
            .WithName(nameof(GetPostTags))
            .RequireScope(Scopes.Read)
            .WithSqlBudget(statements: 1, trips: 1, "posts/get_post_tags")
            .WithReceipt();
        tags.MapPut("", ReplacePostTags)
            .WithName(nameof(ReplacePostTags))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 5, trips: 3, "tags/find_or_create_tags", "posts/replace_post_tags");
        tags.MapPost("", AddPostTags)
            .WithName(nameof(AddPostTags))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 5, trips: 3, "tags/find_or_create_tags", "posts/add_post_tags")
            .WithIdempotencyKey();
        tags.MapDelete("{tag_id}", DeletePostTag)
            .WithName(nameof(DeletePostTag))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 2, trips: 1, "posts/delete_post_tag");
    }

    static async Task<Results<Representation<PostTags>, NotModified, Problem>> GetPostTags(
        long id,
        Conditions conditions,
        PostTagRepository postTags,
        CancellationToken ct
    ) =>
        await postTags.GetPostTagsAsync(id, ct) switch
        {
            null => KnownProblems.PostNotFound,
            var tags when conditions.Holds(TagOf(id, tags)) => new NotModified(TagOf(id, tags)),
            var tags => new Representation<PostTags>(tags, TagOf(id, tags)),
        };

    static async Task<Results<Representation<PostTags>, Minimal, Problem>> ReplacePostTags(
        long id,
        Body<TagNames> body,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        PostTagRepository postTags,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(
            id,
            await postTags.ReplacePostTagsAsync(id, body.Value, caller.OwnerId, conditions.VersionsOf('p', id), ct),
            preferences,
            response
        );

    static async Task<Results<Representation<PostTags>, Minimal, Problem>> AddPostTags(
        long id,
        Body<TagNames> body,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        IdempotencyKey? key,
        PostTagRepository postTags,
        HttpResponse response,
        CancellationToken ct
    ) =>
        Show(
            id,
            await postTags.AddPostTagsAsync(
                id,
                body.Value,
                caller.OwnerId,
                conditions.VersionsOf('p', id),
                key?.For(body, (PostTags tags) => Show(id, tags, preferences, response)),
                ct
            ),
            preferences,
            response
        );

    static async Task<Results<Representation<Message>, Minimal, Problem>> DeletePostTag(
        long id,
        [FromRoute(Name = "tag_id")] long tagId,
        Caller caller,
        Conditions conditions,
        Preferences preferences,
        PostTagRepository postTags,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await postTags.DeletePostTagAsync(id, tagId, caller.OwnerId, conditions.VersionsOf('p', id), ct) switch
        {
            Written<Revision>.Stale stale => EntityTags.Stale(EntityTags.OfPost(id, stale.Current)),
            Written<Revision>.Foreign => KnownProblems.NotOwner,
            Written<Revision>.Absent => KnownProblems.PostNotFound,
            _ when preferences.WantsNoBody(response) => new Minimal(),
            _ => new Representation<Message>(Message.Deleted),
        };

    static Results<Representation<PostTags>, Minimal, Problem> Show(
        long id,
        Written<PostTags> written,
        Preferences preferences,
        HttpResponse response
    ) =>
        written switch
        {
            Written<PostTags>.Foreign => KnownProblems.NotOwner,
            Written<PostTags>.Stale stale => EntityTags.Stale(EntityTags.OfPost(id, stale.Current)),
            Written<PostTags>.Done { Value: var tags } => Show(id, tags, preferences, response),
            _ => KnownProblems.PostNotFound,
        };

    /// <summary>The tags after a write: as they now are, or without a body where the client prefers none.</summary>
    static Results<Representation<PostTags>, Minimal, Problem> Show(
        long id,
        PostTags tags,
        Preferences preferences,
        HttpResponse response
    ) =>
        preferences.WantsNoBody(response)
            ? new Minimal(TagOf(id, tags))
            : new Representation<PostTags>(tags, TagOf(id, tags));

    static string TagOf(long postId, PostTags tags) => EntityTags.OfPost(postId, tags.Revision);
}
