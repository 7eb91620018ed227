using System.Text.Json;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Operate;
using Blog.Testing;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Api.Tests.Responses;

/// <summary>Where they are switched on, a read can be asked for what it asked of the database.</summary>
public sealed class ReceiptTests(ExplainingApi explaining, PostgresServer server) : IClassFixture<ExplainingApi>
{
    const string Plan = "application/vnd.blog.plan+json";

    // A quote, commas, braces, a backslash, and what would end a statement.
    static readonly string[] hostile = ["it's", "a,b", "{x}", "back\\slash", "\"'); drop table blog.tag; --"];

    BlogApi Api => explaining.Api;

    [Fact]
    public async Task Shows_a_graph_s_two_statements_under_both_plans()
    {
        var plain = await Api.GetAsync("/users/2");
        var answer = await GetReceiptAsync("/users/2");
        var receipt = Json(answer);

        Assert.Equal(
            ("no-store", null, "Accept, Prefer", Plan),
            (answer["Cache-Control"], answer["ETag"], answer["Vary"], answer["Content-Type"])
        );
        Assert.Equal(200, plain.Status);
        Assert.Equal("stmts=2, trips=1, rows=2, budget=ok", answer["Blog-SQL"]);
        Assert.Matches("^app;dur=[0-9.]+, db;dur=[0-9.]+, users_get_user;dur=[0-9.]+$", answer["Server-Timing"]);
        Assert.Equal("GET /users/2", receipt.GetProperty("request").GetString());
        Assert.Equal(200, receipt.GetProperty("status").GetInt32());
        Assert.True(receipt.GetProperty("holds").GetBoolean());
        Assert.Equal("""{"statements":3,"trips":2}""", receipt.GetProperty("budget").GetRawText());
        var trip = Assert.Single(receipt.GetProperty("round_trips").EnumerateArray());
        Assert.Equal(
            ("""["users/get_user"]""", 2),
            (trip.GetProperty("files").GetRawText(), trip.GetProperty("rows").GetInt64())
        );
        Assert.Equal(
            [
                """users/get_user 1 of sql/queries/users/get_user.sql with {"userId":"2"} gave 1 and 1, holds""",
                """users/get_user 2 of sql/queries/users/get_user.sql with {"userId":"2","postLimit":"1000","withTags":"true"} gave 1 and 1, holds""",
            ],
            Statements(receipt)
        );
        var first = receipt.GetProperty("statements")[0];
        Assert.Equal(["Index Cond: (id = $1)"], ConditionsOf(first.GetProperty("generic"), "users_pkey"));
        Assert.Equal(["Index Cond: (id = '2'::bigint)"], ConditionsOf(first.GetProperty("custom"), "users_pkey"));
        Assert.All(
            (string[])["generic", "custom"],
            mode =>
            {
                var plan = first.GetProperty(mode);
                Assert.InRange(plan.GetProperty("buffers").GetInt64(), 1, 10);
                Assert.True(plan.GetProperty("milliseconds").GetDouble() > 0);
                Assert.InRange(plan.GetProperty("plan").GetProperty("estimated_rows").GetDouble(), 1, 10);
            }
        );
    }

    [Theory]
    [InlineData(
        "/posts?author_id=2&tag=it%27s&tag=a%2Cb&tag=%7Bx%7D&tag=back%5Cslash&tag=%22%27)%3B%20drop%20table%20blog.tag%3B%20--",
        """posts/list_posts_by_author_and_tags 1 with {"authorId":"2","tagNames":"{\"it's\",\"a,b\",\"{x}\",\"back\\\\slash\",\"\\\"'); drop table blog.tag; --\"}","before":"9223372036854775807","limit":"21","withTags":"true","withAuthor":"false"} gave 1 and 1, holds"""
    )]
    [InlineData(
        "/tags?name=it%27s",
        """tags/list_tags_by_name 1 with {"name":"it's","after":"","limit":"21","withPostCount":"false"} gave 1 and 1, holds"""
    )]
    [InlineData(
        "/tags?name_prefix=back%5C&limit=5",
        """tags/list_tags_by_name_prefix 1 with {"prefix":"back\\","after":"","limit":"6","withPostCount":"false"} gave 1 and 1, holds"""
    )]
    public async Task Executes_a_list_with_the_very_arguments_it_was_sent_with(string path, string expected)
    {
        // The names of the tags are known then.
        await Api.GetAsync(path);

        Assert.Equal([expected], Statements(Json(await GetReceiptAsync(path)), withFile: false));
    }

