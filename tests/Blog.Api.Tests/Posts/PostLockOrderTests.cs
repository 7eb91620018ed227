using System.Net.Http.Headers;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Posts;

/// <summary>
/// Decision 0006: tags, then the author, then the post, then the links. A write that waits holds nothing of what comes later, and
/// what it does in the end it decides from what is there then.
/// </summary>
public sealed class PostLockOrderTests(PostgresServer server) : IAsyncLifetime
{
    /// <summary>What DELETE /users/1?reassign_posts_to=3 does, with versions that are easily told from others.</summary>
    const string ReassignToHeir = $"update blog.users set version = 20 where id = 3; {Reassign}";

    const string Reassign = """
        update blog.post set author_id = 3, version = 10 where id = 1;
        delete from blog.users where id = 1;
        """;

    BlogApi api = null!;

    static readonly (string Method, string Path, string? Body)[] writes =
    [
        ("POST", "/users/1/posts", """{"title":"T","content":"C","tag_names":["a","new"]}"""),
        ("PUT", "/posts/1", """{"title":"U","content":"D"}"""),
        ("PUT", "/posts/1", """{"title":"U","content":"D","tag_names":["a","new"]}"""),
        ("PATCH", "/posts/1", """{"title":"U"}"""),
        ("PATCH", "/posts/1", """{"tag_names":["a","new"]}"""),
        ("PUT", "/posts/1/tags", """{"tag_names":["a","new"]}"""),
        ("POST", "/posts/1/tags", """{"tag_names":["a","new"]}"""),
        ("DELETE", "/posts/1/tags/1", null),
        ("DELETE", "/posts/1", null),
    ];

    public static TheoryData<string, string, string?> Writes => [.. writes];

    public static TheoryData<string, string, string?> WritesOfAPost =>
        [.. writes.Where(write => write.Path.StartsWith("/posts/", StringComparison.Ordinal))];

    public static TheoryData<string, string, string?> WritesOfNewTags =>
        [.. writes.Where(write => write.Body?.Contains("new", StringComparison.Ordinal) is true)];

    public ValueTask InitializeAsync() => ArrangeAsync("warn");

