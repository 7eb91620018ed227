using System.Diagnostics;
using System.Globalization;
using Blog.Api.Responses;
using Microsoft.AspNetCore.Http.Features;

namespace Blog.Api.Telemetry;

/// <summary>Completes the span of a request with what is known when it has been answered (OpenTelemetry's conventions for HTTP servers).</summary>
static class RequestSpan
{
    public static async Task DescribeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { IsAllDataRequested: true } span)
        {
            return;
        }

        var status = context.Response.StatusCode;
        span.SetTag("http.response.status_code", status);
        if ((RequestBudget.EndpointOf(context) as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.route", route);
        }
        else
        {
            span.DisplayName = context.Request.Method;
        }

        if (status >= StatusCodes.Status500InternalServerError)
        {
            span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture))
                .SetStatus(ActivityStatusCode.Error);
        }
    }
}
