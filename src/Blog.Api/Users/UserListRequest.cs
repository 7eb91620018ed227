using Blog.Api.Lists;
using Blog.Data;
using Blog.Data.Users;

namespace Blog.Api.Users;

/// <summary>The parameters of GET /users.</summary>
sealed record UserListRequest(ListRequest<long> List, UserFilter Filter, int PostLimit)
{
    const int DefaultPostLimit = 10;

    /// <summary>What the query may hold.</summary>
    public static string[] Parameters { get; } =
    ["name", "name_prefix", "limit", "cursor", "include", "fields", "posts_limit"];

    public UserParts Parts => PartsOf(List.Shape, PostLimit);

    /// <summary>What has to be read of a user to show this shape.</summary>
    public static UserParts PartsOf(Shape shape, int postLimit) =>
        new(shape.Has("posts") ? postLimit : 0, shape.Has("posts.tags"), shape.HasTimes, shape.Has("post_count"));

    /// <summary>Binds the parameter of the endpoint.</summary>
    public static ValueTask<UserListRequest> BindAsync(HttpContext context)
    {
        var query = QueryReader.Of(context, Parameters);
        var filter = new UserFilter(query.Text("name"), query.Text("name_prefix"));
        var postLimit = query.Number("posts_limit", DefaultPostLimit, Limits.PostsInList);
        return new(
            new UserListRequest(
                ListRequest<long>.Read(
                    context,
                    query,
                    Resource.User,
                    UserListRepository.Paths,
                    long.MinValue,
                    Cursor.ReadId
                ),
                filter,
                postLimit
            )
        );
    }
}
