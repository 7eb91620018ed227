using Blog.Api.Lists;
using Blog.Data.Tags;

namespace Blog.Api.Tags;

/// <summary>The parameters of GET /tags.</summary>
sealed record TagListRequest(ListRequest<string> List, TagFilter Filter)
{
    /// <summary>What the query may hold.</summary>
    public static string[] Parameters { get; } = ["name", "name_prefix", "limit", "cursor", "fields"];

    public TagParts Parts => PartsOf(List.Shape);

    /// <summary>What has to be read of a tag to show this shape.</summary>
    public static TagParts PartsOf(Shape shape) => new(shape.HasTimes, shape.Has("post_count"));

    /// <summary>Binds the parameter of the endpoint.</summary>
    public static ValueTask<TagListRequest> BindAsync(HttpContext context)
    {
        var query = QueryReader.Of(context, Parameters);
        var filter = new TagFilter(query.TagName("name"), query.Text("name_prefix"));
        return new(
            new TagListRequest(
                ListRequest<string>.Read(context, query, Resource.Tag, TagListRepository.Paths, "", Cursor.ReadName),
                filter
            )
        );
    }
}
