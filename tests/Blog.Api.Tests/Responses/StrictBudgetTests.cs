using Blog.Api.Health;
using Blog.Api.Problems;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Users;
using Blog.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Blog.Api.Tests.Responses;

/// <summary>What a client is told where strict budgets refuse, and what is stored then.</summary>
public sealed class StrictBudgetTests(BlogApi api, PostgresServer server) : ApiTest(api)
{
    const string NothingStored =
        "It would have asked more of the database than the budget of the operation; nothing was stored";
    const string Stored =
        "It is stored, but the answer would have asked more of the database than the budget of the operation";

    [Theory]
    [InlineData(2, 1, 201, "budget=ok")]
    [InlineData(2, 0, 500, "budget=over")]
    [InlineData(1, 1, 500, "budget=over")]
    public async Task A_write_beyond_the_budget_of_its_operation_is_an_error_and_is_not_stored(
        int statements,
        int trips,
        int status,
        string budget
    )
    {
        var builder = WebApplication.CreateBuilder(["--urls", "http://127.0.0.1:0", "--Sql:Budget", "strict"]);
        builder.Logging.ClearProviders();
        builder.Services.AddExceptionHandler<ProblemHandler>();
        builder.Services.AddSingleton(new Drain(TimeSpan.Zero, NullLogger<Drain>.Instance));
        builder.Services.ConfigureHttpJsonOptions(json => ApiJson.Configure(json.SerializerOptions));
        await using var data = new BlogData(Api.Database.AppConnectionString);
        var users = new UserRepository(data);
        await using var host = builder.Build();
        host.UseMiddleware<ResponseHeaders>();
        host.UseExceptionHandler(_ => { });
        host.UseRouting();
        host.MapPost(
                "/",
                async () =>
                {
                    var user = new UserCreate("Ann", null, [new("T", "C", ["new"])]);
                    return Microsoft.AspNetCore.Http.TypedResults.Created(
                        $"/users/{(await users.CreateUserAsync(user, once: null, CancellationToken.None)).Id}"
                    );
                }
            )
            .WithSqlBudget(statements, trips);
        await host.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new(host.Urls.Single()) };

        using var response = await client.PostAsync("/", content: null, TestContext.Current.CancellationToken);

        var answer = await Answer.OfAsync(response);
        Assert.Equal(status, answer.Status);
        Assert.EndsWith(budget, answer["Blog-SQL"], StringComparison.Ordinal);
        if (status == 500)
        {
            Assert.Equal("application/problem+json", answer["Content-Type"]);
            Assert.Contains(
                $"\"status\":500,\"detail\":\"{NothingStored}\",\"instance\":\"/\",\"code\":\"internal_error\"",
                answer.Body,
                StringComparison.Ordinal
            );
        }

        Assert.Equal(status == 201 ? "2 1 3 3 4" : "1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Rows_beyond_the_header_of_a_query_end_a_write_before_its_commit()
    {
        await using var crowded = await CrowdedAsync();
        using var client = new HttpClient { BaseAddress = crowded.Address };

        var read = await SendAsync(client, "GET");
        var patched = await SendAsync(client, "PATCH", """{"title":"New"}""", ("Idempotency-Key", "k"));

        Assert.Equal((500, NothingStored), (read.Status, DetailOf(read)));
        Assert.Equal("stmts=2, trips=1, rows=202, budget=over", read["Blog-SQL"]);
        Assert.Equal((500, NothingStored), (patched.Status, DetailOf(patched)));
        Assert.Equal(["T 1", "T 1"], await TitlesAsync(crowded));
        Assert.Empty(await crowded.Database.ListAsync("select status from blog.idempotency_key"));
    }

    [Fact]
    public async Task Behind_a_write_that_is_committed_they_are_an_error_that_says_so()
    {
        await using var crowded = await CrowdedAsync();
        using var client = new HttpClient { BaseAddress = crowded.Address };

        var replaced = await SendAsync(client, "PUT", """{"title":"New","content":"C"}""");

        Assert.Equal((500, Stored), (replaced.Status, DetailOf(replaced)));
        Assert.Equal(["New 2", "T 1"], await TitlesAsync(crowded));
        Assert.Contains(
            crowded.Log,
            line =>
                line.Contains(
                    "posts/replace_post returned 203 rows or more, where 52 are allowed",
                    StringComparison.Ordinal
                )
        );
    }

    [Fact]
    public async Task An_unknown_setting_ends_the_start()
    {
        var (exitCode, output) = await ServiceProcess.RunAsync("Production", ("Sql__Budget", "lenient"));

        Assert.Equal((78, "Sql__Budget is warn or strict, not \"lenient\"."), (exitCode, output.Trim()));
    }

    /// <summary>Ann's one post has more links than a post may have; Ben's stands by.</summary>
    async Task<BlogApi> CrowdedAsync()
    {
        var crowded = await BlogApi.StartAsync(server);
        await crowded.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Ben');
            insert into blog.post (author_id, title, content) values (1, 'T', 'C'), (2, 'T', 'C');
            insert into blog.tag (name) values ('a');
            alter table blog.post_tag drop constraint post_tag_pkey;
            insert into blog.post_tag (post_id, tag_id) select 1, 1 from generate_series(1, 201);
            """
        );
        return crowded;
    }

    static Task<string[]> TitlesAsync(BlogApi crowded) =>
        crowded.Database.ListAsync("select concat_ws(' ', title, version) from blog.post order by id");

    static async Task<Answer> SendAsync(
        HttpClient client,
        string method,
        string? json = null,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(new(method), "/posts/1");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        if (json is not null)
            request.Content = new StringContent(
                json,
                new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")
            );
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    static string? DetailOf(Answer answer)
    {
        using var problem = System.Text.Json.JsonDocument.Parse(answer.Body);
        return problem.RootElement.GetProperty("detail").GetString();
    }
}
