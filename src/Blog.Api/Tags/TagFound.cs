using System.Reflection;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data.Tags;
using Microsoft.AspNetCore.Http.Metadata;

namespace Blog.Api.Tags;

/// <summary>200 with a tag that was there before it was to be created, and where it is; 204 where the client prefers no body.</summary>
sealed class TagFound(Tag tag, string etag, string location) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.Location = location;
        IResult answer = Preferences.Of(httpContext).WantsNoBody(response)
            ? new Minimal(etag)
            : new Representation<Tag>(tag, etag);
        return answer.ExecuteAsync(httpContext);
    }

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        Representation<Tag>.PopulateMetadata(method, builder);
        Minimal.PopulateMetadata(method, builder);
        builder.Metadata.Add(new SentHeaders(StatusCodes.Status200OK, "ETag", "Location"));
        builder.Metadata.Add(new SentHeaders(StatusCodes.Status204NoContent, "ETag", "Location"));
    }
}
