using System.Net;
using Microsoft.Extensions.Primitives;

namespace Blog.Api.Responses;

/// <summary>
/// What a browser is told not to do with an answer: those that OWASP names for an API, in
/// https://cheatsheetseries.owasp.org/cheatsheets/REST_Security_Cheat_Sheet.html#security-headers. X-Frame-Options is not among
/// them here: whoever knows frame-ancestors passes it over (https://www.w3.org/TR/CSP3/#directive-frame-ancestors).
/// </summary>
static class SecurityHeaders
{
    /// <summary>Nothing is loaded and nothing runs, and nobody shows it in a frame: of everything that is no page with needs of its own.</summary>
    public const string Policy = "default-src 'none'; frame-ancestors 'none'";

    /// <summary>A page elsewhere loads it as an image, script or style at most by mistake; what CORS admits is not meant by this.</summary>
    public const string ResourcePolicy = "same-origin";

    public const string ReferrerPolicy = "no-referrer";

    /// <summary>A year, and this name alone: which others there are is not known here.</summary>
    public const string TransportSecurity = "max-age=31536000";

    /// <summary>Completes what the answer does not say itself.</summary>
    public static void Write(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Cross-Origin-Resource-Policy"] = ResourcePolicy;
        if (StringValues.IsNullOrEmpty(headers.ContentSecurityPolicy))
        {
            headers.ContentSecurityPolicy = Policy;
        }

        if (StringValues.IsNullOrEmpty(headers["Referrer-Policy"]))
        {
            headers["Referrer-Policy"] = ReferrerPolicy;
        }

        if (context.Request.IsHttps && !IsOfThisMachine(context.Request.Host.Host))
        {
            headers.StrictTransportSecurity = TransportSecurity;
        }
    }

    /// <summary>A browser would hold every other service of the machine to it.</summary>
    static bool IsOfThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
