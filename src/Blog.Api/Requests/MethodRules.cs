using Blog.Api.Problems;
using Microsoft.Extensions.Primitives;

namespace Blog.Api.Requests;

/// <summary>HEAD wherever GET is, OPTIONS everywhere, and an Allow header that says so.</summary>
static class MethodRules
{
    const string AcceptPatch = "application/merge-patch+json, application/json";

    /// <summary>Lets routing find the GET of a HEAD. The server knows what the client sent, and sends no body.</summary>
    public static Task AnswerHeadAsGetAsync(HttpContext context, RequestDelegate next)
    {
        if (HttpMethods.IsHead(context.Request.Method))
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }

    /// <summary>Completes what routing says of a path that does not answer the method: 204 for OPTIONS, else 405.</summary>
    public static async Task ExplainAsync(HttpContext context)
    {
        var response = context.Response;
        if (response.StatusCode == StatusCodes.Status405MethodNotAllowed)
        {
            var allowed = response.Headers.Allow.ToString().Split(", ");
            response.Headers.Allow = new StringValues(
                string.Join(
                    ", ",
                    allowed
                        .SelectMany(method => method == "GET" ? ["GET", "HEAD"] : (string[])[method])
                        .Append("OPTIONS")
                )
            );
            if (allowed.Contains("PATCH", StringComparer.Ordinal))
            {
                response.Headers["Accept-Patch"] = AcceptPatch;
            }

            if (HttpMethods.IsOptions(context.Request.Method))
            {
                response.StatusCode = StatusCodes.Status204NoContent;
                return;
            }
        }

        await ProblemRoutes.ExplainStatusAsync(context);
    }
}
