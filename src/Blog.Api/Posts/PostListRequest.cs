using System.Globalization;
using Blog.Api.Lists;
using Blog.Data.Posts;

namespace Blog.Api.Posts;

/// <summary>The parameters of GET /posts.</summary>
sealed record PostListRequest(ListRequest<long> List, PostFilter Filter)
{
    /// <summary>What the query may hold.</summary>
    public static string[] Parameters { get; } =
    ["author_id", "tag", "tag_any", "q", "limit", "cursor", "include", "fields"];

    public PostParts Parts => PartsOf(List.Shape);

    /// <summary>What has to be read of a post to show this shape.</summary>
    public static PostParts PartsOf(Shape shape) => new(shape.Has("tags"), shape.Has("author"), shape.HasTimes);

    /// <summary>Binds the parameter of the endpoint.</summary>
    public static ValueTask<PostListRequest> BindAsync(HttpContext context)
    {
        var query = QueryReader.Of(context, Parameters);
        return new(Read(context, query, query.Id("author_id")));
    }

    /// <summary>The rest of the parameters, once the author is known.</summary>
    public static PostListRequest Read(HttpContext context, QueryReader query, long? authorId)
    {
        var tags = query.TagNames("tag");
        var anyTags = query.TagNames("tag_any");
        var filter = new PostFilter(authorId, [.. tags, .. anyTags], query.Words("q"));
        return new(
            ListRequest<long>.Read(
                context,
                query,
                Resource.Post,
                PostListRepository.Paths,
                long.MaxValue,
                Cursor.ReadId
            ),
            filter
        );
    }
}

/// <summary>The parameters of GET /users/{id}/posts: those of GET /posts, with the author in the path.</summary>
sealed record UserPostListRequest(PostListRequest Posts)
{
    /// <summary>What the query may hold.</summary>
    public static string[] Parameters { get; } = ["tag", "tag_any", "q", "limit", "cursor", "include", "fields"];

    /// <summary>Binds the parameter of the endpoint.</summary>
    public static ValueTask<UserPostListRequest> BindAsync(HttpContext context)
    {
        var query = QueryReader.Of(context, Parameters);
        var id = long.Parse((string)context.GetRouteValue("id")!, CultureInfo.InvariantCulture);
        return new(new UserPostListRequest(PostListRequest.Read(context, query, query.Filter("author_id", id))));
    }
}
