namespace Blog.Api.Tests.Responses;

public sealed class HeaderTests(BlogApi api) : ApiTest(api)
{
    [Theory]
    [InlineData("a")]
    [InlineData("order 66 ~ !")]
    [InlineData(
        "12345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678"
    )]
    public async Task A_request_id_comes_back(string id)
    {
        var read = await SendAsync("/users/1", id);
        var error = await SendAsync("/users/9", id);

        Assert.Equal(id, read["X-Request-Id"]);
        Assert.Equal(id, error["X-Request-Id"]);
        Assert.Contains($"\"request_id\":\"{id}\"", error.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(
        "123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
    )]
    [InlineData("a\tb")]
    [InlineData("a\u0001b")]
    [InlineData("a\u007fb")]
    [InlineData("\u00e9")]
    public async Task A_request_id_that_is_too_long_or_not_printable_is_replaced(string id)
    {
        var answer = await SendAsync("/users/9", id);

        var own = answer["X-Request-Id"];
        Assert.NotEqual(id, own);
        Assert.Matches("^[0-9A-Z]+:[0-9A-F]{8}$", own);
        Assert.Contains($"\"request_id\":\"{own}\"", answer.Body, StringComparison.Ordinal);
        AlwaysHeaders.Check(answer, "GET /users/9");
    }

    [Fact]
    public async Task Two_requests_without_an_id_get_two_ids()
    {
        var (first, second) = (await SendAsync("/livez", ""), await SendAsync("/livez", ""));

        Assert.NotEqual(first["X-Request-Id"], second["X-Request-Id"]);
    }

    [Theory]
    [InlineData("GET", "/users/1", null, "private, no-cache")]
    [InlineData("GET", "/", null, "private, no-cache")]
    [InlineData("GET", "/users/9", null, "no-store")]
    [InlineData("GET", "/nowhere", null, "no-store")]
    [InlineData("POST", "/users", """{"name":"A"}""", "no-store")]
    [InlineData("POST", "/users", "{}", "no-store")]
    [InlineData("PUT", "/users/2", """{"name":"A"}""", "no-store")]
    [InlineData("PATCH", "/users/2", """{"name":"A"}""", "no-store")]
    [InlineData("DELETE", "/users/2", null, "no-store")]
    [InlineData("OPTIONS", "/users/1", null, "no-store")]
    public async Task Only_reads_may_be_kept_and_must_be_asked_for_again(
        string method,
        string path,
        string? body,
        string expected
    )
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.SendAsync(method, path, body);

        Assert.Equal(expected, answer["Cache-Control"]);
        Assert.Equal("Accept, Prefer", answer["Vary"]);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.Null(answer["Expires"]);
        Assert.Null(answer["Pragma"]);
    }

    [Fact]
    public async Task Server_timing_names_every_round_trip_and_sums_them()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.PostAsync("/users/2/posts", """{"title":"T","content":"C"}""");

        var entries = answer["Server-Timing"]!.Split(", ").Select(entry => entry.Split(";dur=")).ToArray();
        Assert.Equal(
            ["app", "db", "tags_find_or_create_tags", "posts_create_post", "commit"],
            entries.Select(entry => entry[0])
        );
        var durations = entries
            .Select(entry => decimal.Parse(entry[1], System.Globalization.CultureInfo.InvariantCulture))
            .ToArray();
        Assert.InRange(durations[1], durations[2..].Sum() - 0.01m, durations[2..].Sum() + 0.01m);
        Assert.True(durations[0] >= durations[1], answer["Server-Timing"]);
    }

    [Theory]
    [InlineData("/users/1", "users_get_user")]
    [InlineData("/users/1/profile", "users_get_profile")]
    [InlineData("/tags/1", "tags_get_tag")]
    public async Task Server_timing_names_the_statement_file_of_a_read(string path, string name)
    {
        // The names of the tags are known then.
        await Api.GetAsync("/users/1");

        var answer = await Api.GetAsync(path);

        Assert.Matches($"^app;dur=[0-9.]+, db;dur=[0-9.]+, {name};dur=[0-9.]+$", answer["Server-Timing"]);
    }

    /// <summary>Byte by byte, because a client of .NET does not send such headers; U+00E9 goes as UTF-8.</summary>
    async Task<Answer> SendAsync(string path, string requestId)
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync(
            $"GET {path} HTTP/1.1\r\nHost: blog\r\n{(requestId.Length > 0 ? $"X-Request-Id: {requestId}\r\n" : "")}\r\n"
        );
        return await connection.ReadAsync();
    }
}
