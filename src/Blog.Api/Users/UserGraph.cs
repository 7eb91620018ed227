using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Blog.Api.Lists;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data.Users;
using Microsoft.AspNetCore.Http.Metadata;

namespace Blog.Api.Users;

/// <summary>How much of a graph one answer holds; configuration section <c>Limits</c>.</summary>
public sealed record GraphLimits
{
    /// <summary>Posts of one user in GET /users/{id}, the first ones by id; 1,000 where nothing else is configured.</summary>
    public int GraphPosts { get; init; } = 1000;

    /// <summary>What is wrong with the setting, in a sentence; null where nothing is.</summary>
    internal static string? FaultOf(IConfiguration configuration) =>
        WholeNumber.FaultOf(configuration, "Limits:GraphPosts", 1_000_000);
}

/// <summary>200 with a user, whole where no shape is given; says so in a header where there are more posts than one answer holds.</summary>
sealed class UserGraph(User user, Shape? shape = null) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        if (user.PostTotal > user.Posts.Count && shape?.Has("posts") is not false)
        {
            var headers = httpContext.Response.Headers;
            headers["Blog-Truncated"] = string.Create(
                CultureInfo.InvariantCulture,
                $"posts={user.Posts.Count};of={user.PostTotal}"
            );
            headers.Link = string.Create(CultureInfo.InvariantCulture, $"</posts?author_id={user.Id}>; rel=\"posts\"");
        }

        var etag = EntityTags.OfUser(user.Id, user.Revision, shape?.TagSuffix ?? "");
        return shape is null or { IsWhole: true }
            ? new Representation<User>(user, etag).ExecuteAsync(httpContext)
            : new Representation<JsonNode>(shape.Apply(user), etag).ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        Representation<User>.PopulateMetadata(method, builder);
        builder.Metadata.Add(new SentHeaders(StatusCodes.Status200OK, "Blog-Truncated", "Link"));
    }
}
