using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using Blog.Api.Responses;
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
/// <param name="Code">One of <see cref="ProblemCodes"/>.</param>
/// <param name="RequestId">As in the header X-Request-Id and in the log.</param>
/// <param name="Errors">Every place that is wrong; absent where the request as a whole is.</param>
public sealed record ProblemDocument(
    string Type,
    string Title,
    int Status,
    string Detail,
    string Instance,
    string Code,
    string RequestId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<InputError>? Errors
);

/// <summary>An error as the result of an endpoint.</summary>
public sealed class Problem(ProblemCode code, string? detail = null, IReadOnlyList<InputError>? errors = null)
    : IResult,
        IEndpointMetadataProvider
{
    /// <summary>Content-Type of every error.</summary>
    public const string ContentType = "application/problem+json";

    static readonly TimeSpan retryAfter = TimeSpan.FromSeconds(1);

    /// <summary>Which kind of error.</summary>
    public ProblemCode Code => code;

    /// <summary>An error of one kind, with its own text.</summary>
    public static implicit operator Problem(ProblemCode code) => new(code);

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = code.Status;
        if (code.Status is StatusCodes.Status409Conflict or StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = ((int)retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        var document = new ProblemDocument(
            $"/problems/{code.Code}",
            ReasonPhrases.GetReasonPhrase(code.Status),
            code.Status,
            detail ?? code.Detail,
            httpContext.Request.Path,
            code.Code,
            httpContext.TraceIdentifier,
            errors
        );
        return response.WriteJsonAsync(document, ContentType);
    }

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status404NotFound, typeof(ProblemDocument), [ContentType]));
}