    [Fact]
    public async Task Shows_every_file_of_a_round_trip_and_executes_none_whose_plan_alone_was_asked_for()
    {
        // The names of all tags are known then.
        await Api.GetAsync("/posts");
        var exact = Json(await GetReceiptAsync("/users/2/posts", ("Prefer", "count=exact")));
        var planned = Json(await GetReceiptAsync("/posts", ("Prefer", "count=planned")));

        Assert.Equal(
            [
                "posts/list_posts_by_author 1 gave 1 and 1, holds",
                "posts/count_posts_by_author 1 gave 1 and 1, holds",
                "users/find_user 1 gave 1 and 1, holds",
            ],
            Statements(exact, withFile: false, withArguments: false)
        );
        Assert.Equal(
            ["posts/list_posts 1 gave 3 and 3, holds", "posts/count_posts 1 not executed"],
            Statements(planned, withFile: false, withArguments: false)
        );
        Assert.Equal(
            """["posts/list_posts","posts/count_posts"]""",
            planned.GetProperty("round_trips")[0].GetProperty("files").GetRawText()
        );
        Assert.True(planned.GetProperty("holds").GetBoolean());
    }

    [Theory]
    [InlineData("/users/2", 304, "users/get_user_revision 1 gave 1 and 1, holds")]
    [InlineData("/users/9/profile", 404, "users/get_profile 1 gave 0 and 0, holds")]
    [InlineData("/users/2/profile", 200, "users/get_profile 1 gave 1 and 1, holds")]
    [InlineData("/tags/9", 404, "tags/get_tag 1 gave 0 and 0, holds")]
    [InlineData("/posts/3/tags", 304, "posts/get_post_tags 1 gave 5 and 5, holds")]
    public async Task Is_of_what_was_asked_whatever_the_status(string path, int status, string statement)
    {
        var receipt = Json(
            await GetReceiptAsync(path, status == 304 ? [("If-None-Match", "*")] : ((string, string)[])[])
        );

        Assert.Equal(status, receipt.GetProperty("status").GetInt32());
        Assert.Equal([statement], Statements(receipt, withFile: false, withArguments: false));
    }

    [Theory]
    [InlineData("/posts?tags=x", 400)]
    [InlineData("/users/x", 422)]
    [InlineData("/users/99999999999999999999", 404)]
    [InlineData("/nowhere", 404)]
    [InlineData("/readyz", 406)]
    [InlineData("/export/users", 406)]
    public async Task Of_nothing_there_is_none(string path, int status)
    {
        var answer = await Api.GetAsync(path, ("Accept", Plan));

        Assert.Equal((status, "application/problem+json"), (answer.Status, answer["Content-Type"]));
        Assert.Equal("stmts=0, trips=0, rows=0, budget=ok", answer["Blog-SQL"]);
    }

