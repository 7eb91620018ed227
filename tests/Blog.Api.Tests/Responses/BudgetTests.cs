using Blog.Api.Health;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Users;
using Blog.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Blog.Api.Tests.Responses;

/// <summary>What an operation asks of the database does not grow with what it is given.</summary>
public sealed class BudgetTests(BlogApi api, PostgresServer server) : ApiTest(api)
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0)]
    [InlineData(1, 3)]
    [InlineData(1, 50)]
    [InlineData(10, 3)]
    [InlineData(10, 50)]
    [InlineData(100, 0)]
    [InlineData(100, 3)]
    [InlineData(100, 50)]
    public async Task A_creation_takes_2_statements_in_1_trip_and_a_read_2_in_1_whatever_the_size(int posts, int tags)
    {
        var body = $$"""
            {"name":"Ann","bio":"hi","posts":[{{string.Join(
                ',',
                Enumerable
                    .Range(0, posts)
                    .Select(post =>
                        $$"""{"title":"T","content":"C","tag_names":[{{string.Join(
                            ',',
                            Enumerable.Range(0, tags).Select(tag => $"\"{post} {tag}\"")
                        )}}]}"""
                    )
            )}}]}
            """;
        var names = posts * tags;

        var created = await Api.PostAsync("/users", body);
        var first = await Api.GetAsync("/users/2");
        var read = await Api.GetAsync("/users/2");

        Assert.Equal(201, created.Status);
        Assert.Equal(created.Body, read.Body);
        Assert.Equal(created.Body, first.Body);
        Assert.Equal($"stmts=2, trips=1, rows={names + 2 + posts}, budget=ok", created["Blog-SQL"]);
        // The names that are not known are asked for at once.
        Assert.Equal(
            names == 0
                ? $"stmts=2, trips=1, rows={1 + posts}, budget=ok"
                : $"stmts=3, trips=2, rows={1 + posts + names}, budget=ok",
            first["Blog-SQL"]
        );
        Assert.Equal($"stmts=2, trips=1, rows={1 + posts}, budget=ok", read["Blog-SQL"]);
        Assert.Equal(
            [$"{posts + 2} {names + 3}"],
            await ListAsync(
                "select concat_ws(' ', (select count(*) from blog.post), (select count(*) from blog.post_tag))"
            )
        );
    }

    [Fact]
    public async Task More_rows_than_the_header_of_a_query_allows_are_reported_and_logged()
    {
        await using var crowded = await BlogApi.StartAsync(server, "", ("Sql:Budget", "warn"));
        await crowded.Database.ExecuteAsync(
            "insert into blog.schemaversions (scriptname, applied) select 'z' || n, now() from generate_series(1, 10000) n"
        );
        // A client that does not fail when a budget is passed.
        using var client = new HttpClient { BaseAddress = crowded.Address };

        using var response = await client.GetAsync("/readyz", TestContext.Current.CancellationToken);

        var answer = await Answer.OfAsync(response);
        Assert.Equal("""200 {"status":"ready"}""", answer.Outcome);
        Assert.Matches("^stmts=2, trips=2, rows=10[0-9]{3}, budget=over$", answer["Blog-SQL"]);
        Assert.Contains(
            crowded.Log,
            line =>
                line.StartsWith(
                    $"Warning: GET /readyz asked more of the database than its budget: {answer["Blog-SQL"]};",
                    StringComparison.Ordinal
                ) && line.Contains("health/get_journal", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData(3, 2, "ok")]
    [InlineData(2, 2, "over")]
    [InlineData(3, 1, "over")]
    public async Task More_statements_or_trips_than_the_budget_of_an_operation_are_reported(
        int statements,
        int trips,
        string expected
    )
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(new Drain(TimeSpan.Zero, NullLogger<Drain>.Instance));
        await using var data = new BlogData(Api.Database.AppConnectionString);
        var users = new UserRepository(data);
        await using var host = builder.Build();
        host.UseMiddleware<ResponseHeaders>();
        host.UseRouting();
        host.MapGet("/", async () => (await users.GetUserAsync(1, 10, CancellationToken.None))!.Name)
            .WithSqlBudget(statements, trips);
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new(host.Urls.Single()) };

        using var response = await client.GetAsync("/", TestContext.Current.CancellationToken);

        var answer = await Answer.OfAsync(response);
        Assert.Equal("200 Bea", answer.Outcome);
        Assert.Equal($"stmts=3, trips=2, rows=5, budget={expected}", answer["Blog-SQL"]);
    }
}
