using System.Globalization;
using Blog.Api.Problems;
using Blog.Data.Input;
using Microsoft.Net.Http.Headers;

namespace Blog.Api.Requests;

/// <summary>Says which error an id means that no row can have.</summary>
/// <param name="Problem">404 with the code of the resource.</param>
public sealed record AbsentRow(Problem Problem);

/// <summary>What an endpoint answers with; JSON where it does not say.</summary>
sealed record OfferedType(string MediaType);

/// <summary>What is checked of every request that has found its endpoint, before the endpoint: Accept, Prefer, the id in the path.</summary>
static class RequestChecks
{
    const string Json = "application/json";

    /// <summary>Names what the endpoint answers with in place of JSON.</summary>
    public static TBuilder WithMediaType<TBuilder>(this TBuilder builder, string mediaType)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OfferedType(mediaType));

    /// <summary>Names the error of an id that is beyond every id.</summary>
    public static TBuilder WithAbsentRow<TBuilder>(this TBuilder builder, Problem problem)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AbsentRow(problem));

    public static Task CheckAsync(HttpContext context, RequestDelegate next) =>
        FindProblem(context)?.ExecuteAsync(context) ?? next(context);

    static Problem? FindProblem(HttpContext context) =>
        context.GetEndpoint() is not RouteEndpoint endpoint ? null
        : !Admits(context.Request, endpoint.Metadata.GetMetadata<OfferedType>()?.MediaType ?? Json)
            ? KnownProblems.NotAcceptable
        : CheckPreferences(context) ?? CheckPathId(context, endpoint) ?? RequiredConditions.Check(context, endpoint);

    /// <summary>Whether the Accept header lets this type through. Parts of it that cannot be read are passed over, as old clients send them.</summary>
    public static bool Admits(HttpRequest request, string mediaType)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0)
        {
            return true;
        }

        // Whoever asks for UTF-8 gets it: a charset is not part of JSON's type, and clients name it all the same.
        var offered = new MediaTypeHeaderValue(mediaType) { Charset = "utf-8" };
        var best = accepted
            .Where(range => offered.IsSubsetOf(range))
            .MaxBy(range =>
                (
                    range.MatchesAllTypes ? 0
                    : range.MatchesAllSubTypes ? 1
                    : 2,
                    range.Parameters.Count
                )
            );
        return best is not null && best.Quality is not 0;
    }

    static Problem? CheckPreferences(HttpContext context) =>
        Preferences.Of(context) is { IsStrict: true, Unknown: { } name }
            ? KnownProblems.InvalidPreference with
            {
                Errors = [new(InputCodes.InvalidFormat, $"Not known here: {name}.") { Header = "Prefer" }],
            }
            : null;

    static Problem? CheckPathId(HttpContext context, RouteEndpoint endpoint)
    {
        if (context.GetRouteValue("id") is not string text)
        {
            return null;
        }

        if (!IsInteger(text))
        {
            return KnownProblems.ValidationFailed with
            {
                Errors = [new(InputCodes.InvalidType, "An id is a whole number.") { Parameter = "id" }],
            };
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null
            : endpoint.Metadata.GetRequiredMetadata<AbsentRow>().Problem;
    }

    static bool IsInteger(string text) =>
        text.AsSpan(text.StartsWith('-') ? 1 : 0) is { Length: > 0 } digits
        && !digits.ContainsAnyExceptInRange('0', '9');
}
