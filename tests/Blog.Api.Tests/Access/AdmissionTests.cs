using Blog.Testing;

namespace Blog.Api.Tests.Access;

/// <summary>What is said to whoever is not let in, and before what.</summary>
public sealed class AdmissionTests(PostgresServer server)
{
    [Fact]
    public async Task Whoever_sends_no_token_is_told_which_right_is_needed()
    {
        await using var secured = await SecuredApi.StartAsync(server);

        var answer = await secured.Api.PostAsync("/users", """{"name":"Ann"}""");
        var basic = await secured.Api.GetAsync("/users", ("Authorization", "Basic YTpi"));
        var inAddress = await secured.Api.GetAsync($"/users/1?access_token={Tokens.Sign(secured.Claims())}");

        Assert.Equal(
            (
                """401 {"type":"/problems/unauthenticated","title":"Unauthorized","status":401,"detail":"A token is needed here","instance":"/users","code":"unauthenticated","request_id":"test"}""",
                "Bearer realm=\"blog\", scope=\"blog:write\""
            ),
            (answer.Outcome, answer["WWW-Authenticate"])
        );
        Assert.Equal((401, "Bearer realm=\"blog\", scope=\"blog:read\""), (basic.Status, basic["WWW-Authenticate"]));
        Assert.Equal(401, inAddress.Status);
    }

    [Fact]
    public async Task Whoever_lacks_a_right_is_told_which()
    {
        await using var secured = await SecuredApi.StartAsync(server);

        var answer = await secured.Api.PostAsync("/users", """{"name":"Ann"}""", secured.Bearer(scope: "blog:read"));

        Assert.Equal(
            (
                """403 {"type":"/problems/forbidden","title":"Forbidden","status":403,"detail":"The token does not have the right blog:write","instance":"/users","code":"forbidden","request_id":"test"}""",
                "Bearer realm=\"blog\", error=\"insufficient_scope\", scope=\"blog:write\""
            ),
            (answer.Outcome, answer["WWW-Authenticate"])
        );
        Assert.Equal(["0"], await secured.Api.Database.ListAsync("select count(*) from blog.users"));
    }

    [Fact]
    public async Task Nobody_learns_more_than_which_paths_there_are()
    {
        await using var secured = await SecuredApi.StartAsync(server);
        string[] requests =
        [
            "GET /users/999",
            "GET /users/abc",
            "HEAD /users",
            "GET /posts?tags=red",
            "POST /users not JSON",
            "DELETE /tags/999",
            "GET /nowhere",
            "GET /sql",
            "DELETE /users",
            "OPTIONS /users",
        ];
        var statuses = new List<int>();

        foreach (var request in requests.Select(request => request.Split(' ', 3)))
            statuses.Add((await secured.Api.SendAsync(request[0], request[1], request.ElementAtOrDefault(2))).Status);

        Assert.Equal([401, 401, 401, 401, 401, 401, 404, 404, 405, 204], statuses);
    }

    [Fact]
    public async Task Reads_without_a_token_are_a_setting_and_writes_are_not()
    {
        await using var secured = await SecuredApi.StartAsync(server, settings: ("Auth:AnonymousReads", "true"));

        var found = new List<int>
        {
            (await secured.Api.GetAsync("/users")).Status,
            (await secured.Api.GetAsync("/users", secured.Bearer(scope: "blog:write"))).Status,
            // A token that was sent is looked at: who believes to be somebody is not taken for nobody.
            (await secured.Api.GetAsync("/users", Tokens.Bearer("x"))).Status,
            (await secured.Api.GetAsync("/export/users")).Status,
            (await secured.Api.PostAsync("/users", """{"name":"Ann"}""")).Status,
        };

        Assert.Equal([200, 200, 401, 401, 401], found);
    }

    [Fact]
    public async Task A_receipt_takes_the_right_to_see_SQL()
    {
        const string receipt = "application/vnd.blog.plan+json";
        await using var secured = await SecuredApi.StartAsync(
            server,
            settings: [("Sql:Explain", "on"), ("Auth:AnonymousReads", "true")]
        );

        var nobody = await ReadAsync();
        var reader = await ReadAsync(secured.Bearer(scope: "blog:read"));
        var admin = await ReadAsync(secured.Bearer(scope: "blog:admin"));
        var operates = await ReadAsync(secured.Bearer(scope: "blog:read blog:sql"));
        var json = await secured.Api.GetAsync("/tags", secured.Bearer());

        Assert.Equal((401, "Bearer realm=\"blog\", scope=\"blog:sql\""), (nobody.Status, nobody["WWW-Authenticate"]));
        Assert.Equal(
            (403, "Bearer realm=\"blog\", error=\"insufficient_scope\", scope=\"blog:sql\""),
            (reader.Status, reader["WWW-Authenticate"])
        );
        Assert.Equal(403, admin.Status);
        Assert.Equal((200, receipt), (operates.Status, operates["Content-Type"]));
        Assert.Equal((200, "application/json"), (json.Status, json["Content-Type"]));

        Task<Answer> ReadAsync(params (string, string)[] headers) =>
            secured.Api.GetAsync("/tags", [("Accept", receipt), .. headers]);
    }

    [Fact]
    public async Task The_keys_of_one_caller_are_not_those_of_another()
    {
        const string ann = """{"name":"Ann"}""";
        await using var secured = await SecuredApi.StartAsync(server);
        var key = ("Idempotency-Key", "\"k\"");

        var first = await SendAsync("7");
        var other = await SendAsync("8");
        var again = await SendAsync("7");

        Assert.Equal((201, "/users/1", null), (first.Status, first["Location"], first["Idempotency-Replayed"]));
        Assert.Equal((201, "/users/2", null), (other.Status, other["Location"], other["Idempotency-Replayed"]));
        Assert.Equal((201, "/users/1", "?1"), (again.Status, again["Location"], again["Idempotency-Replayed"]));

        Task<Answer> SendAsync(string subject) =>
            secured.Api.PostAsync("/users", ann, key, secured.Bearer(subject, "blog:write"));
    }

    /// <summary>Answers that are stored stay those of their requests.</summary>
    [Fact]
    public async Task Where_nobody_signs_in_the_keys_are_those_that_they_were()
    {
        await using var api = await BlogApi.StartAsync(server);

        await api.PostAsync("/users", """{"name":"Ann"}""", ("Idempotency-Key", "k"));

        // SHA-256 of: anonymous, POST, /users, no query, k; a line each.
        Assert.Equal(
            ["3bb11abdfec3e4da4e0ebb451746340cd6d2fce28d004f3e529c0dd409bea084"],
            await api.Database.ListAsync("select encode(scope, 'hex') from blog.idempotency_key")
        );
    }
}
