using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Telemetry;

/// <summary>GET /metrics on the admin listener, and what is written of it: the dashboard and the table.</summary>
public sealed partial class MetricsTests(PostgresServer server) : IAsyncLifetime
{
    // As Prometheus 3 sends it.
    const string AcceptOfPrometheus =
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,application/openmetrics-text;version=0.0.1;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2";

    TestDatabase database = null!;
    ServiceProcess service = null!;

    /// <summary>Every kind of thing that is counted has happened.</summary>
    public async ValueTask InitializeAsync()
    {
        database = await CrowdedPost.CreateAsync(server);
        service = await ServiceProcess.StartAsync(
            database.AppConnectionString + ";Maximum Pool Size=24",
            variables: [("Sql__Explain", "on")]
        );
        using var client = new HttpClient { BaseAddress = service.Address };
        foreach (var path in (string[])["/posts/2", "/posts/2", "/posts/1", "/posts/77", "/posts/78", "/readyz"])
        {
            using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        }

        using var receipt = new HttpRequestMessage(HttpMethod.Get, "/tags/1");
        receipt.Headers.Add("Accept", "application/vnd.blog.plan+json");
        using var answer = await client.SendAsync(receipt, TestContext.Current.CancellationToken);
        await service.PostAsync("/users", """{"name":"Zaphod"}""");
        await database.ExecuteAsync(
            """
            create sequence public.tries;
            grant usage on sequence public.tries to blog_app;
            create function public.meet() returns trigger language plpgsql as
              $$ begin if nextval('public.tries') = 1 then raise exception 'no' using errcode = '40001'; end if; return new; end $$;
            create trigger meet before insert or update on blog.profile for each row execute function public.meet();
            """
        );
        Assert.Equal(201, (await service.PutAsync("/users/2/profile", """{"bio":"hi"}""")).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await service.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Says_how_often_each_query_was_sent_and_what_was_answered()
    {
        var metrics = await service.GetAdminAsync("/metrics");

        Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8"), (metrics.Status, metrics["Content-Type"]));
        var lines = metrics.Body.Split('\n');
        Assert.Contains(
            "db_client_operation_duration_seconds_count{db_query_summary=\"users/create_user\",db_system_name=\"postgresql\"} 1",
            lines
        );
        // Twice Ben's, and two posts that are not there.
        Assert.Contains(
            "db_client_operation_duration_seconds_count{db_query_summary=\"posts/get_post\",db_system_name=\"postgresql\"} 4",
            lines
        );
        Assert.Contains(
            "db_client_operation_duration_seconds_count{db_query_summary=\"posts/get_post\",db_system_name=\"postgresql\",error_type=\"Blog.Data.BudgetExceededException\"} 1",
            lines
        );
        Assert.Equal(
            ["0.001", "0.005", "0.01", "0.05", "0.1", "0.5", "1", "5", "10", "+Inf"],
            lines
                .Where(line =>
                    line.StartsWith(
                        "db_client_operation_duration_seconds_bucket{db_query_summary=\"health/get_journal\"",
                        StringComparison.Ordinal
                    )
                )
                .Select(line =>
                    Regex.Match(line, "le=\"(?<le>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
                )
                .Select(match => match.Groups["le"].Value)
        );
        Assert.Contains(
            "blog_problems_total{blog_problem_code=\"post_not_found\",http_response_status_code=\"404\"} 2",
            lines
        );
        Assert.Contains(
            "blog_problems_total{blog_problem_code=\"internal_error\",http_response_status_code=\"500\"} 1",
            lines
        );
        Assert.Contains("blog_sql_requests_over_budget_total{http_route=\"/posts/{id}\"} 1", lines);
        Assert.Contains("blog_sql_rows_over_budget_total{db_query_summary=\"posts/get_post\"} 1", lines);
        Assert.Contains(
            "blog_sql_contracts_total{blog_contract_holds=\"true\",db_query_summary=\"tags/get_tag\"} 1",
            lines
        );
        Assert.Contains("blog_sql_refused_total{db_query_summary=\"posts/get_post\"} 1", lines);
        Assert.Contains("blog_retries_total{blog_retry_reason=\"write_conflict\"} 1", lines);
        // The crowded post's database has lost a primary key.
        Assert.Contains("blog_ready{} 0", lines);
        Assert.Contains("db_client_connection_max{db_client_connection_pool_name=\"blog\"} 16", lines);
        Assert.Contains("db_client_connection_max{db_client_connection_pool_name=\"blog-streams\"} 4", lines);
        Assert.Contains("db_client_connection_max{db_client_connection_pool_name=\"blog-watch\"} 4", lines);
        Assert.Contains(
            lines,
            line =>
                line.StartsWith("target_info{", StringComparison.Ordinal)
                && line.Contains("service_name=\"blog\"", StringComparison.Ordinal)
        );
        Assert.Contains("# TYPE blog_problems_total counter", lines);
        Assert.Contains("# HELP blog_problems_total Errors answered, by their code.", lines);
    }

    [Fact]
    public async Task Tells_nothing_of_the_connection_and_of_what_was_sent()
    {
        var metrics = await service.GetAdminAsync("/metrics");

        var connection = new NpgsqlConnectionStringBuilder(database.AppConnectionString);
        foreach (var secret in (string[])[connection.Password!, connection.Database!, "Username", "Zaphod"])
            Assert.DoesNotContain(secret, metrics.Body, StringComparison.Ordinal);
        Assert.Equal(404, (await service.GetAsync("/metrics")).Status);
    }

    [Theory]
    [InlineData(
        "GET",
        AcceptOfPrometheus,
        200,
        "application/openmetrics-text; version=1.0.0; charset=utf-8; escaping=underscores"
    )]
    [InlineData("GET", "text/plain;version=0.0.4", 200, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("GET", "text/*", 200, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("GET", "*/*", 200, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("HEAD", "text/plain", 200, "text/plain; version=0.0.4; charset=utf-8")]
    [InlineData("GET", "application/json", 406, "application/problem+json")]
    [InlineData("GET", "text/plain;q=0", 406, "application/problem+json")]
    [InlineData("POST", "text/plain", 405, "application/problem+json")]
    [InlineData("OPTIONS", "text/plain", 204, null)]
    public async Task Heeds_the_method_and_the_Accept_header(
        string method,
        string accept,
        int status,
        string? contentType
    )
    {
        var answer = await service.SendAdminAsync(method, "/metrics", ("Accept", accept));

        Assert.Equal((status, contentType), (answer.Status, answer["Content-Type"]));
        Assert.Equal(method == "HEAD" || status == 204, answer.Body.Length == 0);
        Assert.Equal(status is 405 or 204 ? "GET, HEAD, OPTIONS" : null, answer["Allow"]);
    }

    [Fact]
    public async Task The_dashboard_uses_no_metric_and_no_label_that_is_not_there()
    {
        var (families, labels) = Read((await service.GetAdminAsync("/metrics")).Body);
        using var dashboard = JsonDocument.Parse(Resource("dashboard.json"));
        var expressions = ExpressionsIn(dashboard.RootElement).ToArray();

        Assert.True(expressions.Length >= 15, $"{expressions.Length} expressions");
        var metrics = expressions.SelectMany(text => Metric().Matches(text)).Select(match => match.Value).ToHashSet();
        Assert.Contains("blog_sql_refused_total", metrics);
        Assert.Empty(metrics.Except(families));
        Assert.DoesNotContain(expressions, text => !Metric().IsMatch(text));
        Assert.Empty(
            expressions
                .SelectMany(text => Name().Matches(text))
                .Select(match => match.Value)
                .Except(metrics)
                .Except(labels)
        );
    }

    [Fact]
    public async Task The_table_of_the_operators_page_names_every_metric()
    {
        var (_, _, types) = ReadTypes((await service.GetAdminAsync("/metrics")).Body);
        var rows = MetricRow()
            .Matches(Resource("telemetry.md"))
            .Select(row => (Name: row.Groups["name"].Value, Type: row.Groups["type"].Value))
            .ToArray();

        var missing = types.Where(metric =>
            !rows.Any(row =>
                row.Name.EndsWith('*')
                    ? metric.Key.StartsWith(row.Name[..^1], StringComparison.Ordinal)
                    : row == (metric.Key, metric.Value)
            )
        );

        Assert.Empty(missing);
        Assert.Empty(rows.Where(row => !row.Name.EndsWith('*')).Select(row => row.Name).Except(types.Keys));
    }

    static (HashSet<string> Samples, HashSet<string> Labels) Read(string text)
    {
        var (samples, labels, _) = ReadTypes(text);
        return (samples, labels);
    }

    /// <summary>Every sample's name, every label, and the type of each metric, as text in the format 0.0.4 says.</summary>
    static (HashSet<string> Samples, HashSet<string> Labels, Dictionary<string, string> Types) ReadTypes(string text)
    {
        var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var samples = lines.Where(line => line[0] != '#').Select(line => Sample().Match(line)).ToArray();
        Assert.All(samples, sample => Assert.True(sample.Success));
        return (
            [.. samples.Select(sample => sample.Groups["name"].Value)],
            [.. samples.SelectMany(sample => sample.Groups["label"].Captures).Select(label => label.Value)],
            lines
                .Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal))
                .Select(line => line.Split(' '))
                .ToDictionary(words => words[2], words => words[3])
        );
    }

    static IEnumerable<string> ExpressionsIn(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => element
                .EnumerateObject()
                .SelectMany(member =>
                    member.Name is "expr" or "definition" ? [member.Value.GetString()!] : ExpressionsIn(member.Value)
                ),
            JsonValueKind.Array => element.EnumerateArray().SelectMany(ExpressionsIn),
            _ => [],
        };

    static string Resource(string name)
    {
        using var stream = typeof(MetricsTests).Assembly.GetManifestResourceStream(name)!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    // A name in front of a selector. Every metric of the dashboard is written with one.
    [GeneratedRegex(@"\b[a-z][a-z0-9_]*(?=\{)", RegexOptions.None, 1000)]
    private static partial Regex Metric();

    // Whatever is no word of PromQL: those have no underscore, but for these.
    [GeneratedRegex(
        @"\b(?!(?:histogram_quantile|label_values|label_replace|clamp_min|group_left|group_right|sum_over_time)\b)[a-z][a-z0-9]*_[a-z0-9_]*\b",
        RegexOptions.None,
        1000
    )]
    private static partial Regex Name();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)\{((?<label>[a-z_]+)="(\\.|[^"\\])*",?)*\} (?<value>[-+0-9.eE]+|\+Inf|NaN)$""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Sample();

    [GeneratedRegex(
        @"^\| `(?<name>[a-z0-9_]+\*?)` \| (?<type>counter|gauge|histogram)? ?\|",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        1000
    )]
    private static partial Regex MetricRow();
}
