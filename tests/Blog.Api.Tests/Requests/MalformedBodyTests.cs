using System.Text;

namespace Blog.Api.Tests.Requests;

public sealed class MalformedBodyTests(BlogApi api) : ApiTest(api)
{
    const string NotJson = "The body is not valid JSON, or nested deeper than 16 levels, at line";
    const string Twice = "A member name stands twice in one object.";

    [Theory]
    [InlineData("{", $"{NotJson} 1, byte 2.")]
    [InlineData("""{"name":"A",}""", $"{NotJson} 1, byte 13.")]
    [InlineData("""{"name":"A" /* of whom */}""", $"{NotJson} 1, byte 13.")]
    [InlineData("{\"name\":\"A\"}\n// end", $"{NotJson} 2, byte 1.")]
    [InlineData("""{"name":"A"}{"name":"B"}""", $"{NotJson} 1, byte 13.")]
    [InlineData("""{'name':'A'}""", $"{NotJson} 1, byte 2.")]
    [InlineData("""{"name":NaN}""", $"{NotJson} 1, byte 9.")]
    [InlineData("""{"name":"A","x":01}""", $"{NotJson} 1, byte 18.")]
    [InlineData("{\"name\":\"a\nb\"}", $"{NotJson} 1, byte 11.")]
    [InlineData("""{"name":"\x41"}""", $"{NotJson} 1, byte 11.")]
    [InlineData("name=Ann", $"{NotJson} 1, byte 2.")]
    [InlineData("""{"name":"A","name":"B"}""", Twice)]
    [InlineData("""{"name":"A","n\u0061me":"B"}""", Twice)]
    [InlineData("""{"name":"A","x":{"y":1,"z":{},"y":1}}""", Twice)]
    [InlineData("""{"name":"A","posts":[{"title":"T","content":"C","title":"U"}]}""", Twice)]
    public async Task Answers_400_to_what_is_no_json(string body, string detail)
    {
        var answer = await Api.PostAsync("/users", body);

        Assert.Equal(Malformed("/users", detail), answer.Outcome);
        Assert.Equal("application/problem+json", answer["Content-Type"]);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("POST", "/users")]
    [InlineData("PUT", "/users/1")]
    [InlineData("PATCH", "/users/1")]
    [InlineData("PUT", "/users/1/profile")]
    public async Task Answers_400_to_an_empty_body(string method, string path) =>
        Assert.Equal(
            Malformed(path, "The body is empty; a JSON object belongs here."),
            (await Api.SendAsync(method, path, "")).Outcome
        );

    [Theory]
    [InlineData(new byte[] { 0xff })]
    [InlineData(new byte[] { 0xc3 })]
    [InlineData(new byte[] { 0xc0, 0x80 })]
    [InlineData(new byte[] { 0xe2, 0x82 })]
    [InlineData(new byte[] { 0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80 })]
    [InlineData(new byte[] { 0xf4, 0x90, 0x80, 0x80 })]
    public async Task Answers_400_to_what_is_no_utf_8_even_where_nobody_would_look(byte[] bytes)
    {
        byte[] body = [.. """{"name":"A","unknown":" """u8, .. bytes, .. "\"}"u8];

        Assert.Equal(
            Malformed("/users", "The body is not valid UTF-8."),
            (await Api.SendAsync("POST", "/users", body)).Outcome
        );
    }

    [Fact]
    public async Task Answers_400_to_a_byte_order_mark() =>
        Assert.Equal(
            Malformed("/users", $"{NotJson} 1, byte 1."),
            (await Api.SendAsync("POST", "/users", [0xef, 0xbb, 0xbf, .. """{"name":"A"}"""u8])).Outcome
        );

    [Fact]
    public async Task Answers_400_to_utf_16() =>
        Assert.Equal(
            400,
            (await Api.SendAsync("POST", "/users", Encoding.Unicode.GetBytes("""{"name":"A"}"""))).Status
        );

    [Theory]
    [InlineData("""{"\ud800":1}""")]
    [InlineData("""{"name":"A","\ud800":1}""")]
    [InlineData("""{"\udc00\ud800":1,"name":"A","bio":"b"}""")]
    [InlineData("""{"name":"A","x":{"\ud800":1}}""")]
    [InlineData("""{"name":"A","x":[{"y":1,"z":2,"\ud800":1}]}""")]
    public async Task Answers_422_to_half_a_character_in_a_name(string body)
    {
        var expected = Invalid(
            "/users",
            """{"pointer":"#","code":"invalid_character","detail":"Half of a surrogate pair is not a character."}"""
        );

        Assert.Equal(expected, (await Api.PostAsync("/users", body)).Outcome);
        Assert.Equal(expected, (await Api.PostAsync("/users", body, ("Prefer", "handling=strict"))).Outcome);
    }

    [Fact]
    public async Task Answers_400_to_a_chunk_whose_length_is_no_number()
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync(
            "POST /users HTTP/1.1\r\nHost: blog\r\nX-Request-Id: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        );

        Assert.Equal(Malformed("/users", "The body ended before it was whole"), (await connection.ReadAsync()).Outcome);
    }
}
