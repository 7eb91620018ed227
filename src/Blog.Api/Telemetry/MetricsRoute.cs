using Blog.Api.Requests;

namespace Blog.Api.Telemetry;

/// <summary>The metrics as Prometheus reads them.</summary>
static class MetricsRoute
{
    const string Path = "/metrics";

    /// <summary>Maps nothing where no metrics are collected.</summary>
    public static void MapMetrics(this IEndpointRouteBuilder routes)
    {
        if (routes.ServiceProvider.GetRequiredService<Collectors>().Metrics is { } metrics)
        {
            routes
                .MapPrometheusScrapingEndpoint(Path, metrics, configureBranchedPipeline: null, optionsName: null)
                .WithMetadata(new HttpMethodMetadata([HttpMethods.Get]))
                .WithMediaTypeOfAnyVersion("text/plain", "application/openmetrics-text")
                .DisableHttpMetrics();
        }
    }
}
