using System.Reflection;
using System.Text.Json.Nodes;
using Blog.Api.Lists;
using Blog.Api.Requests;
using Microsoft.AspNetCore.Http.Metadata;

namespace Blog.Api.Responses;

/// <summary>Headers that a success may have beyond those that follow from its status and its operation.</summary>
sealed record SentHeaders(int Status, params string[] Names);

/// <summary>200 with what was asked for, as it now is, and its entity tag.</summary>
public sealed class Representation<T>(T value, string? etag = null) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.Headers.ETag = etag;
        return httpContext.Response.WriteJsonAsync(value);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"])
        );
}

/// <summary>200 with those members of what was asked for that the request names, and the entity tag of just them.</summary>
sealed class ShapedRepresentation<T>(T value, Shape shape, string etag) : IResult, IEndpointMetadataProvider
{
    public Task ExecuteAsync(HttpContext httpContext) =>
        shape.IsWhole
            ? new Representation<T>(value, etag).ExecuteAsync(httpContext)
            : new Representation<JsonNode>(shape.Apply(value), etag).ExecuteAsync(httpContext);

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        Representation<T>.PopulateMetadata(method, builder);
}

/// <summary>201 with what was created and where it is; without a body where the client prefers none.</summary>
public sealed class Creation<T>(T value, string etag, string location) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = StatusCodes.Status201Created;
        response.Headers.Location = location;
        response.Headers.ETag = etag;
        return Preferences.Of(httpContext).WantsNoBody(response) ? Task.CompletedTask : response.WriteJsonAsync(value);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(StatusCodes.Status201Created, typeof(T), ["application/json"])
        );
}

/// <summary>304: the client holds what would be sent.</summary>
public sealed class NotModified(string etag) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status304NotModified;
        httpContext.Response.Headers.ETag = etag;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status304NotModified, typeof(void)));
}

/// <summary>204: it was done, and the client prefers no body.</summary>
public sealed class Minimal(string? etag = null) : IResult, IEndpointMetadataProvider
{
    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        httpContext.Response.Headers.ETag = etag;
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)));
}
