namespace Blog.Api.Tests.Requests;

/// <summary>The form of If-Match and If-None-Match.</summary>
public sealed class ConditionTests(BlogApi api) : ApiTest(api)
{
    const string List = "A list of entity tags in double quotes belongs here, or *.";

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
