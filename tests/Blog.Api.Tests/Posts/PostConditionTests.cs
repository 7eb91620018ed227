using Blog.Testing;

namespace Blog.Api.Tests.Posts;

/// <summary>If-Match on every write of a post.</summary>
public sealed class PostConditionTests(BlogApi api, PostgresServer server) : PostTest(api)
{
    public static TheoryData<string, string, string?> Writes =>
        new()
        {
            { "PUT", "/posts/3", """{"title":"U","content":"D"}""" },
            { "PUT", "/posts/3", """{"title":"U","content":"D","tag_names":["new"]}""" },
            { "PATCH", "/posts/3", """{"content":"D"}""" },
            { "PATCH", "/posts/3", """{"tag_names":["new"]}""" },
            { "DELETE", "/posts/3", null },
            { "PUT", "/posts/3/tags", """{"tag_names":["new"]}""" },
            { "POST", "/posts/3/tags", """{"tag_names":["new"]}""" },
            { "DELETE", "/posts/3/tags/1", null },
        };

    [Theory, MemberData(nameof(Writes))]
    public async Task Nothing_is_written_to_another_version_and_the_answer_names_the_current_one(
        string method,
        string path,
        string? body
    )
    {
        await ArrangeAnnAsync();
        await ExecuteAsync("update blog.post set version = 7 where id = 3; update blog.tag_epoch set epoch = 4");
        var before = await RowsAsync();

        foreach (
            var held in (string[])
                ["\"p3.1-1\"", "\"p3.6-4\", \"p3.8-4\"", "\"p1.7-4\"", "\"u3.7-4\"", "W/\"p3.7-4\"", "\"x\""]
        )
        {
            var answer = await Api.SendAsync(method, path, body, ("If-Match", held));

            Assert.Equal(Stale(path), answer.Outcome);
            Assert.Equal("\"p3.7-4\"", answer["ETag"]);
        }

        Assert.Equal(before, await RowsAsync());
        Assert.Equal("2 1 3 3 5", await CountRowsAsync());
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Is_written_to_the_version_that_was_named_whatever_the_epoch_and_the_variant(
        string method,
        string path,
        string? body
    )
    {
        foreach (var held in (string[])["\"p3.1-1\"", "\"p3.1-99\"", "\"p3.1-1.0af3\"", "\"x\", \"p3.1-1\"", "*"])
        {
            await InitializeAsync();
            await ArrangeAnnAsync();

            var answer = await Api.SendAsync(method, path, body, ("If-Match", held));

            Assert.Equal(200, answer.Status);
            Assert.Equal("\"u2.2-1\"", (await Api.GetAsync("/users/2"))["ETag"]);
        }
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task A_post_that_is_not_there_is_404_before_it_is_stale(string method, string path, string? body)
    {
        await Assert.AllAsync(
            ["\"p3.1-1\"", "*"],
            async held =>
                Assert.Equal(PostNotFound(path), (await Api.SendAsync(method, path, body, ("If-Match", held))).Outcome)
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task A_condition_without_quotes_is_an_invalid_header(string method, string path, string? body)
    {
        await ArrangeAnnAsync();

        var answer = await Api.SendAsync(method, path, body, ("If-Match", "p3.1-1"));

        Assert.Equal(
            $$"""400 {"type":"/problems/invalid_header","title":"Bad Request","status":400,"detail":"A header does not have its form","instance":"{{path}}","code":"invalid_header","request_id":"test","errors":[{"header":"If-Match","code":"invalid_format","detail":"A list of entity tags in double quotes belongs here, or *."}]}""",
            answer.Outcome
        );
        Assert.Equal("u2.1 p3.1", await VersionsAsync());
    }

    [Fact]
    public async Task Stays_within_the_budget_where_it_is_stale()
    {
        await ArrangeAnnAsync();
        var stale = ("If-Match", "\"p3.9-1\"");

        var put = await Api.PutAsync("/posts/3", """{"title":"U","content":"D","tag_names":["a"]}""", stale);
        var patch = await Api.PatchAsync("/posts/3", "{}", stale);
        var delete = await Api.DeleteAsync("/posts/3", stale);

        Assert.Equal("stmts=5, trips=2, rows=5, budget=ok", put["Blog-SQL"]);
        Assert.Equal("stmts=3, trips=1, rows=4, budget=ok", patch["Blog-SQL"]);
        Assert.Equal("stmts=2, trips=2, rows=2, budget=ok", delete["Blog-SQL"]);
    }

    [Fact]
    public async Task Is_asked_for_where_the_operator_wants_it()
    {
        await using var strict = await BlogApi.StartAsync(server, "", ("Api:RequireIfMatch", "true"));
        await strict.Database.ExecuteAsync(
            "insert into blog.users (name) values ('Ann'); insert into blog.post (author_id, title, content) values (1, 'T', 'C')"
        );

        var put = await strict.PutAsync("/posts/1", """{"title":"U","content":"D"}""");
        var patch = await strict.PatchAsync("/posts/1", """{"title":"U"}""");
        var delete = await strict.DeleteAsync("/posts/1");

        Assert.All(
            [put, patch, delete],
            answer =>
                Assert.Equal(
                    """428 {"type":"/problems/precondition_required","title":"Precondition Required","status":428,"detail":"This service takes such a write only with If-Match","instance":"/posts/1","code":"precondition_required","request_id":"test"}""",
                    answer.Outcome
                )
        );
        Assert.Equal("\"p1.1-1\"", (await strict.GetAsync("/posts/1"))["ETag"]);
        // These are not in the list of the contract: a set of tags is replaced or completed, whatever it was.
        Assert.Equal(200, (await strict.PutAsync("/posts/1/tags", """{"tag_names":["a"]}""")).Status);
        Assert.Equal(200, (await strict.PostAsync("/posts/1/tags", """{"tag_names":["b"]}""")).Status);
        Assert.Equal(200, (await strict.DeleteAsync("/posts/1/tags/1")).Status);
        Assert.Equal(
            200,
            (await strict.PutAsync("/posts/1", """{"title":"U","content":"D"}""", ("If-Match", "\"p1.4-1\""))).Status
        );
    }
}
