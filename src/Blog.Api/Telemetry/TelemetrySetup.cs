using Blog.Api.Admin;
using Blog.Api.Contract;
using Blog.Data;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Blog.Api.Telemetry;

/// <summary>What collects spans and measurements; disposing sends what is still held.</summary>
sealed record Collectors(MeterProvider? Metrics, TracerProvider? Traces) : IDisposable
{
    public void Dispose()
    {
        Traces?.Dispose();
        Metrics?.Dispose();
    }
}

/// <summary>OpenTelemetry: metrics for whoever scrapes the admin listener, and both signals over OTLP where its variables say so.</summary>
static class TelemetrySetup
{
    const string NameOfRequests = "Microsoft.AspNetCore";

    static readonly string[] meters =
    [
        BlogData.SourceName,
        ApiMeter.Name,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Npgsql",
        "System.Runtime",
    ];

    /// <summary>Collects nothing that nobody asks for: without the variables of OTLP there are no spans, without the admin listener no metrics.</summary>
    public static Collectors AddTelemetry(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        var collectors =
            ContractDocument.FileToWrite(configuration) is null && configuration["OTEL_SDK_DISABLED"] is not "true"
                ? new Collectors(CollectMetrics(configuration), CollectTraces(configuration))
                : new Collectors(null, null);
        builder.Services.AddSingleton(collectors);
        return collectors;
    }

    /// <summary>Names the spans of requests after their routes.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        if (app.Services.GetRequiredService<Collectors>().Traces is not null)
        {
            app.Use(RequestSpan.DescribeAsync);
        }
    }

    static MeterProvider? CollectMetrics(IConfiguration configuration)
    {
        var isScraped = AdminListener.IsWanted(configuration);
        var isSent = IsSent(configuration, "METRICS");
        if (!isScraped && !isSent)
        {
            return null;
        }

        var metrics = Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Resource())
            .AddMeter(meters)
            // Npgsql measures under the same name, by connection pool; ours says which query it was.
            .AddView(instrument =>
                instrument is { Meter.Name: "Npgsql", Name: "db.client.operation.duration" }
                    ? MetricStreamConfiguration.Drop
                    : null
            );
        if (isScraped)
        {
            metrics.AddPrometheusExporter(text =>
            {
                // No two meters have an instrument of the same name.
                text.ScopeInfoEnabled = false;
                text.ScrapeResponseCacheDurationMilliseconds = 0;
            });
        }

        if (isSent)
        {
            metrics.AddOtlpExporter();
        }

        return metrics.Build();
    }

    static TracerProvider? CollectTraces(IConfiguration configuration)
    {
        if (!IsSent(configuration, "TRACES"))
        {
            return null;
        }

        // Without it the spans of requests have none of the attributes of the conventions.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", isEnabled: false);
        // Npgsql's own spans stay out: they would stand under each of ours, for the same round trip and without the name of the query.
        return Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration))
            .SetResourceBuilder(Resource())
            .AddSource(BlogData.SourceName, NameOfRequests)
            .AddOtlpExporter()
            .Build();
    }

    /// <summary>The variables come last: what they say of the service counts.</summary>
    static ResourceBuilder Resource() =>
        ResourceBuilder
            .CreateEmpty()
            .AddService("blog", serviceVersion: typeof(TelemetrySetup).Assembly.GetName().Version!.ToString(3))
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();

    // https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
    static bool IsSent(IConfiguration configuration, string signal) =>
        configuration[$"OTEL_{signal}_EXPORTER"] switch
        {
            null or "" => configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 }
                || configuration[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 },
            var exporter => exporter == "otlp",
        };
}