    async ValueTask ArrangeAsync(string budget)
    {
        // The locks are waited for as long as it takes: a busy machine is no part of the test.
        api = await BlogApi.StartAsync(
            server,
            ";Options=-c lock_timeout=30s -c statement_timeout=60s",
            ("Sql:Budget", budget)
        );
        await api.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Bea'), ('Heir');
            insert into blog.post (author_id, title, content) values (1, 'T', 'C'), (2, 'Hers', 'C');
            insert into blog.tag (name) values ('first'), ('second'), ('a');
            insert into blog.post_tag values (1, 1), (2, 1);
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(
            ["2 1 2 1 1"],
            await api.Database.ListAsync(
                "select concat_ws(' ', u.id, u.version, p.id, p.version, pt.tag_id) from blog.users u join blog.post p on p.author_id = u.id join blog.post_tag pt on pt.post_id = p.id where u.id = 2"
            )
        );
        await api.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Whoever_waits_for_the_author_holds_neither_post_nor_link(string method, string path, string? body)
    {
        await using var holder = await BeginAsync("select from blog.users where id = 1 for no key update");

        var write = api.SendAsync(method, path, body);
        await api.Database.UntilWaitingAsync(1);
        await api.Database.ExecuteAsync(
            """
            begin;
            select from blog.post where id = 1 for update nowait;
            select from blog.post_tag where post_id = 1 for update nowait;
            rollback;
            """
        );
        await EndAsync(holder, "rollback");

        Assert.True((await write).Status is 200 or 201);
    }

    [Theory, MemberData(nameof(WritesOfNewTags))]
    public async Task Whoever_waits_for_a_tag_does_not_hold_the_author(string method, string path, string? body)
    {
        await using var holder = await BeginAsync("insert into blog.tag (name) values ('new')");

        var write = api.SendAsync(method, path, body);
        await api.Database.UntilWaitingAsync(1);
        await api.Database.ExecuteAsync(
            """
            begin;
            select from blog.users where id = 1 for update nowait;
            select from blog.post where id = 1 for update nowait;
            rollback;
            """
        );
        await EndAsync(holder, "commit");

        Assert.True((await write).Status is 200 or 201);
    }

    [Theory]
    [InlineData("PUT", "/posts/1/tags", """{"tag_names":["a"]}""", "a")]
    [InlineData("PUT", "/posts/1", """{"title":"T","content":"C","tag_names":["a"]}""", "a")]
    [InlineData("PATCH", "/posts/1", """{"tag_names":["a"]}""", "a")]
    [InlineData("PATCH", "/posts/1", """{"tag_names":["second"]}""", "second")]
    [InlineData("POST", "/posts/1/tags", """{"tag_names":["a"]}""", "second a")]
    [InlineData("DELETE", "/posts/1/tags/2", null, "")]
    public async Task Whoever_waited_starts_from_the_tags_that_the_writer_before_left(
        string method,
        string path,
        string? body,
        string names
    )
    {
        await using var holder = await BeginAsync(
            """
            update blog.users set version = 20 where id = 1;
            update blog.post set version = 10 where id = 1;
            delete from blog.post_tag where post_id = 1;
            insert into blog.post_tag values (1, 2);
            """
        );

        var write = api.SendAsync(method, path, body);
        await api.Database.UntilWaitingAsync(1);
        await EndAsync(holder, "commit");

        Assert.Equal(200, (await write).Status);
        Assert.Equal([names], await NamesAsync());
        // "second" is what the writer before left: to ask for it changes nothing.
        var moved = names == "second" ? 0 : 1;
        Assert.Equal(
            [$"\"u1.{20 + moved}-1\"", $"\"p1.{10 + moved}-1\""],
            [(await api.GetAsync("/users/1"))["ETag"]!, (await api.GetAsync("/posts/1"))["ETag"]!]
        );
    }

    [Theory, MemberData(nameof(WritesOfAPost))]
    public async Task Whoever_waited_is_stale_where_the_writer_before_moved_the_version(
        string method,
        string path,
        string? body
    )
    {
        await using var holder = await BeginAsync(
            """
            update blog.users set version = 20 where id = 1;
            update blog.post set version = 10 where id = 1;
            """
        );

        var write = api.SendAsync(method, path, body, ("If-Match", "\"p1.1-1\""));
        await api.Database.UntilWaitingAsync(1);
        await EndAsync(holder, "commit");

        var answer = await write;
        Assert.Equal((412, "\"p1.10-1\""), (answer.Status, answer["ETag"]));
        Assert.Equal("\"u1.20-1\"", (await api.GetAsync("/users/1"))["ETag"]);
        Assert.Equal(["first"], await NamesAsync());
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task Whoever_waited_for_an_author_who_was_deleted_finds_nobody(
        string method,
        string path,
        string? body
    )
    {
        await using var holder = await BeginAsync("delete from blog.users where id = 1");

        var write = api.SendAsync(method, path, body);
        await api.Database.UntilWaitingAsync(1);
        await EndAsync(holder, "commit");

        Assert.Equal(404, (await write).Status);
        Assert.Equal(
            ["first second a"],
            await api.Database.ListAsync("select string_agg(name, ' ' order by id) from blog.tag")
        );
    }

    [Theory, MemberData(nameof(WritesOfAPost))]
    public async Task Whoever_waited_for_a_post_that_was_deleted_finds_none_and_moves_nobody(
        string method,
        string path,
        string? body
    )
    {
        await using var holder = await BeginAsync(
            "update blog.users set version = 20 where id = 1; delete from blog.post where id = 1"
        );

        var write = api.SendAsync(method, path, body);
        await api.Database.UntilWaitingAsync(1);
        await EndAsync(holder, "commit");

        Assert.Equal(404, (await write).Status);
        Assert.Equal("\"u1.20-1\"", (await api.GetAsync("/users/1"))["ETag"]);
    }

    [Theory, MemberData(nameof(WritesOfAPost))]
    public async Task Whoever_waited_for_an_author_whose_posts_went_to_another_writes_below_that_one(
        string method,
        string path,
        string? body
    )
    {
        await using var holder = await BeginAsync(ReassignToHeir);

        var write = api.SendAsync(method, path, body);
        await api.Database.UntilWaitingAsync(1);
        await EndAsync(holder, "commit");

        Assert.Equal(200, (await write).Status);
        Assert.Equal("\"u3.21-1\"", (await api.GetAsync("/users/3"))["ETag"]);
        var post = await api.GetAsync("/posts/1");
        Assert.Equal(
            (method, path) == ("DELETE", "/posts/1") ? (404, null) : (200, "\"p1.11-1\""),
            (post.Status, post["ETag"])
        );
    }

    [Theory, MemberData(nameof(WritesOfAPost))]
    public async Task Whoever_waited_for_an_author_whose_posts_went_to_another_is_stale(
        string method,
        string path,
        string? body
    )
    {
        await using var holder = await BeginAsync(ReassignToHeir);

        var write = api.SendAsync(method, path, body, ("If-Match", "\"p1.1-1\""));
        await api.Database.UntilWaitingAsync(1);
        await EndAsync(holder, "commit");

        var answer = await write;
        Assert.Equal((412, "\"p1.10-1\""), (answer.Status, answer["ETag"]));
        Assert.Equal("\"u3.20-1\"", (await api.GetAsync("/users/3"))["ETag"]);
    }

    [Theory]
    [InlineData("PUT", "/posts/1/tags", """{"tag_names":["a"]}""", "a")]
    [InlineData("PUT", "/posts/1", """{"title":"T","content":"C","tag_names":["a"]}""", "a")]
    [InlineData("PATCH", "/posts/1", """{"tag_names":["a"]}""", "a")]
    [InlineData("POST", "/posts/1/tags", """{"tag_names":["a"]}""", "second a")]
    [InlineData("DELETE", "/posts/1/tags/2", null, "")]
    [InlineData("PATCH", "/posts/1", """{"title":"U"}""", "second")]
    public async Task Whoever_waited_for_an_author_whose_posts_went_to_another_waits_for_that_one_too(
        string method,
        string path,
        string? body,
        string names
    )
    {
        var answer = await MeetTwiceAsync(method, path, body, waitsTwice: true);

        Assert.Equal(200, answer.Status);
        Assert.Equal([names], await NamesAsync());
        Assert.Equal(
            ["\"u3.31-1\"", "\"p1.21-1\""],
            [(await api.GetAsync("/users/3"))["ETag"]!, (await api.GetAsync("/posts/1"))["ETag"]!]
        );
    }

    [Theory]
    [InlineData("PUT", "/posts/1/tags", """{"tag_names":["a","new"]}""")]
    [InlineData("PUT", "/posts/1", """{"title":"T","content":"C","tag_names":["a","new"]}""")]
    [InlineData("PATCH", "/posts/1", """{"tag_names":["a","new"]}""")]
    public async Task Under_strict_budgets_it_is_done_again_from_its_beginning_in_place_of_the_second_look(
        string method,
        string path,
        string? body
    )
    {
        await api.DisposeAsync();
        await ArrangeAsync("strict");

        var answer = await MeetTwiceAsync(method, path, body, waitsTwice: true);

        Assert.Equal((200, "stmts=10, trips=5, rows=12, budget=ok"), (answer.Status, answer["Blog-SQL"]));
        Assert.Equal(["a new"], await NamesAsync());
        Assert.Equal(
            ["first second a new"],
            await api.Database.ListAsync("select string_agg(name, ' ' order by id) from blog.tag")
        );
        Assert.Equal(
            ["\"u3.31-1\"", "\"p1.21-1\""],
            [(await api.GetAsync("/users/3"))["ETag"]!, (await api.GetAsync("/posts/1"))["ETag"]!]
        );
    }

    /// <summary>The write waits for its author, whose posts go to another one, and where it looks again for that one, who is being written too.</summary>
    async Task<Answer> MeetTwiceAsync(string method, string path, string? body, bool waitsTwice)
    {
        await using var holder = await BeginAsync(Reassign);
        await using var next = await BeginAsync("select from blog.users where id = 3 for no key update");
        // Another look costs another trip: a client that does not fail where a budget is passed.
        using var client = new HttpClient { BaseAddress = api.Address };
        using var request = new HttpRequestMessage(new(method), path);
        if (body is not null)
            request.Content = new StringContent(body, new MediaTypeHeaderValue("application/json"));

        var write = client.SendAsync(request, TestContext.Current.CancellationToken);
        await WaitUntilOneWaitsForAsync(holder);
        await EndAsync(holder, "commit");
        if (waitsTwice)
            await WaitUntilOneWaitsForAsync(next);
        else
            await write;
        await EndAsync(
            next,
            """
            update blog.users set version = 30 where id = 3;
            update blog.post set version = 20 where id = 1;
            delete from blog.post_tag where post_id = 1;
            insert into blog.post_tag values (1, 2);
            commit;
            """
        );

        using var response = await write;
        return await Answer.OfAsync(response);
    }

    Task<string[]> NamesAsync() =>
        api.Database.ListAsync(
            "select coalesce(string_agg(t.name, ' ' order by t.id), '') from blog.post_tag pt join blog.tag t on t.id = pt.tag_id where pt.post_id = 1"
        );

    async Task<NpgsqlConnection> BeginAsync(string sql)
    {
        var connection = await api.Database.OpenAsync();
        await EndAsync(connection, $"begin; {sql}");
        return connection;
    }

    static async Task EndAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    Task<TimeSpan> WaitUntilOneWaitsForAsync(NpgsqlConnection holder) =>
        Eventually.HoldsAsync(
            async () =>
                await api.Database.ListAsync(
                    $"select count(*) from pg_stat_activity where {holder.ProcessID} = any(pg_blocking_pids(pid))"
                )
                    is ["1"],
            "the write waits for this one",
            seconds: 30
        );
}
