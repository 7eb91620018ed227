using Blog.Api.Responses;

namespace Blog.Api.Requests;

/// <summary>Which pages of other origins may call from a browser: none, or those that <c>Cors:Origins</c> names. Never with cookies.</summary>
static class CrossOrigin
{
    public const string Setting = "Cors:Origins";

    static readonly TimeSpan preflightsHold = TimeSpan.FromMinutes(10);

    static readonly string[] methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>What a page may send beyond what every page may.</summary>
    static readonly string[] sent =
    [
        "Content-Type",
        "Authorization",
        "If-Match",
        "If-None-Match",
        IdempotencyKey.Header,
        "Prefer",
        "traceparent",
        "tracestate",
        "X-Request-Id",
    ];

    /// <summary>What a page may read beyond what every page may.</summary>
    static readonly string[] shown =
    [
        "ETag",
        "Location",
        "Link",
        "Retry-After",
        "RateLimit",
        "RateLimit-Policy",
        "Preference-Applied",
        Answered.Replayed,
        "Blog-Truncated",
        "Blog-SQL",
        "Server-Timing",
        "X-Request-Id",
        "Allow",
        "Accept-Patch",
        "WWW-Authenticate",
    ];

    /// <summary>What is wrong with the setting, in a sentence; null where nothing is.</summary>
    public static string? FaultOf(IConfiguration configuration) =>
        Array.Find(OriginsOf(configuration), origin => !IsOrigin(origin)) is { } wrong
            ? $"Cors__Origins is origins as browsers send them, such as https://app.example.org, with ; between them, not \"{wrong}\"."
            : null;

    /// <summary>Whether answers depend on who asks.</summary>
    public static bool IsOn(IConfiguration configuration) => OriginsOf(configuration).Length > 0;

    public static void AddCrossOrigin(this WebApplicationBuilder builder) =>
        builder.Services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
                policy
                    .WithOrigins(OriginsOf(builder.Configuration))
                    .WithMethods(methods)
                    .WithHeaders(sent)
                    .WithExposedHeaders(shown)
                    .SetPreflightMaxAge(preflightsHold)
            )
        );

    /// <summary>Answers preflights, and says on every other answer to such a page that it may be read. Nothing where no origin is named.</summary>
    public static void UseCrossOrigin(this WebApplication app)
    {
        if (IsOn(app.Configuration))
        {
            app.UseCors();
        }
    }

    static string[] OriginsOf(IConfiguration configuration) =>
        (configuration[Setting] ?? "").Split(
            ';',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    /// <summary>Scheme, host and port, in the one spelling that a browser has for it (RFC 6454).</summary>
    static bool IsOrigin(string text) =>
        !text.Contains('*', StringComparison.Ordinal)
        && Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
        && text
            == $"{url.Scheme}://{(url.HostNameType == UriHostNameType.Dns ? url.IdnHost : url.Host)}{(url.IsDefaultPort ? "" : $":{url.Port}")}";
}
