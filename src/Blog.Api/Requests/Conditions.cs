using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Api.Problems;
using Blog.Data.Input;
using Microsoft.Net.Http.Headers;

namespace Blog.Api.Requests;

/// <summary>If-Match and If-None-Match of a request (RFC 9110, section 13).</summary>
public sealed partial class Conditions
{
    const string Any = "*";
    const string Weak = "W/";

    readonly string[] ifMatch;
    readonly string[] ifNoneMatch;

    Conditions(string[] ifMatch, string[] ifNoneMatch)
    {
        this.ifMatch = ifMatch;
        this.ifNoneMatch = ifNoneMatch;
    }

    /// <summary>Whether a read is bound to a change: the revision is asked for before the graph is.</summary>
    public bool AsksForChange => ifNoneMatch.Length > 0;

    /// <summary>Binds the parameter of an endpoint.</summary>
    /// <exception cref="InvalidHeaderException">A value is no list of quoted entity tags.</exception>
    public static ValueTask<Conditions> BindAsync(HttpContext context) =>
        ValueTask.FromResult(
            new Conditions(Read(context.Request, HeaderNames.IfMatch), Read(context.Request, HeaderNames.IfNoneMatch))
        );

    /// <summary>Whether the client holds this representation already. Compared weakly, as If-None-Match is.</summary>
    public bool Holds(string etag) =>
        ifNoneMatch is [Any]
        || ifNoneMatch.Any(held =>
            held.AsSpan(held.StartsWith(Weak, StringComparison.Ordinal) ? Weak.Length : 0).SequenceEqual(etag)
        );

    /// <summary>
    /// The versions of a row that a write may overwrite: those of the tags that name it, in whatever representation. The epoch of
    /// tag names is left out, so that the rename of a tag somewhere refuses no honest write.
    /// </summary>
    /// <param name="kind">The letter that the row's tags begin with.</param>
    /// <param name="id">The row.</param>
    /// <returns>Null where any version will do; empty where none can.</returns>
    public long[]? VersionsOf(char kind, long id)
    {
        if (ifMatch is [] or [Any])
        {
            return null;
        }

        var row = string.Create(CultureInfo.InvariantCulture, $"{kind}{id}");
        return
        [
            .. ifMatch
                .Select(tag => Tag().Match(tag))
                .Where(tag => tag.Success && tag.Groups["row"].Value == row)
                .Select(tag =>
                    long.TryParse(tag.Groups["version"].ValueSpan, CultureInfo.InvariantCulture, out var version)
                        ? version
                        : -1
                ),
        ];
    }

    /// <summary>A write that a condition does not bind would be done whatever the condition says.</summary>
    /// <returns>Null where If-None-Match is not there, or on a read.</returns>
    internal static Problem? CheckPlace(HttpRequest request) =>
        request.Headers.IfNoneMatch.Count == 0 || HttpMethods.IsGet(request.Method)
            ? null
            : KnownProblems.InvalidHeader with
            {
                Errors =
                [
                    new(InputCodes.InvalidFormat, "Only reads take it; a write takes If-Match.")
                    {
                        Header = HeaderNames.IfNoneMatch,
                    },
                ],
            };

    static string[] Read(HttpRequest request, string header)
    {
        var lines = request.Headers[header];
        return lines.Count == 0 ? []
            : lines.ToString() is var text && text == Any ? [Any]
            : List().Match(text) is { Success: true } list ? [.. list.Groups["tag"].Captures.Select(tag => tag.Value)]
            : throw new InvalidHeaderException(header, "A list of entity tags in double quotes belongs here, or *.");
    }

    // RFC 9110, section 8.8.3, and 5.6.1: there may be nothing between two commas.
    [GeneratedRegex(
        @"^[ \t,]*((?<tag>(W/)?""[!#-~]*"")[ \t]*(,[ \t,]*|$))+$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex List();

    // "u7.42-3", "p9.3-3.1f2e", "t5.1": kind and id, version, epoch, representation. None that is weak: If-Match compares strongly.
    [GeneratedRegex(
        @"^""(?<row>[upt][0-9]+)\.(?<version>[0-9]+)(-[0-9]+)?(\.[0-9a-z]+)*""$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Tag();
}

/// <summary>A header does not have its form.</summary>
public sealed class InvalidHeaderException(string header, string detail) : Exception(detail)
{
    /// <summary>Which header, and what belongs there.</summary>
    public InputError Error => new(InputCodes.InvalidFormat, Message) { Header = header };
}

/// <summary>A write that must be bound to a version where the operator asks for it.</summary>
public sealed record RequiresIfMatch;

static class RequiredConditions
{
    const string Setting = "Api:RequireIfMatch";

    /// <summary>What is wrong with the setting, in a sentence; null where nothing is.</summary>
    public static string? FaultOf(IConfiguration configuration) =>
        configuration[Setting] is not { Length: > 0 } setting || bool.TryParse(setting, out _)
            ? null
            : $"Api__RequireIfMatch is true or false, not \"{setting}\".";

    /// <summary>With <c>Api:RequireIfMatch=true</c> the operation answers 428 without If-Match.</summary>
    public static TBuilder WithIfMatch<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new RequiresIfMatch());

    public static Problem? Check(HttpContext context, RouteEndpoint endpoint) =>
        endpoint.Metadata.GetMetadata<RequiresIfMatch>() is not null
        && context.Request.Headers.IfMatch.Count == 0
        && context.RequestServices.GetRequiredService<IConfiguration>().GetValue<bool>(Setting)
            ? KnownProblems.PreconditionRequired
            : null;
}
