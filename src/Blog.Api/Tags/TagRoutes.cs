using Blog.Api.Access;
using Blog.Api.Contract;
using Blog.Api.Lists;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Lists;
using Blog.Data.Tags;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Blog.Api.Tags;

/// <summary>Tags by themselves: found or created by name, renamed, merged, deleted.</summary>
static class TagRoutes
{
    const string MergeInto = "merge_into";

    public static void MapTags(this IEndpointRouteBuilder routes)
    {
        var tags = routes.MapGroup("/tags").WithTags("tags").WithAbsentRow(KnownProblems.TagNotFound);
        tags.MapPost("", CreateTag)
            .WithName(nameof(CreateTag))
            .RequireScope(Scopes.Write)
            .WithSqlBudget(statements: 2, trips: 2, "tags/find_or_create_tags")
            .WithIdempotencyKey();
        tags.MapGet("", ListTags)
            .WithName(nameof(ListTags))
            .RequireScope(Scopes.Read)
            .WithListQuery(TagListRequest.Parameters)
            .WithSqlBudget(statements: 2, trips: 1, TagListRepository.Paths.Queries())
            .WithReceipt();
        tags.MapGet("{id}", GetTag)
            .WithName(nameof(GetTag))
            .RequireScope(Scopes.Read)
            .WithQuery("fields")
            .WithSqlBudget(statements: 1, trips: 1, "tags/get_tag")
            .WithReceipt();
        tags.MapPut("{id}", RenameTag)
            .WithName(nameof(RenameTag))
            .RequireScope(Scopes.Admin)
            .WithProblems(KnownProblems.TagNameTaken)
            .WithSqlBudget(statements: 4, trips: 3, "tags/claim_tag_name", "tags/rename_tag")
            .WithIfMatch();
        tags.MapDelete("{id}", DeleteTag)
            .WithName(nameof(DeleteTag))
            .RequireScope(Scopes.Admin)
            .WithReference(MergeInto)
            .WithSqlBudget(statements: 5, trips: 1, "tags/delete_tag")
            .WithIfMatch();
    }

    static async Task<Results<Creation<Tag>, TagFound>> CreateTag(
        Body<TagWrite> body,
        IdempotencyKey? key,
        TagRepository tags,
        LinkGenerator links,
        CancellationToken ct
    ) => Show(await tags.CreateTagAsync(body.Value, key?.For(body, (CreatedTag tag) => Show(tag, links)), ct), links);

    static async Task<PageResult<Tag, string>> ListTags(
        TagListRequest request,
        TagListRepository tags,
        CancellationToken ct
    ) =>
        new(
            request.List,
            await tags.ListTagsAsync(request.List.Page, request.Filter, request.Parts, ct),
            tag => Cursor.KeyOf(tag.Name)
        );

    static async Task<Results<ShapedRepresentation<Tag>, NotModified, Problem>> GetTag(
        long id,
        View<Tag> view,
        Conditions conditions,
        TagRepository tags,
        CancellationToken ct
    ) =>
        await tags.GetTagAsync(id, TagListRequest.PartsOf(view.Shape), ct) switch
        {
            null => KnownProblems.TagNotFound,
            { } tag when conditions.Holds(TagOf(tag, view.Shape)) => new NotModified(TagOf(tag, view.Shape)),
            { } tag => new ShapedRepresentation<Tag>(tag, view.Shape, TagOf(tag, view.Shape)),
        };

    static async Task<Results<Representation<Tag>, Minimal, Problem>> RenameTag(
        long id,
        Body<TagWrite> body,
        Conditions conditions,
        Preferences preferences,
        TagRepository tags,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await tags.RenameTagAsync(id, body.Value, conditions.VersionsOf('t', id), ct) switch
        {
            Written<Tag>.Stale stale => EntityTags.Stale(EntityTags.OfTag(id, stale.Current.Version)),
            Written<Tag>.Done { Value: var tag } when preferences.WantsNoBody(response) => new Minimal(TagOf(tag)),
            Written<Tag>.Done { Value: var tag } => new Representation<Tag>(tag, TagOf(tag)),
            _ => KnownProblems.TagNotFound,
        };

    static async Task<Results<Representation<Message>, Minimal, Problem>> DeleteTag(
        long id,
        [FromQuery(Name = MergeInto)] long? intoId,
        Conditions conditions,
        Preferences preferences,
        TagRepository tags,
        HttpResponse response,
        CancellationToken ct
    ) =>
        await tags.DeleteTagAsync(id, intoId, conditions.VersionsOf('t', id), ct) switch
        {
            Written<bool>.Stale stale => EntityTags.Stale(EntityTags.OfTag(id, stale.Current.Version)),
            Written<bool>.Absent => KnownProblems.TagNotFound,
            Written<bool>.Done { Value: false } => References.Invalid(MergeInto),
            _ when preferences.WantsNoBody(response) => new Minimal(),
            _ => new Representation<Message>(Message.Deleted),
        };

    static Results<Creation<Tag>, TagFound> Show(CreatedTag found, LinkGenerator links)
    {
        var (tag, created) = found;
        var location = links.GetPathByName(nameof(GetTag), new { id = tag.Id })!;
        return created ? new Creation<Tag>(tag, TagOf(tag), location) : new TagFound(tag, TagOf(tag), location);
    }

    static string TagOf(Tag tag) => EntityTags.OfTag(tag.Id, tag.Version!.Value);

    static string TagOf(Tag tag, Shape shape) =>
        EntityTags.OfTag(tag.Id, tag.Version!.Value, tag.PostCount, shape.TagSuffix);
}
