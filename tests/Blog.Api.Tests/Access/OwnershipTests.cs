using System.Text.Json.Nodes;

namespace Blog.Api.Tests.Access;

/// <summary>
/// Who may write what. Beside Bea stand Ann, user 2, whose rows are written: a profile, post 3 and tag 3; and Cid, user 3, who
/// has post 4 and nothing to do with hers.
/// </summary>
public sealed class OwnershipTests(SignedInApi signedIn) : BystanderTest(signedIn.Api), IClassFixture<SignedInApi>
{
    const string Key = "Idempotency-Key";

    /// <summary>Each write, the status of whoever may, and whether Ann is one of them.</summary>
    static readonly (string Method, string Path, string? Body, int Status, bool IsAnns)[] writes =
    [
        ("PUT", "/users/2", """{"name":"Eve"}""", 200, true),
        ("PATCH", "/users/2", """{"name":"Eve","bio":"new"}""", 200, true),
        ("DELETE", "/users/2", null, 200, true),
        // It writes below Cid, too.
        ("DELETE", "/users/2?reassign_posts_to=3", null, 200, false),
        ("PUT", "/users/2/profile", """{"bio":"new"}""", 200, true),
        ("DELETE", "/users/2/profile", null, 200, true),
        ("POST", "/users/2/posts", """{"title":"U","content":"D"}""", 201, true),
        ("POST", "/users/2/posts", """{"title":"U","content":"D","tag_names":["hers","new"]}""", 201, true),
        ("PUT", "/posts/3", """{"title":"U","content":"D"}""", 200, true),
        ("PUT", "/posts/3", """{"title":"U","content":"D","tag_names":["hers","new"]}""", 200, true),
        ("PATCH", "/posts/3", """{"title":"U"}""", 200, true),
        ("PATCH", "/posts/3", """{"tag_names":["hers","new"]}""", 200, true),
        ("DELETE", "/posts/3", null, 200, true),
        ("PUT", "/posts/3/tags", """{"tag_names":["hers","new"]}""", 200, true),
        ("POST", "/posts/3/tags", """{"tag_names":["hers","new"]}""", 200, true),
        ("DELETE", "/posts/3/tags/3", null, 200, true),
    ];

    public static TheoryData<string, string, string?, int, bool> WritesWithOutcome => [.. writes];

    public static TheoryData<string, string, string?> Writes =>
        [.. writes.Select(write => (write.Method, write.Path, write.Body))];

    public static TheoryData<string, string, string?> WritesOfAnn =>
        [.. writes.Where(write => write.IsAnns).Select(write => (write.Method, write.Path, write.Body))];

