using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Access;

/// <summary>Whose a post is when it is written counts, and not whose it was when the write was sent. Ann is user 1, Ben user 2.</summary>
public sealed class OwnershipRaceTests(PostgresServer server)
{
    public static TheoryData<string, string, string?> Writes =>
        [
            ("DELETE", "/posts/1", null),
            ("PUT", "/posts/1", """{"title":"U","content":"D"}"""),
            ("PATCH", "/posts/1", """{"tag_names":["b"]}"""),
            ("PUT", "/posts/1/tags", """{"tag_names":["b"]}"""),
            ("POST", "/posts/1/tags", """{"tag_names":["b"]}"""),
            ("DELETE", "/posts/1/tags/1", null),
        ];

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Who_waited_until_the_post_was_given_away_does_not_write_it(
        string method,
        string path,
        string? body
    )
    {
        await using var signedIn = await StartAsync();
        var api = signedIn.Api;
        await using var holder = await HoldAsync(api, "select from blog.post where id = 2 for update");

        var gift = api.DeleteAsync("/users/1?reassign_posts_to=2", SignedInApi.AsAdministrator());
        await api.Database.UntilWaitingAsync(1);
        var anns = api.SendAsync(method, path, body, SignedInApi.As("1"));
        await api.Database.UntilWaitingAsync(2);
        await ExecuteAsync(holder, "rollback");

        Assert.Equal(200, (await gift).Status);
        Assert.Equal(Refused(path), (await anns).Outcome);
        Assert.Equal(["1 2 T C 2 1"], await PostAsync(api));
        Assert.Equal(["a"], await api.Database.ListAsync("select name from blog.tag"));
        var bens = await api.SendAsync(method, path, body, SignedInApi.As("2"));
        Assert.Equal(200, bens.Status);
        Assert.NotEqual(["1 2 T C 2 1"], await PostAsync(api));
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Who_is_not_the_owner_waits_for_nobody(string method, string path, string? body)
    {
        await using var signedIn = await StartAsync();
        var api = signedIn.Api;
        await using var holder = await HoldAsync(api, "select from blog.users where id = 1 for update");

        Assert.Equal(Refused(path), (await api.SendAsync(method, path, body, SignedInApi.As("2"))).Outcome);

        Assert.Equal(["1 1 T C 1 1"], await PostAsync(api));
    }

    [Fact]
    public async Task Who_was_deleted_while_the_write_waited_finds_nobody_there()
    {
        await using var signedIn = await StartAsync();
        var api = signedIn.Api;
        await using var holder = await HoldAsync(api, "select from blog.post where id = 2 for update");

        var gift = api.DeleteAsync("/users/1?reassign_posts_to=2", SignedInApi.AsAdministrator());
        await api.Database.UntilWaitingAsync(1);
        var name = api.PutAsync("/users/1", """{"name":"Eve"}""", SignedInApi.As("1"));
        await api.Database.UntilWaitingAsync(2);
        var post = api.PostAsync("/users/1/posts", """{"title":"U","content":"D"}""", SignedInApi.As("1"));
        await api.Database.UntilWaitingAsync(3);
        await ExecuteAsync(holder, "rollback");

        var answers = await Task.WhenAll(gift, name, post);
        Assert.Equal([200, 404, 404], answers.Select(answer => answer.Status));
        Assert.Equal(
            ["1 2", "2 2"],
            await api.Database.ListAsync("select concat_ws(' ', id, author_id) from blog.post order by id")
        );
    }

    static string Refused(string path) =>
        $$"""403 {"type":"/problems/not_owner","title":"Forbidden","status":403,"detail":"It belongs to somebody else; nothing was written","instance":"{{path}}","code":"not_owner","request_id":"test"}""";

    /// <summary>Id, author, title, content, version and number of tags.</summary>
    static Task<string[]> PostAsync(BlogApi api) =>
        api.Database.ListAsync(
            """
            select concat_ws(' ', p.id, p.author_id, p.title, p.content, p.version,
              (select count(*) from blog.post_tag l where l.post_id = p.id))
            from blog.post p where p.id = 1
            """
        );

    static async Task<NpgsqlConnection> HoldAsync(BlogApi api, string locking)
    {
        var holder = await api.Database.OpenAsync();
        await ExecuteAsync(holder, $"begin; {locking}");
        return holder;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Nobody is sent away for having waited too long on a busy machine.</summary>
    async Task<SignedInApi> StartAsync()
    {
        var signedIn = await SignedInApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await signedIn.Api.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["a"]},{"title":"Held","content":""}]}""",
            SignedInApi.AsAdministrator()
        );
        await signedIn.Api.PostAsync("/users", """{"name":"Ben"}""", SignedInApi.AsAdministrator());
        return signedIn;
    }
}