    [Theory]
    [InlineData("*/*", "application/json")]
    [InlineData("application/*", "application/json")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, application/vnd.blog.plan+json", "application/json")]
    [InlineData("application/json, application/vnd.blog.plan+json;q=0", "application/json")]
    [InlineData("application/vnd.blog.plan+json, */*;q=0.1", Plan)]
    [InlineData("application/vnd.blog.plan+json, application/json;q=0.9", Plan)]
    [InlineData("application/json;q=0.5, application/vnd.blog.plan+json;q=0.9", Plan)]
    [InlineData("application/*+json", Plan)]
    [InlineData("APPLICATION/vnd.blog.plan+JSON", Plan)]
    public async Task Is_made_for_whoever_wants_it_more_than_json(string accept, string type) =>
        Assert.Equal(type, (await Api.GetAsync("/users/1", ("Accept", accept)))["Content-Type"]);

    [Theory]
    [InlineData("text/html")]
    [InlineData("application/vnd.blog.plan+json;q=0")]
    [InlineData("application/json;q=0, */*")]
    public async Task Answers_406_with_both_types_where_neither_is_accepted(string accept)
    {
        var answer = await Api.GetAsync("/users/1", ("Accept", accept));

        Assert.Equal(406, answer.Status);
        Assert.Contains(
            "\"detail\":\"Nothing that the Accept header admits is made here: application/json and application/vnd.blog.plan+json are\"",
            answer.Body,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("POST", "/users", """{"name":"N"}""")]
    [InlineData("PUT", "/users/2", """{"name":"N"}""")]
    [InlineData("PUT", "/posts/3/tags", """{"tag_names":["n"]}""")]
    [InlineData("DELETE", "/posts/3", null)]
    public async Task No_write_has_one_and_none_is_done(string method, string path, string? body)
    {
        var before = await Api.Database.ListAsync(Everything);

        var answer = await Api.SendAsync(method, path, body, ("Accept", Plan));

        Assert.Equal(406, answer.Status);
        Assert.DoesNotContain(Plan, answer.Body, StringComparison.Ordinal);
        Assert.Equal(before, await Api.Database.ListAsync(Everything));
        Assert.Contains("users (1,Bea,", string.Join('\n', before), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HEAD_has_its_headers()
    {
        var answer = await Api.SendAsync("HEAD", "/users/2", json: null, ("Accept", Plan));

        Assert.Equal(
            (200, Plan, "no-store", ""),
            (answer.Status, answer["Content-Type"], answer["Cache-Control"], answer.Body)
        );
    }

    [Fact]
    public async Task Names_what_its_contract_does_not_allow()
    {
        await using var own = await BlogApi.StartAsync(server, settings: ("Sql:Explain", "on"));
        await own.Database.ExecuteAsync(
            """
            insert into blog.users (name) select 'Ann' from generate_series(1, 600);
            insert into blog.post (author_id, title, content) select u.id, 'T', 'C' from blog.users u, generate_series(1, 5);
            analyze blog.users, blog.post;
            """
        );
        var sound = Json(await own.GetAsync("/users/1", ("Accept", Plan)));
        await own.Database.ExecuteAsync("drop index blog.post_author_id_id_idx");

        var broken = Json(await own.GetAsync("/users/1", ("Accept", Plan)));

        Assert.True(sound.GetProperty("holds").GetBoolean(), $"{sound}");
        Assert.Equal(3000, sound.GetProperty("posts").GetInt64());
        Assert.False(broken.GetProperty("holds").GetBoolean());
        var statements = broken.GetProperty("statements");
        Assert.False(statements[0].GetProperty("holds").GetBoolean());
        Assert.False(statements[1].GetProperty("holds").GetBoolean());
        Assert.All(
            (string[])["generic", "custom"],
            mode =>
                Assert.Contains(
                    statements[1].GetProperty(mode).GetProperty("broken").EnumerateArray(),
                    one =>
                        one.GetProperty("property").GetString() == "whole"
                        && one.GetProperty("told").GetString() == "reads all of post"
                        && one.GetProperty("step").GetString()!.Contains(" on post", StringComparison.Ordinal)
                )
        );
    }

    [Fact]
    public async Task Leaves_the_database_as_it_was_and_nothing_unknown_in_its_statistics()
    {
        var before = await Api.Database.ListAsync(Everything);
        foreach (var name in hostile.Append("lf\nlf").Append("😀 :a $1 @b"))
        {
            await GetReceiptAsync($"/tags?name={Uri.EscapeDataString(name)}");
            await GetReceiptAsync($"/posts?tag=it%27s&tag={Uri.EscapeDataString(name)}");
            await GetReceiptAsync($"/users?name_prefix={Uri.EscapeDataString(name)}", ("Prefer", "count=planned"));
            await GetReceiptAsync($"/posts?q={Uri.EscapeDataString("x " + name)}", ("Prefer", "count=planned"));
        }

        await using var data = new BlogData(Api.Database.SuperuserConnectionString);
        var audit = await new SqlStatistics(data).AuditAsync("blog_app", TestContext.Current.CancellationToken);

        Assert.Equal(before, await Api.Database.ListAsync(Everything));
        Assert.Empty(audit.Unknown);
        // What is sent again on the same connection is prepared there, and counted the first time only.
        Assert.Contains(audit.Driver, one => one is { Name: "probe", Calls: > 20 });
    }

    [Fact]
    public void Is_offered_by_every_read_of_the_public_api() =>
        Assert.Equal(
            [
                "GetPost",
                "GetPostTags",
                "GetProfile",
                "GetTag",
                "GetUser",
                "ListPosts",
                "ListTags",
                "ListUserPosts",
                "ListUsers",
            ],
            Api.Services.GetRequiredService<EndpointDataSource>()
                .Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<OffersReceipt>() is not null)
                .Select(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task An_unknown_setting_ends_the_start()
    {
        var (exitCode, output) = await ServiceProcess.RunAsync("Production", ("Sql__Explain", "yes"));

        Assert.Equal((78, "Sql__Explain is on or off, not \"yes\"."), (exitCode, output.Trim()));
    }

    const string Everything = """
        select 'users ' || u::text from blog.users u
        union all select 'profile ' || p::text from blog.profile p
        union all select 'post ' || p::text from blog.post p
        union all select 'tag ' || t::text from blog.tag t
        union all select 'post_tag ' || l::text from blog.post_tag l
        union all select 'tag_epoch ' || e::text from blog.tag_epoch e
        union all select 'key ' || k::text from blog.idempotency_key k
        union all select s.sequencename || ' ' || coalesce(s.last_value, 0) from pg_sequences s
        order by 1
        """;

    async Task<Answer> GetReceiptAsync(string path, params (string, string)[] headers)
    {
        var answer = await Api.GetAsync(path, [("Accept", Plan), .. headers]);
        Assert.True(answer is { Status: 200 } && answer["Content-Type"] == Plan, $"{path}: {answer.Outcome}");
        return answer;
    }

    static JsonElement Json(Answer answer) => JsonDocument.Parse(answer.Body).RootElement.Clone();

    static IEnumerable<string> Statements(JsonElement receipt, bool withFile = true, bool withArguments = true) =>
        receipt
            .GetProperty("statements")
            .EnumerateArray()
            .Select(statement =>
                string.Concat(
                    statement.GetProperty("id").GetString(),
                    withFile ? $" of {statement.GetProperty("file").GetString()}" : "",
                    withArguments ? $" with {statement.GetProperty("arguments").GetRawText()}" : "",
                    statement.GetProperty("is_executed").GetBoolean()
                        ? $" gave {RowsOf(statement, "generic")} and {RowsOf(statement, "custom")}, {(statement.GetProperty("holds").GetBoolean() ? "holds" : "does not hold")}"
                        : $" not executed{statement.GetProperty("holds").GetString()}{statement.GetProperty("generic").GetProperty("rows").GetString()}"
                )
            );

    static string RowsOf(JsonElement statement, string mode) =>
        statement.GetProperty(mode).GetProperty("rows").GetRawText();

    static IEnumerable<string?> ConditionsOf(JsonElement mode, string index) =>
        Steps(mode.GetProperty("plan"))
            .Where(step => step.GetProperty("index").GetString() == index)
            .SelectMany(step => step.GetProperty("conditions").EnumerateArray())
            .Select(condition => condition.GetString());

    static IEnumerable<JsonElement> Steps(JsonElement step) =>
        step.GetProperty("below").EnumerateArray().SelectMany(Steps).Prepend(step);
}

/// <summary>A service with receipts switched on; Ann's one post has every hostile tag, Bea stands by with two others.</summary>
public sealed class ExplainingApi(PostgresServer server) : IAsyncLifetime
{
    BlogApi? api;

    public BlogApi Api => api ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync()
    {
        api = await BlogApi.StartAsync(server, settings: ("Sql:Explain", "on"));
        await api.Database.ExecuteAsync("create extension pg_stat_statements");
        await api.PostAsync(
            "/users",
            """{"name":"Bea","bio":"stands by","posts":[{"title":"First","content":"one","tag_names":["shared"]},{"title":"Second","content":"two"}]}"""
        );
        await api.PostAsync(
            "/users",
            """{"name":"Ann","bio":"Writes.","posts":[{"title":"T","content":"x","tag_names":["it's","a,b","{x}","back\\slash","\"'); drop table blog.tag; --"]}]}"""
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (api is not null)
            await api.DisposeAsync();
    }
}