    [Fact]
    public void Each_operation_that_says_not_owner_is_tried_here()
    {
        var declared = JsonNode.Parse(CommittedContract.Text)!["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject().Select(entry => (Path: path.Key, entry.Key, entry.Value)))
            .Where(operation => SaysNotOwner(operation.Value!))
            .Select(operation => $"{operation.Key.ToUpperInvariant()} {operation.Path}");

        Assert.Equal(
            declared.Order(StringComparer.Ordinal),
            writes
                .Select(write => $"{write.Method} {CommittedContract.TemplateOf(write.Path)}")
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
        );

        static bool SaysNotOwner(JsonNode operation) =>
            operation["responses"]!["403"] is { } refusal
            && CommittedContract.Follow(refusal)["x-problem-codes"]!
                .AsArray()
                .Any(code => (string)code! == "not_owner");
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task Whoever_is_not_the_owner_is_refused_and_nothing_is_written(
        string method,
        string path,
        string? body
    )
    {
        await CreateAsync();
        var before = await EverythingAsync();

        foreach (var subject in (string[])["3", "1", "999", "0", "02", "ann"])
            await IsRefusedAsync(subject);
        await IsRefusedAsync("3", ("If-Match", "\"p3.9-1\", \"u2.9-1\""));
        await IsRefusedAsync("3", ("If-Match", "\"p3.1-1\", \"u2.1-1\""));
        await IsRefusedAsync("3", (Key, "k"));

        Assert.Equal(before, await EverythingAsync());

        async Task IsRefusedAsync(string subject, params (string, string)[] headers)
        {
            var answer = await Api.SendAsync(method, path, body, [SignedInApi.As(subject), .. headers]);

            Assert.Equal((subject, Refused(path)), (subject, answer.Outcome));
            Assert.Null(answer["ETag"]);
            Assert.EndsWith("budget=ok", answer["Blog-SQL"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(WritesWithOutcome))]
    public async Task The_owner_may_and_so_may_an_administrator_at_the_same_cost(
        string method,
        string path,
        string? body,
        int status,
        bool isAnns
    )
    {
        await CreateAsync();
        var administrators = await Api.SendAsync(method, path, body, SignedInApi.AsAdministrator());
        var after = await EverythingAsync();
        await InitializeAsync();
        await CreateAsync();
        var before = await EverythingAsync();

        Assert.Equal(status, administrators.Status);
        Assert.NotEqual(before, after);
        if (isAnns)
        {
            var anns = await Api.SendAsync(method, path, body, SignedInApi.As("2"));
            Assert.Equal((administrators.Outcome, administrators["ETag"]), (anns.Outcome, anns["ETag"]));
            Assert.Equal(administrators["Blog-SQL"], anns["Blog-SQL"]);
            Assert.Equal(after, await EverythingAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Writes))]
    public async Task What_is_not_there_is_404_for_all_of_them(string method, string path, string? body)
    {
        await CreateAsync();
        var before = await EverythingAsync();
        var missing = path.Replace("/users/2", "/users/999", StringComparison.Ordinal)
            .Replace("/posts/3", "/posts/999", StringComparison.Ordinal);
        var instance = missing.Split('?')[0];

        foreach (
            var caller in ((string, string)[])
                [SignedInApi.As("2"), SignedInApi.As("3"), SignedInApi.As("ann"), SignedInApi.AsAdministrator()]
        )
        {
            var answer = await Api.SendAsync(method, missing, body, caller, ("If-Match", "\"u999.9-1\""));
            Assert.Equal(
                instance.StartsWith("/users", StringComparison.Ordinal)
                    ? UserNotFound(instance)
                    : PostNotFound(instance),
                answer.Outcome
            );
        }

        Assert.Equal(before, await EverythingAsync());
    }

    [Theory]
    [MemberData(nameof(WritesOfAnn))]
    public async Task The_owner_is_still_told_of_a_stale_version(string method, string path, string? body)
    {
        await CreateAsync();
        var row = path.StartsWith("/users", StringComparison.Ordinal) ? "u2" : "p3";

        var answer = await Api.SendAsync(method, path, body, SignedInApi.As("2"), ("If-Match", $"\"{row}.9-1\""));

        // A new post is bound to no version of its author.
        Assert.Equal(method == "POST" && row == "u2" ? 201 : 412, answer.Status);
        Assert.Equal(answer.Status == 412 ? $"\"{row}.1-1\"" : "\"p5.1-1\"", answer["ETag"]);
    }

    [Theory]
    [InlineData("3")]
    [InlineData("9")]
    public async Task Whoever_gives_away_their_own_posts_lacks_a_right_and_is_told_which(string heir)
    {
        await CreateAsync();
        var before = await EverythingAsync();

        foreach (var held in (string[])["\"u2.1-1\"", "\"u2.9-1\"", "*"])
        {
            var answer = await Api.DeleteAsync(
                $"/users/2?reassign_posts_to={heir}",
                SignedInApi.As("2"),
                ("If-Match", held)
            );

            Assert.Equal(
                """403 {"type":"/problems/forbidden","title":"Forbidden","status":403,"detail":"The token does not have the right blog:admin","instance":"/users/2","code":"forbidden","request_id":"test"}""",
                answer.Outcome
            );
            Assert.Equal(
                "Bearer realm=\"blog\", error=\"insufficient_scope\", scope=\"blog:admin\"",
                answer["WWW-Authenticate"]
            );
            Assert.Null(answer["ETag"]);
        }

        Assert.Equal(before, await EverythingAsync());
        Assert.Equal(
            UserNotFound("/users/999"),
            (await Api.DeleteAsync($"/users/999?reassign_posts_to={heir}", SignedInApi.As("999"))).Outcome
        );
    }

    [Fact]
    public async Task A_profile_that_is_not_there_is_404_whosever_it_would_be()
    {
        await CreateAsync();

        foreach (var subject in (string[])["2", "3"])
            Assert.Equal(
                NotFound("profile_not_found", "Profile not found", "/users/3/profile"),
                (await Api.DeleteAsync("/users/3/profile", SignedInApi.As(subject))).Outcome
            );
        Assert.Equal(
            Refused("/users/3/profile"),
            (await Api.PutAsync("/users/3/profile", """{"bio":"b"}""", SignedInApi.As("2"))).Outcome
        );
    }

    [Fact]
    public async Task Everybody_who_may_write_may_create_users_and_tags()
    {
        await CreateAsync();

        Assert.Equal(201, (await Api.PostAsync("/users", """{"name":"Eve"}""", SignedInApi.As("ann"))).Status);
        Assert.Equal(201, (await Api.PostAsync("/tags", """{"name":"new"}""", SignedInApi.As("3"))).Status);
    }

    [Fact]
    public async Task A_key_is_of_one_caller_and_is_free_after_a_refusal()
    {
        const string Post = """{"title":"U","content":"D","tag_names":["new"]}""";
        await CreateAsync();

        var cids = await Api.PostAsync("/users/2/posts", Post, SignedInApi.As("3"), (Key, "k"));
        var first = await Api.PostAsync("/users/2/posts", Post, SignedInApi.As("2"), (Key, "k"));
        var cidsAgain = await Api.PostAsync("/users/2/posts", Post, SignedInApi.As("3"), (Key, "k"));
        var again = await Api.PostAsync("/users/2/posts", Post, SignedInApi.As("2"), (Key, "k"));

        Assert.Equal([403, 201, 403, 201], [cids.Status, first.Status, cidsAgain.Status, again.Status]);
        Assert.Null(first["Idempotency-Replayed"]);
        Assert.Null(cidsAgain["Idempotency-Replayed"]);
        Assert.Equal(("?1", first.Outcome), (again["Idempotency-Replayed"], again.Outcome));
        Assert.Equal(["1"], await ListAsync("select count(*) from blog.idempotency_key"));
        Assert.Equal(["1"], await ListAsync("select count(*) from blog.post where author_id = 2 and title = 'U'"));
    }

    static string Refused(string path) =>
        $$"""403 {"type":"/problems/not_owner","title":"Forbidden","status":403,"detail":"It belongs to somebody else; nothing was written","instance":"{{path.Split('?')[0]}}","code":"not_owner","request_id":"test"}""";

    Task CreateAsync() =>
        ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Cid');
            insert into blog.profile (user_id, bio) values (2, 'hi');
            insert into blog.post (author_id, title, content) values (2, 'T', 'C'), (3, 'V', 'E');
            insert into blog.tag (name) values ('a');
            insert into blog.post_tag values (3, 1), (3, 3), (4, 3);
            """
        );

    /// <summary>Every row of every table, but for times.</summary>
    async Task<string> EverythingAsync() =>
        string.Join(
            '\n',
            await ListAsync(
                """
                select concat_ws(' ', 'user', id, name, version) from blog.users
                union all select concat_ws(' ', 'profile', id, user_id, bio) from blog.profile
                union all select concat_ws(' ', 'post', id, author_id, title, content, version) from blog.post
                union all select concat_ws(' ', 'tag', id, name) from blog.tag
                union all select concat_ws(' ', 'link', post_id, tag_id) from blog.post_tag
                union all select concat_ws(' ', 'key', encode(scope, 'hex')) from blog.idempotency_key
                order by 1
                """
            )
        );
}
