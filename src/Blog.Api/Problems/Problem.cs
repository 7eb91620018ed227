using System.Reflection;
using System.Text.Json.Serialization;
using Blog.Api.Responses;
using Blog.Api.Telemetry;
using Blog.Data.Input;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;

namespace Blog.Api.Problems;

/// <summary>An error as it is sent (RFC 9457).</summary>
/// <param name="Type">Path of the page that explains the code.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The status.</param>
/// <param name="Detail">What happened here.</param>
/// <param name="Instance">Path of the request.</param>
/// <param name="Code">One of <see cref="KnownProblems"/>.</param>
/// <param name="RequestId">As in the header X-Request-Id and in the log.</param>
/// <param name="Errors">Every place that is wrong; absent where the request as a whole is.</param>
/// <param name="ExistingId">Who has the name that was asked for; absent where the error is another.</param>
/// <param name="Reason">Why the service is not ready, as a code; absent where the error is another.</param>
public sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    string Code,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<InputError>? Errors,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? ExistingId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason
);

/// <summary>What a code means: <c>{"code","status","detail","remedy"}</c>.</summary>
public sealed record ProblemDescription(string Code, int Status, string Detail, string Remedy);

/// <summary>One kind of error, and as a result the error itself; <c>with</c> gives one its own text or places.</summary>
/// <param name="Code">Stable; a client may branch on it.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Detail">What happened.</param>
/// <param name="Remedy">What whoever meets it can do; said on the page of the code.</param>
public sealed record Problem(string Code, int Status, string Detail, string Remedy) : IResult, IEndpointMetadataProvider
{
    /// <summary>Content-Type of every error.</summary>
    public const string ContentType = "application/problem+json";

    const string RetryAfterSeconds = "1";

    /// <summary>Every place that is wrong; null where the request as a whole is.</summary>
    public IReadOnlyList<InputError>? Errors { get; init; }

    /// <summary>The entity tag that the resource has now; null where none is to be said.</summary>
    public string? ETag { get; init; }

    /// <summary>What the client has to show, for the header WWW-Authenticate; null where the error is another.</summary>
    public string? Challenge { get; init; }

    /// <summary>Who has the name that was asked for; null where the error is another.</summary>
    public long? ExistingId { get; init; }

    /// <summary>Why the service is not ready, as a code; null where that is not known, or the error is another.</summary>
    public string? Reason { get; init; }

    /// <summary>Whether the same request may succeed a little later.</summary>
    public bool Passes { get; init; } = Status == StatusCodes.Status503ServiceUnavailable;

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ApiMeter.CountProblem(Code, Status);
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.ETag = ETag;
        response.Headers.WWWAuthenticate = Challenge;
        if (Passes)
        {
            response.Headers.RetryAfter = RetryAfterSeconds;
        }

        var document = ToDocument(httpContext.Request.Path, httpContext.TraceIdentifier);
        return response.WriteJsonAsync(document, ContentType);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(
            new ProducesResponseTypeMetadata(
                StatusCodes.Status500InternalServerError,
                typeof(ProblemDocument),
                [ContentType]
            )
        );

    /// <summary>As it is sent.</summary>
    public ProblemDocument ToDocument(string instance, string requestId) =>
        new(
            $"/problems/{Code}",
            ReasonPhrases.GetReasonPhrase(Status),
            Status,
            Detail,
            instance,
            Code,
            requestId,
            Errors,
            ExistingId,
            Reason
        );
}
