using Blog.Api.Contract;
using Blog.Api.Tests.Posts;

namespace Blog.Api.Tests.Requests;

/// <summary>A write that is sent with an Idempotency-Key is done once; whoever sends it again gets the answer of the first time.</summary>
public sealed class IdempotencyTests(BlogApi api) : PostTest(api)
{
    const string Key = "Idempotency-Key";
    const string Replayed = "Idempotency-Replayed";

    const string NewUser =
        """{"name":"Cem","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["shared","new"]}]}""";

    const string NewUserRead =
        """{"name":"Cem","id":3,"profile":{"bio":"hi","id":2},"posts":[{"title":"T","content":"C","id":4,"author_id":3,"tags":[{"name":"shared","id":1},{"name":"new","id":4}]}]}""";

    const string AnnRead =
        """{"name":"Ann","id":2,"profile":{"bio":"hi","id":2},"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"shared","id":1},{"name":"a","id":3}]}]}""";

    const string NewPost = """{"title":"U","content":"D","tag_names":["a","new"]}""";

    const string NewPostRead =
        """{"title":"U","content":"D","id":4,"author_id":2,"tags":[{"name":"a","id":3},{"name":"new","id":4}]}""";

    /// <summary>Each operation that takes a key, twice where it has two ways; what it answers, and what it then has asked of the database.</summary>
    static readonly (string Method, string Path, string Body, string Outcome, string Cost)[] writes =
    [
        ("POST", "/users", NewUser, $"201 {NewUserRead}", "stmts=4, trips=3, rows=6"),
        ("POST", "/users/2/posts", NewPost, $"201 {NewPostRead}", "stmts=5, trips=4, rows=5"),
        (
            "POST",
            "/posts/3/tags",
            """{"tag_names":["new"]}""",
            """200 {"items":[{"name":"shared","id":1},{"name":"a","id":3},{"name":"new","id":4}]}""",
            "stmts=7, trips=4, rows=8"
        ),
        ("POST", "/tags", """{"name":"new"}""", """201 {"name":"new","id":4}""", "stmts=4, trips=3, rows=3"),
        ("POST", "/tags", """{"name":"a"}""", """200 {"name":"a","id":3}""", "stmts=4, trips=3, rows=2"),
        ("PATCH", "/users/2", """{"bio":"hi"}""", $"200 {AnnRead}", "stmts=6, trips=5, rows=6"),
        (
            "PATCH",
            "/posts/3",
            """{"title":"U"}""",
            """200 {"title":"U","content":"C","id":3,"author_id":2,"tags":[{"name":"shared","id":1},{"name":"a","id":3}]}""",
            "stmts=5, trips=3, rows=5"
        ),
        (
            "PATCH",
            "/posts/3",
            """{"tag_names":["new"]}""",
            """200 {"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"new","id":4}]}""",
            "stmts=7, trips=4, rows=6"
        ),
    ];

    public static TheoryData<string, string, string, string, string> WritesWithCost => [.. writes];

    public static TheoryData<string, string, string, string> Writes =>
        [.. writes.Select(write => (write.Method, write.Path, write.Body, write.Outcome))];

