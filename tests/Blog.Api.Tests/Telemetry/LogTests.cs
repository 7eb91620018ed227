using System.Text.Json;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Telemetry;

/// <summary>The log of a real process: whose line it is, that nobody writes one for it, and what is never in it.</summary>
public sealed class LogTests(PostgresServer server) : IAsyncLifetime
{
    const string Trace = "0af7651916cd43dd8448eb211c80319c";
    const string Forged = "forged";

    TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await CrowdedPost.CreateAsync(server);

    public ValueTask DisposeAsync() => database.DisposeAsync();

    [Fact]
    public async Task Is_one_JSON_object_a_line_with_the_request_and_the_trace_outside_of_Development()
    {
        await using var service = await StartAsync("Production");

        await SendAsync(service);

        var lines = service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var entries = lines.Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        var failure = Assert.Single(entries, entry => Text(entry, "Category") == "Blog.Api.Problems.ProblemHandler");
        Assert.Equal("Error", Text(failure, "LogLevel"));
        Assert.Equal("GET /posts/1 failed: internal_error, request order-66", Text(failure, "Message"));
        Assert.Contains("BudgetExceededException", Text(failure, "Exception"), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", Text(failure, "Timestamp"));
        Assert.Equal("order-66", Scoped(failure, "RequestId"));
        Assert.Equal(Trace, Scoped(failure, "TraceId"));
        // Every line of a request, the framework's own too.
        var ofRequests = entries.Where(entry => Scoped(entry, "RequestPath") is not null).ToArray();
        Assert.True(ofRequests.Length > 4);
        Assert.All(ofRequests, entry => Assert.Equal(Trace, Scoped(entry, "TraceId")));
        Assert.All(ofRequests, entry => Assert.NotNull(Scoped(entry, "RequestId")));
        Assert.DoesNotContain(entries, entry => Text(entry, "Category") == Forged);
    }

    [Fact]
    public async Task Is_for_reading_in_Development_and_begins_no_line_with_what_was_sent()
    {
        await using var service = await StartAsync("Development");

        await SendAsync(service);

        var lines = service.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var failure = Assert.Single(
            lines,
            line => line.Contains("Blog.Api.Problems.ProblemHandler: ", StringComparison.Ordinal)
        );
        Assert.Matches(
            $@"^\d\d:\d\d:\d\d\.\d{{3}} error Blog\.Api\.Problems\.ProblemHandler: GET /posts/1 failed: internal_error, request order-66 request=order-66 trace={Trace}$",
            failure
        );
        Assert.Contains(lines, line => line.Contains(@"\u000d\u000a{", StringComparison.Ordinal));
        // An entry, or an indented line of an exception.
        Assert.All(
            lines,
            line => Assert.Matches(@"^(\d\d:\d\d:\d\d\.\d{3} (info |warn |error) [A-Z][A-Za-z.]+: |    )", line)
        );
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Holds_nothing_that_was_sent_and_no_password(string environment)
    {
        await database.ExecuteAsync("alter table blog.profile drop column bio");
        await using var service = await StartAsync(environment);

        var answer = await service.PostAsync("/users", """{"name":"Zaphod","bio":"Beeblebrox"}""");

        Assert.Equal(503, answer.Status);
        await Eventually.HoldsAsync(() => service.Output.Contains("42703", StringComparison.Ordinal), "logged");
        var password = new NpgsqlConnectionStringBuilder(database.AppConnectionString).Password!;
        foreach (var secret in (string[])["Zaphod", "Beeblebrox", password])
            Assert.DoesNotContain(secret, service.Output, StringComparison.Ordinal);
        Assert.Equal(["Zaphod", "Ben"], await database.ListAsync("select name from blog.users order by id"));
    }

    [Fact]
    public async Task Says_no_more_where_it_is_started_from_another_folder()
    {
        await using var service = await ServiceProcess.StartAsync(
            database.AppConnectionString,
            variables: ("ASPNETCORE_CONTENTROOT", Path.GetTempPath())
        );

        Assert.Equal(200, (await service.GetAsync("/posts/2")).Status);
        await service.TerminateAsync();
        Assert.Equal(0, await service.EndedAsync());

        Assert.Contains("Now listening on", service.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/posts/2", service.Output, StringComparison.Ordinal);
    }

    Task<ServiceProcess> StartAsync(string environment) =>
        ServiceProcess.StartAsync(
            database.AppConnectionString,
            variables:
            [
                ("ASPNETCORE_ENVIRONMENT", environment),
                // The framework says more then, and says the path.
                ("Logging__LogLevel__Microsoft.AspNetCore", "Information"),
            ]
        );

    /// <summary>One request that fails, and one whose path would end a line and begin another.</summary>
    static async Task SendAsync(ServiceProcess service)
    {
        using var client = new HttpClient { BaseAddress = service.Address };
        client.DefaultRequestHeaders.Add("traceparent", $"00-{Trace}-b7ad6b7169203331-01");
        client.DefaultRequestHeaders.Add("X-Request-Id", "order-66");
        using var failed = await client.GetAsync("/posts/1", TestContext.Current.CancellationToken);
        using var forged = await client.GetAsync(
            $"/nowhere%0D%0A%7B%22Category%22:%22{Forged}%22%7D%0D%0A%E2%80%A8{Forged}",
            TestContext.Current.CancellationToken
        );
        using var last = await client.GetAsync("/livez?last", TestContext.Current.CancellationToken);
        await Eventually.HoldsAsync(
            () => service.Output.Contains("GetLiveness", StringComparison.Ordinal),
            "the last request logged"
        );
    }

    static string? Text(JsonElement entry, string member) =>
        entry.TryGetProperty(member, out var value) ? value.ToString() : null;

    /// <summary>What the innermost scope of an entry says under this name.</summary>
    static string? Scoped(JsonElement entry, string member) =>
        entry.TryGetProperty("Scopes", out var scopes)
            ? scopes
                .EnumerateArray()
                .Where(scope => scope.ValueKind == JsonValueKind.Object)
                .Select(scope => Text(scope, member))
                .LastOrDefault(text => text is not null)
            : null;
}
