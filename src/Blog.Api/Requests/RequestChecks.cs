using System.Globalization;
using Blog.Api.Problems;
using Blog.Api.Responses;
using Blog.Data.Input;
using Microsoft.Net.Http.Headers;

namespace Blog.Api.Requests;

/// <summary>Says which error an id means that no row can have.</summary>
/// <param name="Problem">404 with the code of the resource.</param>
public sealed record AbsentRow(Problem Problem);

/// <summary>What an endpoint answers with; JSON where it does not say.</summary>
sealed record OfferedTypes(params string[] MediaTypes)
{
    /// <summary>Whether a range of the Accept header may ask for any version of them; which one it gets is the endpoint's choice.</summary>
    public bool OfAnyVersion { get; init; }
}

/// <summary>What is checked of every request that has found its endpoint, before the endpoint: Accept, Prefer, ids in the path and the query, conditions.</summary>
static class RequestChecks
{
    public const string Json = "application/json";

    /// <summary>Names what the endpoint answers with in place of JSON alone.</summary>
    public static TBuilder WithMediaType<TBuilder>(this TBuilder builder, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OfferedTypes(mediaTypes));

    /// <summary>The same, of types whose parameters name a version.</summary>
    public static TBuilder WithMediaTypeOfAnyVersion<TBuilder>(this TBuilder builder, params string[] mediaTypes)
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new OfferedTypes(mediaTypes) { OfAnyVersion = true });

    /// <summary>Names the error of an id that is beyond every id.</summary>
    public static TBuilder WithAbsentRow<TBuilder>(this TBuilder builder, Problem problem)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new AbsentRow(problem));

    public static Task CheckAsync(HttpContext context, RequestDelegate next) =>
        FindProblem(context)?.ExecuteAsync(context) ?? next(context);

    static Problem? FindProblem(HttpContext context) =>
        context.GetEndpoint() is not RouteEndpoint endpoint ? null
        : !OffersAcceptable(context.Request, endpoint) ? NotAcceptable(context)
        : CheckPreferences(context)
            ?? CheckPathIds(context, endpoint)
            ?? References.Check(context, endpoint)
            ?? Conditions.CheckPlace(context.Request)
            ?? RequiredConditions.Check(context, endpoint);

    static Problem NotAcceptable(HttpContext context) =>
        context.Features.Get<OffersReceipt>() is null
            ? KnownProblems.NotAcceptable
            : KnownProblems.NotAcceptable with
            {
                Detail = $"{KnownProblems.NotAcceptable.Detail}: {Json} and {PlanReceipts.ContentType} are",
            };

    static bool OffersAcceptable(HttpRequest request, RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<OfferedTypes>() is { } offered
            ? offered.MediaTypes.Any(type => Weigh(request, type, offered.OfAnyVersion).Quality > 0)
            : Admits(request, Json);

    /// <summary>Whether the Accept header lets this type through. Parts of it that cannot be read are passed over, as old clients send them.</summary>
    public static bool Admits(HttpRequest request, string mediaType) => Weigh(request, mediaType).Quality > 0;

    /// <summary>Whether the first type is wanted more than the second, by its quality or by name where the other is only let through.</summary>
    public static bool Prefers(HttpRequest request, string mediaType, string other) =>
        Weigh(request, mediaType).CompareTo(Weigh(request, other)) > 0;

    static (double Quality, int Exactness) Weigh(HttpRequest request, string mediaType, bool ofAnyVersion = false)
    {
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0)
        {
            return (1, 0);
        }

        // Whoever asks for UTF-8 gets it: a charset is not part of JSON's type, and clients name it all the same.
        var offered = new MediaTypeHeaderValue(mediaType) { Charset = "utf-8" };
        var best = accepted
            .Where(range => offered.IsSubsetOf(range) || (ofAnyVersion && range.MatchesMediaType(mediaType)))
            .MaxBy(range => (ExactnessOf(range, offered), range.Parameters.Count));
        return best is null ? (0, 0) : (best.Quality ?? 1, ExactnessOf(best, offered));
    }

    /// <summary>application/json lets every type through that ends in +json, less exactly than that type's own name does.</summary>
    static int ExactnessOf(MediaTypeHeaderValue range, MediaTypeHeaderValue offered) =>
        range.MatchesAllTypes ? 0
        : range.MatchesAllSubTypes ? 1
        : !range.SubType.Equals(offered.SubType, StringComparison.OrdinalIgnoreCase) ? 2
        : 3;

    static Problem? CheckPreferences(HttpContext context) =>
        Preferences.Of(context) is { IsStrict: true, Unknown: { } name }
            ? KnownProblems.InvalidPreference with
            {
                Errors = [new(InputCodes.InvalidFormat, $"Not known here: {name}.") { Header = "Prefer" }],
            }
            : null;

    static Problem? CheckPathIds(HttpContext context, RouteEndpoint endpoint) =>
        CheckPathId(context, "id", endpoint.Metadata.GetMetadata<AbsentRow>()?.Problem)
        ?? CheckPathId(context, "tag_id", KnownProblems.TagNotFound);

    static Problem? CheckPathId(HttpContext context, string parameter, Problem? absentRow)
    {
        if (context.GetRouteValue(parameter) is not string text)
        {
            return null;
        }

        if (!IsInteger(text))
        {
            return KnownProblems.ValidationFailed with
            {
                Errors = [new(InputCodes.InvalidType, "An id is a whole number.") { Parameter = parameter }],
            };
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? null
            : absentRow ?? throw new InvalidOperationException("The endpoint does not say which row is absent.");
    }

    /// <summary>Digits, with a minus sign or without.</summary>
    public static bool IsInteger(string text) =>
        text.AsSpan(text.StartsWith('-') ? 1 : 0) is { Length: > 0 } digits
        && !digits.ContainsAnyExceptInRange('0', '9');
}