    [Theory, MemberData(nameof(WritesWithCost))]
    public async Task A_repeat_is_not_done_again_and_gets_the_first_answer_byte_for_byte(
        string method,
        string path,
        string body,
        string outcome,
        string cost
    )
    {
        await ArrangeAnnAsync();

        var first = await Api.SendAsync(method, path, body, (Key, "k"));
        var stored = await RowsOfAllAsync();
        var again = await Api.SendAsync(method, path, body, (Key, "k"));
        var onceMore = await Api.SendAsync(method, path, body, (Key, "k"));

        Assert.Equal(outcome, first.Outcome);
        Assert.Equal(AnswerOf(first), AnswerOf(again));
        Assert.Equal(AnswerOf(first), AnswerOf(onceMore));
        Assert.Equal((null, "?1", "?1"), (first[Replayed], again[Replayed], onceMore[Replayed]));
        Assert.Equal(stored, await RowsOfAllAsync());
        Assert.Equal($"{cost}, budget=ok", first["Blog-SQL"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", again["Blog-SQL"]);
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task The_first_answer_is_the_one_without_a_key(string method, string path, string body, string outcome)
    {
        await ArrangeAnnAsync();
        var with = await Api.SendAsync(method, path, body, (Key, "k"));

        await InitializeAsync();
        await ArrangeAnnAsync();
        var without = await Api.SendAsync(method, path, body);

        Assert.Equal(outcome, without.Outcome);
        Assert.Equal(AnswerOf(without), AnswerOf(with));
    }

    [Theory, MemberData(nameof(Writes))]
    public async Task A_repeat_of_a_write_without_a_body_in_its_answer_gets_none(
        string method,
        string path,
        string body,
        string outcome
    )
    {
        await ArrangeAnnAsync();
        var (prefer, expected) = (("Prefer", "return=minimal, handling=strict"), outcome[..3] is "201" ? "201" : "204");

        var first = await Api.SendAsync(method, path, body, (Key, "k"), prefer);
        var again = await Api.SendAsync(method, path, body, (Key, "k"), prefer);

        Assert.Equal((expected, expected), (first.Outcome, again.Outcome));
        Assert.Equal("return=minimal,handling=strict", first["Preference-Applied"]);
        Assert.Equal(AnswerOf(first), AnswerOf(again));
        Assert.Equal((null, "?1"), (first[Replayed], again[Replayed]));
        Assert.NotNull(first["ETag"]);
    }

    [Fact]
    public async Task A_truncated_user_is_repeated_with_the_headers_that_say_so()
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) select 2, 'T', 'C' from generate_series(1, 1001);
            """
        );

        var first = await Api.PatchAsync("/users/2", """{"name":"Anna"}""", (Key, "k"));
        var again = await Api.PatchAsync("/users/2", """{"name":"Anna"}""", (Key, "k"));

        Assert.Equal("posts=1000;of=1001", first["Blog-Truncated"]);
        Assert.Equal("</posts?author_id=2>; rel=\"posts\"", first["Link"]);
        Assert.Equal(AnswerOf(first), AnswerOf(again));
        Assert.Equal("?1", again[Replayed]);
    }

    [Fact]
    public async Task A_repeat_gets_its_answer_whatever_has_become_of_the_row()
    {
        await ArrangeAnnAsync();
        var body = """{"title":"U"}""";
        var first = await Api.PatchAsync("/posts/3", body, (Key, "k"), ("If-Match", "\"p3.1-1\""));

        var stale = await Api.PatchAsync("/posts/3", body, (Key, "k"), ("If-Match", "\"p3.1-1\""));
        var unbound = await Api.PatchAsync("/posts/3", body, (Key, "k"));
        await Api.DeleteAsync("/users/2");
        var gone = await Api.PatchAsync("/posts/3", body, (Key, "k"));

        Assert.Equal((200, "\"p3.2-1\""), (first.Status, first["ETag"]));
        Assert.All([stale, unbound, gone], again => Assert.Equal(AnswerOf(first), AnswerOf(again)));
        Assert.Equal("1 1 2 3 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("\"abc\"", "abc")]
    [InlineData("abc", "\"abc\"")]
    [InlineData("  abc  ", "abc")]
    [InlineData("8e03978e-40d5-43dd-bc93-6894a57f9324", "\"8e03978e-40d5-43dd-bc93-6894a57f9324\"")]
    [InlineData("a=b/c+d:e@f{g}", "\"a=b/c+d:e@f{g}\"")]
    [InlineData("\"a \\\" b \\\\ c, d; e\"", "\"a \\\" b \\\\ c, d; e\"")]
    public async Task Quotes_are_no_part_of_a_key(string one, string other)
    {
        var first = await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, one));
        var again = await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, other));

        Assert.Equal("""201 {"name":"Ann","id":2,"profile":null,"posts":[]}""", first.Outcome);
        Assert.Equal((first.Outcome, "?1"), (again.Outcome, again[Replayed]));
        Assert.Equal("2 1 2 2 3", await CountRowsAsync());
        Assert.All([one.Trim(), other], value => Assert.Matches(PatternOfTheContract, value));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task A_key_has_1_to_255_characters(int length, bool isKey)
    {
        var bare = new string('k', length);
        var quoted = $"\"{new string('k', length - 1)}\\\"\"";

        var answers = new[]
        {
            await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, bare)),
            await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, $"\"{bare}\"")),
            await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, quoted)),
        };

        Assert.Equal(
            isKey ? [(201, null), (201, "?1"), (201, null)] : [(400, null), (400, null), (400, null)],
            answers.Select(answer => (answer.Status, answer[Replayed]))
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\"")]
    [InlineData("\"abc")]
    [InlineData("abc\"")]
    [InlineData("\"a\"b\"")]
    [InlineData("\"\"a\"")]
    [InlineData("\"a\\\\\"b\"")]
    [InlineData("\"a\\b\"")]
    [InlineData("\"a\\\"")]
    [InlineData("\"abc\";a=1")]
    [InlineData("\"abc\", \"def\"")]
    [InlineData("abc, def")]
    [InlineData("abc;a=1")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a\\b")]
    [InlineData("caf\u00e9")]
    [InlineData("\"caf\u00e9\"")]
    public async Task What_is_no_key_is_refused_before_anything_is_written(string value)
    {
        var answer = await SendRawAsync($"Idempotency-Key: {value}");

        Assert.Equal(
            """400 {"type":"/problems/invalid_header","title":"Bad Request","status":400,"detail":"A header does not have its form","instance":"/users","code":"invalid_header","request_id":"test","errors":[{"header":"Idempotency-Key","code":"invalid_format","detail":"One key of 1 to 255 printable ASCII characters belongs here, in double quotes or without."}]}""",
            answer
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
        Assert.DoesNotMatch(PatternOfTheContract, value);
    }

    [Fact]
    public async Task Two_keys_are_none()
    {
        var answer = await SendRawAsync("Idempotency-Key: a\r\nIdempotency-Key: a");

        Assert.StartsWith("400 {\"type\":\"/problems/invalid_header\"", answer, StringComparison.Ordinal);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("""{"name":"Bob"}""", null, null)]
    [InlineData("""{"name":"Ann" }""", null, null)]
    [InlineData("""{"name":"Ann"}""", "application/json; charset=utf-8", null)]
    [InlineData("""{"name":"Ann"}""", null, "return=minimal")]
    public async Task Something_else_under_the_same_key_is_refused(string body, string? type, string? prefer)
    {
        await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, "k"));

        var other = await Api.PostAsync(
            "/users",
            body,
            (Key, "k"),
            ("Content-Type", type ?? "application/json"),
            ("Prefer", prefer ?? "handling=lenient")
        );
        var again = await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, "k"));

        Assert.Equal(
            """422 {"type":"/problems/idempotency_key_reused","title":"Unprocessable Entity","status":422,"detail":"Something else was sent with this Idempotency-Key in the last 24 hours; nothing was written","instance":"/users","code":"idempotency_key_reused","request_id":"test"}""",
            other.Outcome
        );
        Assert.Equal("""201 {"name":"Ann","id":2,"profile":null,"posts":[]}""", again.Outcome);
        Assert.Equal("2 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Another_path_query_method_or_key_is_another_write()
    {
        await ArrangeAnnAsync();
        await ExecuteAsync("insert into blog.post (author_id, title, content) values (2, 'T', 'C')");
        var patch = """{"title":"U","tag_names":["b"]}""";
        (string Method, string Path, string Key)[] others =
        [
            ("PATCH", "/posts/3", "k"),
            ("PATCH", "/posts/4", "k"),
            ("PATCH", "/posts/3?a", "k"),
            ("PATCH", "/posts/3?a=1", "k"),
            ("PATCH", "/posts/3", "K"),
            ("POST", "/posts/3/tags", "k"),
            ("POST", "/posts/4/tags", "k"),
        ];

        var replayed = new List<string?>();
        foreach (var (method, path, key) in others.Concat(others))
            replayed.Add((await Api.SendAsync(method, path, patch, (Key, key)))[Replayed]);

        Assert.Equal(others.Select(_ => (string?)null).Concat(others.Select(_ => "?1")), replayed);
    }

    [Fact]
    public async Task A_slash_at_the_end_of_a_path_makes_no_other_write()
    {
        var first = await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, "k"));
        var again = await Api.PostAsync("/users/", """{"name":"Ann"}""", (Key, "k"));

        Assert.Equal((first.Outcome, "?1"), (again.Outcome, again[Replayed]));
    }

    [Fact]
    public async Task A_request_that_failed_leaves_its_key_free()
    {
        await ArrangeAnnAsync();

        (string Method, string Path, string Body, int Failed)[] failures =
        [
            ("POST", "/users", """{"name":""}""", 422),
            ("POST", "/users", """{"name":""", 400),
            ("POST", "/users/3/posts", NewPost, 404),
            ("PATCH", "/users/3", """{"name":"Cem"}""", 404),
            ("PATCH", "/posts/4", """{"title":"U"}""", 404),
            ("POST", "/posts/4/tags", """{"tag_names":["a"]}""", 404),
            ("POST", "/tags", """{"name":""}""", 422),
        ];
        foreach (var (method, path, body, failed) in failures)
        {
            var answer = await Api.SendAsync(method, path, body, (Key, "k"));
            Assert.Equal((path, failed), (path, answer.Status));
        }

        Assert.Equal(["0"], await ListAsync("select count(*) from blog.idempotency_key"));

        (string Method, string Path, string Body, int Done)[] successes =
        [
            ("POST", "/users", """{"name":"Cem"}""", 201),
            ("POST", "/users/3/posts", NewPost, 201),
            ("PATCH", "/users/3", """{"name":"Cem"}""", 200),
            ("PATCH", "/posts/4", """{"title":"U"}""", 200),
            ("POST", "/posts/4/tags", """{"tag_names":["a"]}""", 200),
            ("POST", "/tags", """{"name":"b"}""", 201),
        ];
        foreach (var (method, path, body, done) in successes)
        {
            var answer = await Api.SendAsync(method, path, body, (Key, "k"));
            Assert.Equal((path, done, null), (path, answer.Status, answer[Replayed]));
        }
    }

    [Fact]
    public async Task A_write_that_was_stale_leaves_its_key_free()
    {
        await ArrangeAnnAsync();
        var body = """{"tag_names":["new"]}""";

        var stale = await Api.PostAsync("/posts/3/tags", body, (Key, "k"), ("If-Match", "\"p3.9-1\""));
        var user = await Api.PatchAsync("/users/2", """{"bio":"hi"}""", (Key, "k"), ("If-Match", "\"u2.9-1\""));
        var kept = await CountRowsAsync();
        var done = await Api.PostAsync("/posts/3/tags", body, (Key, "k"), ("If-Match", "\"p3.1-1\""));
        var patched = await Api.PatchAsync("/users/2", """{"bio":"hi"}""", (Key, "k"), ("If-Match", "\"u2.2-1\""));

        Assert.Equal([412, 412, 200, 200], [stale.Status, user.Status, done.Status, patched.Status]);
        Assert.Equal("2 1 3 3 5", kept);
        Assert.Equal((null, null), (done[Replayed], patched[Replayed]));
        Assert.Equal("\"u2.3-1\"", patched["ETag"]);
    }

    [Fact]
    public async Task A_key_is_free_after_24_hours_whether_its_row_was_cleared_or_not()
    {
        await Api.PostAsync("/users", """{"name":"Ann"}""", (Key, "k"));
        await Api.PostAsync("/users", """{"name":"Ben"}""", (Key, "other"));
        Assert.Equal(
            ["1 day", "1 day"],
            await ListAsync(
                """
                select k.expires_at - u.created_at
                from blog.users u join blog.idempotency_key k on k.xmin = u.xmin
                where u.id > 1 order by u.id
                """
            )
        );
        await ExecuteAsync(
            """
            update blog.idempotency_key set expires_at = now()
            where convert_from(body, 'UTF8') like '%Ann%'
            """
        );

        var next = await Api.PostAsync("/users", """{"name":"Cem"}""", (Key, "k"));
        var again = await Api.PostAsync("/users", """{"name":"Cem"}""", (Key, "k"));
        var other = await Api.PostAsync("/users", """{"name":"Ben"}""", (Key, "other"));

        Assert.Equal((201, "/users/4", null), (next.Status, next["Location"], next[Replayed]));
        Assert.Equal((next.Outcome, "?1"), (again.Outcome, again[Replayed]));
        Assert.Equal(("/users/3", "?1"), (other["Location"], other[Replayed]));
        Assert.Equal(
            ["t", "t"],
            await ListAsync("select expires_at > now() + interval '23 hours' from blog.idempotency_key")
        );
    }

    [Fact]
    public async Task Other_operations_ignore_the_header_whatever_it_holds()
    {
        await ArrangeAnnAsync();
        var none = (Key, "\"no key");

        Answer[] answers =
        [
            await Api.GetAsync("/users/2", none),
            await Api.PutAsync("/users/2", """{"name":"Anna"}""", none),
            await Api.PutAsync("/users/2", """{"name":"Anna"}""", none),
            await Api.PutAsync("/users/2/profile", """{"bio":"hi"}""", none),
            await Api.PutAsync("/posts/3", """{"title":"U","content":"D"}""", none),
            await Api.PutAsync("/posts/3/tags", """{"tag_names":["b"]}""", none),
            await Api.PutAsync("/tags/4", """{"name":"c"}""", none),
            await Api.DeleteAsync("/posts/3/tags/4", none),
            await Api.DeleteAsync("/tags/4", none),
            await Api.DeleteAsync("/users/2/profile", none),
            await Api.DeleteAsync("/posts/3", none),
            await Api.DeleteAsync("/users/2", none),
        ];

        Assert.Equal([200, 200, 200, 201, 200, 200, 200, 200, 200, 200, 200, 200], answers.Select(one => one.Status));
        Assert.All(answers, answer => Assert.Null(answer[Replayed]));
        Assert.Equal(["0"], await ListAsync("select count(*) from blog.idempotency_key"));
    }

    [Fact]
    public async Task A_stream_ignores_the_header()
    {
        var type = ("Content-Type", "application/x-ndjson");

        await Api.PostAsync("/import/users?mode=lines", "{\"name\":\"Ann\"}\n", (Key, "k"), type);
        var again = await Api.PostAsync("/import/users?mode=lines", "{\"name\":\"Ann\"}\n", (Key, "k"), type);

        Assert.Equal("200 {\"line\":1,\"status\":201,\"id\":3}\n", again.Outcome);
        Assert.Null(again[Replayed]);
        Assert.Equal(["0"], await ListAsync("select count(*) from blog.idempotency_key"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task A_key_costs_two_statements_and_at_most_two_trips_whatever_the_size(int count)
    {
        string Tags(int post) =>
            string.Join(',', Enumerable.Range(0, Math.Min(count, 50)).Select(tag => $"\"{post} {tag}\""));
        var posts = Enumerable
            .Range(0, count)
            .Select(post => $$"""{"title":"T","content":"C","tag_names":[{{Tags(post)}}]}""");
        (string Method, string Path, string Body)[] sent =
        [
            ("POST", "/users", $$"""{"name":"Ann","posts":[{{string.Join(',', posts)}}]}"""),
            ("PATCH", "/users/2", """{"bio":"hi"}"""),
            ("POST", "/users/2/posts", $$"""{"title":"T","content":"C","tag_names":[{{Tags(100)}}]}"""),
            ("PATCH", $"/posts/{3 + count}", """{"title":"U"}"""),
            ("PATCH", $"/posts/{3 + count}", $$"""{"tag_names":[{{Tags(101)}}]}"""),
            ("POST", $"/posts/{3 + count}/tags", """{"tag_names":[]}"""),
            ("POST", "/tags", """{"name":"new"}"""),
        ];

        var answers = new List<Answer>();
        for (var at = 0; at < sent.Length; at++)
            answers.Add(await Api.SendAsync(sent[at].Method, sent[at].Path, sent[at].Body, (Key, $"{at}")));

        Assert.Equal(
            [
                "stmts=4, trips=3",
                count == 0 ? "stmts=5, trips=4" : "stmts=6, trips=5",
                "stmts=5, trips=4",
                "stmts=5, trips=3",
                "stmts=7, trips=4",
                "stmts=7, trips=4",
                "stmts=4, trips=3",
            ],
            answers.Select(answer => string.Join(", ", answer["Blog-SQL"]!.Split(", ")[..2]))
        );
        Assert.All(answers, answer => Assert.EndsWith("budget=ok", answer["Blog-SQL"], StringComparison.Ordinal));
    }

    static string PatternOfTheContract => ContractTexts.Parameters[Key].Pattern!;

    /// <summary>All of an answer that does not speak of its own request.</summary>
    static string[] AnswerOf(Answer answer) =>
        [
            answer.Outcome,
            .. answer
                .Headers.Where(header => header.Key is not ("Date" or "Server-Timing" or "Blog-SQL" or Replayed))
                .Select(header => $"{header.Key}: {header.Value}")
                .Order(StringComparer.Ordinal),
        ];

    /// <summary>Where every row lies and which transaction wrote it.</summary>
    Task<string[]> RowsOfAllAsync() =>
        ListAsync(
            """
            select format('user %s %s', ctid, xmin) from blog.users
            union all select format('profile %s %s', ctid, xmin) from blog.profile
            union all select format('post %s %s', ctid, xmin) from blog.post
            union all select format('tag %s %s', ctid, xmin) from blog.tag
            union all select format('link %s %s', ctid, xmin) from blog.post_tag
            union all select format('key %s %s', ctid, xmin) from blog.idempotency_key
            order by 1
            """
        );

    /// <summary>A creation with lines of a header that an HTTP client would not send.</summary>
    async Task<string> SendRawAsync(string lines)
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync(
            $"POST /users HTTP/1.1\r\nHost: x\r\nX-Request-Id: test\r\nContent-Type: application/json\r\nContent-Length: 14\r\n{lines}\r\n\r\n"
                + """{"name":"Ann"}"""
        );
        return (await connection.ReadAsync()).Outcome;
    }
}
