using System.Collections.Concurrent;
using System.Text;
using Blog.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Blog.Api.Tests.Telemetry;

/// <summary>Spans and metrics over OTLP, where the variables of OpenTelemetry say so.</summary>
public sealed class OtlpTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Spans_and_metrics_arrive_without_a_word_of_what_was_sent()
    {
        await using var collector = await Collector.StartAsync();
        await using (
            var service = await ServiceProcess.StartAsync(database.AppConnectionString, variables: collector.Variables)
        )
        {
            await service.PostAsync("/users", """{"name":"Zaphod","bio":"Beeblebrox"}""");
            await service.GetAsync("/users/1");
            await service.PostAsync("/tags", """{"name":"Heart"}""");
            await service.GetAsync("/users?name=Zaphod");

            foreach (
                var word in (string[])
                    [
                        "service.name",
                        "users/get_user",
                        "users/create_user",
                        "commit",
                        "GET /users/{id}",
                        "http.route",
                        "http.response.status_code",
                        "db.system.name",
                        "db.query.summary",
                        "db.namespace",
                        "server.address",
                        "db.response.returned_rows",
                    ]
            )
                await collector.HasAsync("/v1/traces", word);
            foreach (
                var word in (string[])
                    [
                        "service.name",
                        "db.client.operation.duration",
                        "users/get_user",
                        "http.server.request.duration",
                        "db.client.connection.count",
                    ]
            )
                await collector.HasAsync("/v1/metrics", word);
        }

        var password = new NpgsqlConnectionStringBuilder(database.AppConnectionString).Password!;
        foreach (var secret in (string[])["Zaphod", "Beeblebrox", "Heart", password, "Username"])
            Assert.False(collector.Has("/v1/traces", secret) || collector.Has("/v1/metrics", secret), secret);
        // Each round trip is one span: Npgsql's own are left out.
        Assert.False(collector.Has("/v1/traces", "db.query.text"));
    }

    [Theory]
    [InlineData(null, "blog")]
    [InlineData("weblog", "weblog")]
    public async Task The_service_has_the_name_that_its_variable_gives_it(string? variable, string name)
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await ServiceProcess.StartAsync(
            database.AppConnectionString,
            variables: [.. collector.Variables, ("OTEL_SERVICE_NAME", variable)]
        );

        await service.GetAsync("/livez");

        // As protobuf has it: the length, the key, and a value that is a string with its length.
        var attribute = $"\n\fservice.name\u0012{(char)(name.Length + 2)}\n{(char)name.Length}{name}";
        await collector.HasAsync("/v1/traces", attribute);
        await collector.HasAsync("/v1/metrics", attribute);
    }

    [Theory]
    [InlineData("OTEL_TRACES_EXPORTER", "none", "/v1/metrics", "/v1/traces")]
    [InlineData("OTEL_METRICS_EXPORTER", "none", "/v1/traces", "/v1/metrics")]
    public async Task A_signal_that_is_switched_off_is_not_sent(
        string variable,
        string value,
        string sent,
        string notSent
    )
    {
        await using var collector = await Collector.StartAsync();
        await using var service = await ServiceProcess.StartAsync(
            database.AppConnectionString,
            variables: [.. collector.Variables, (variable, value)]
        );

        await service.GetAsync("/users/1");

        await collector.HasAsync(sent, "users/get_user");
        Assert.False(collector.Has(notSent, ""));
    }

    /// <summary>Takes what is sent over OTLP as HTTP and keeps its bytes.</summary>
    sealed class Collector(WebApplication host, ConcurrentQueue<(string Path, string Bytes)> received)
        : IAsyncDisposable
    {
        public (string, string?)[] Variables =>
            [
                ("OTEL_EXPORTER_OTLP_ENDPOINT", host.Urls.Single()),
                ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
                ("OTEL_BSP_SCHEDULE_DELAY", "50"),
                ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
            ];

        public static async Task<Collector> StartAsync()
        {
            var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
            builder.Logging.ClearProviders();
            var host = builder.Build();
            var received = new ConcurrentQueue<(string, string)>();
            host.MapPost(
                "/v1/{signal}",
                async (HttpRequest request) =>
                {
                    using var body = new MemoryStream();
                    await request.Body.CopyToAsync(body);
                    received.Enqueue((request.Path, Encoding.Latin1.GetString(body.ToArray())));
                    return Results.Ok();
                }
            );
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new(host, received);
        }

        public bool Has(string path, string bytes) =>
            received.Any(one => one.Path == path && one.Bytes.Contains(bytes, StringComparison.Ordinal));

        public Task HasAsync(string path, string bytes) =>
            Eventually.HoldsAsync(() => Has(path, bytes), $"{bytes} at {path}", seconds: 30);

        public async ValueTask DisposeAsync() => await host.DisposeAsync();
    }
}
