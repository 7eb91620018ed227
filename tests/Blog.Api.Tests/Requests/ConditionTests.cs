namespace Blog.Api.Tests.Requests;

/// <summary>The form of If-Match and If-None-Match, and where each of them belongs.</summary>
public sealed class ConditionTests(BlogApi api) : ApiTest(api)
{
    const string List = "A list of entity tags in double quotes belongs here, or *.";

    public static TheoryData<string, string, string?> Writes =>
        new()
        {
            { "POST", "/users", """{"name":"Ann"}""" },
            { "PUT", "/users/1", """{"name":"Ann"}""" },
            { "PATCH", "/users/1", """{"name":"Ann"}""" },
            { "DELETE", "/users/1", null },
            { "PUT", "/users/1/profile", """{"bio":"new"}""" },
            { "DELETE", "/users/1/profile", null },
            { "POST", "/users/1/posts", """{"title":"T","content":"C"}""" },
            { "PUT", "/posts/1", """{"title":"T","content":"C"}""" },
            { "PATCH", "/posts/1", """{"title":"T"}""" },
            { "DELETE", "/posts/1", null },
            { "PUT", "/posts/1/tags", """{"tag_names":["new"]}""" },
            { "POST", "/posts/1/tags", """{"tag_names":["new"]}""" },
            { "DELETE", "/posts/1/tags/2", null },
            { "POST", "/tags", """{"name":"new"}""" },
            { "PUT", "/tags/1", """{"name":"new"}""" },
            { "DELETE", "/tags/1", null },
            { "POST", "/import/users", """{"name":"Ann"}""" },
        };

    [Theory, MemberData(nameof(Writes))]
    public async Task A_write_with_if_none_match_is_refused_and_nothing_is_written(
        string method,
        string path,
        string? body
    )
    {
        foreach (var held in (string[])["*", "\"u1.9-1\"", "u1.9-1"])
        {
            var answer = await Api.SendAsync(method, path, body, ("If-None-Match", held), ("If-Match", "*"));

            Assert.Equal(Refused(path, "If-None-Match", "Only reads take it; a write takes If-Match."), answer.Outcome);
        }

        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("GET", "304")]
    [InlineData("HEAD", "304")]
    [InlineData("OPTIONS", "204")]
    public async Task What_writes_nothing_takes_it(string method, string outcome) =>
        Assert.Equal(
            outcome,
            (await Api.SendAsync(method, "/users/1", json: null, ("If-None-Match", "\"u1.1-1\""))).Outcome
        );

    [Theory]
    [InlineData("*, \"u1.1-1\"")]
    [InlineData("\"u1.1-1\", *")]
    [InlineData("*, *")]
    [InlineData("\"*")]
    [InlineData("w/\"u1.1-1\"")]
    [InlineData("\"x\", w/\"u1.1-1\"")]
    [InlineData("W/ \"u1.1-1\"")]
    [InlineData("W\"u1.1-1\"")]
    [InlineData("\"u1.1-1\" \"x\"")]
    [InlineData("\"u1.1-1\"; \"x\"")]
    [InlineData("\"u1.1-1\", x")]
    [InlineData("\"u1.1-1")]
    [InlineData("\"u1.1-1\", \"")]
    [InlineData("\"u1 1-1\"")]
    [InlineData("u1.1-1")]
    [InlineData(",")]
    [InlineData("")]
    public async Task What_is_no_list_of_entity_tags_is_refused(string held)
    {
        var read = await SendRawAsync("GET", $"If-None-Match: {held}\r\n");
        var write = await SendRawAsync("DELETE", $"If-Match: {held}\r\n");

        Assert.Equal(Refused("/users/1", "If-None-Match", List), read.Outcome);
        Assert.Equal(Refused("/users/1", "If-Match", List), write.Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task An_asterisk_stands_alone_also_where_the_list_is_of_several_lines()
    {
        var read = await SendRawAsync("GET", "If-None-Match: *\r\nIf-None-Match: \"u1.1-1\"\r\n");
        var write = await SendRawAsync("DELETE", "If-Match: *\r\nIf-Match: \"u1.1-1\"\r\n");

        Assert.Equal(Refused("/users/1", "If-None-Match", List), read.Outcome);
        Assert.Equal(Refused("/users/1", "If-Match", List), write.Outcome);
    }

    [Theory]
    [InlineData("If-None-Match: *\r\n", "304")]
    [InlineData("If-None-Match: \"u1.1-1\"\r\n", "304")]
    [InlineData("If-None-Match: W/\"u1.1-1\"\r\n", "304")]
    [InlineData("If-None-Match: \"x\",\"u1.1-1\"\r\n", "304")]
    [InlineData("If-None-Match: , \"x\" \t, ,\"u1.1-1\",\r\n", "304")]
    [InlineData("If-None-Match: \"x,*\", \"u1.1-1\"\r\n", "304")]
    [InlineData("If-None-Match: \"\\\", W/\"u1.1-1\"\r\n", "304")]
    [InlineData("If-None-Match: \"\", W/\"\", \"u1.1-1\"\r\n", "304")]
    [InlineData("If-None-Match: \"x\"\r\nIf-None-Match: \"u1.1-1\"\r\n", "304")]
    [InlineData("If-None-Match: \"u1.1-1,\"\r\n", "200")]
    [InlineData("If-None-Match: \"U1.1-1\"\r\n", "200")]
    public async Task What_is_one_is_read(string header, string status) =>
        Assert.Equal(status, (await SendRawAsync("GET", header)).Outcome[..3]);

    async Task<Answer> SendRawAsync(string method, string header)
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync($"{method} /users/1 HTTP/1.1\r\nHost: blog\r\nX-Request-Id: test\r\n{header}\r\n");
        return await connection.ReadAsync();
    }

    static string Refused(string path, string header, string detail) =>
        $$"""400 {"type":"/problems/invalid_header","title":"Bad Request","status":400,"detail":"A header does not have its form","instance":"{{path}}","code":"invalid_header","request_id":"test","errors":[{"header":"{{header}}","code":"invalid_format","detail":"{{detail}}"}]}""";
}
