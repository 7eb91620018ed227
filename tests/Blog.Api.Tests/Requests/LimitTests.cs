using System.Text;

namespace Blog.Api.Tests.Requests;

/// <summary>Each limit at its value, which is accepted, and one above, which is not.</summary>
public sealed class LimitTests(BlogApi api) : ApiTest(api)
{
    const int BodyBytes = 4 * 1024 * 1024;

    /// <summary>Characters of one, two, three and four bytes; the last has two units in UTF-16.</summary>
    public static TheoryData<string> Characters => ["a", "\u00e9", "\u65e5", "\U0001f600"];

    [Theory, MemberData(nameof(Characters))]
    public Task A_name_has_at_most_50_characters(string character) =>
        CheckAsync(character, 50, text => $$"""{"name":"{{text}}"}""", "#/name");

    [Theory, MemberData(nameof(Characters))]
    public Task A_bio_has_at_most_200_characters(string character) =>
        CheckAsync(character, 200, text => $$"""{"name":"A","bio":"{{text}}"}""", "#/bio");

    [Theory, MemberData(nameof(Characters))]
    public Task A_title_has_at_most_100_characters(string character) =>
        CheckAsync(
            character,
            100,
            text => $$"""{"name":"A","posts":[{"title":"{{text}}","content":"C"}]}""",
            "#/posts/0/title"
        );

    [Theory, MemberData(nameof(Characters))]
    public Task A_tag_has_at_most_30_characters_without_the_white_space_around_it(string character) =>
        CheckAsync(
            character,
            30,
            text => $$"""{"name":"A","posts":[{"title":"T","content":"C","tag_names":[" {{text}}\u3000"]}]}""",
            "#/posts/0/tag_names/0"
        );

    [Fact]
    public async Task Characters_are_counted_after_normalisation()
    {
        var decomposed = string.Concat(Enumerable.Repeat("e\u0301", 30));

        var answer = await Api.PostAsync(
            "/users",
            $$"""{"name":"A","posts":[{"title":"T","content":"C","tag_names":["{{decomposed}}"]}]}"""
        );
        var tooLong = await Api.PostAsync(
            "/users",
            $$"""{"name":"A","posts":[{"title":"T","content":"C","tag_names":["{{decomposed}}e\u0301"]}]}"""
        );

        Assert.Equal(201, answer.Status);
        Assert.Equal([new string('\u00e9', 30)], await ListAsync("select name from blog.tag where id = 3"));
        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/posts/0/tag_names/0","code":"too_long","detail":"At most 30 characters are stored; this has 31.","limit":30}"""
            ),
            tooLong.Outcome
        );
    }

    [Fact]
    public async Task Normalisation_that_lengthens_a_name_can_make_it_too_long()
    {
        // U+0958 is excluded from composition: form C writes it as two code points.
        var answer = await Api.PostAsync("/users", $$"""{"name":"{{new string('\u0958', 26)}}"}""");

        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/name","code":"too_long","detail":"At most 50 characters are stored; this has 52.","limit":50}"""
            ),
            answer.Outcome
        );
    }

    [Theory]
    [InlineData("a", 1048576)]
    [InlineData("\u00e9", 524288)]
    [InlineData("\U0001f600", 262144)]
    public async Task A_content_has_at_most_1_mebibyte_of_utf_8(string character, int count)
    {
        var content = string.Concat(Enumerable.Repeat(character, count));

        var fits = await Api.PostAsync("/users", $$"""{"name":"A","posts":[{"title":"T","content":"{{content}}"}]}""");
        var tooLong = await Api.PostAsync(
            "/users",
            $$"""{"name":"A","posts":[{"title":"T","content":"{{content}}a"}]}"""
        );

        Assert.Equal(201, fits.Status);
        Assert.Equal(["1048576"], await ListAsync("select octet_length(content) from blog.post where author_id = 2"));
        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/posts/0/content","code":"too_long","detail":"At most 1048576 bytes of UTF-8 are stored.","limit":1048576}"""
            ),
            tooLong.Outcome
        );
    }

    [Fact]
    public async Task A_post_has_at_most_50_tags_after_equal_ones_are_merged()
    {
        string[] names = [.. Enumerable.Range(0, 50).Select(number => $"t{number}")];

        var fits = await CreateAsync([.. names, " t0", "t49\u00a0"]);
        var tooMany = await CreateAsync([.. names, "t50"]);

        Assert.Equal(201, fits.Status);
        Assert.Equal("2 1 3 52 53", await CountRowsAsync());
        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/posts/0/tag_names","code":"too_many","detail":"At most 50 are accepted; these are 51.","limit":50}"""
            ),
            tooMany.Outcome
        );

        Task<Answer> CreateAsync(string[] tags) =>
            Api.PostAsync(
                "/users",
                $$"""{"name":"A","posts":[{"title":"T","content":"C","tag_names":["{{string.Join("\",\"", tags)}}"]}]}"""
            );
    }

    [Fact]
    public async Task A_creation_has_at_most_100_posts()
    {
        const string Post = """{"title":"T","content":"C"}""";
        var posts = string.Join(',', Enumerable.Repeat(Post, 100));

        var fits = await Api.PostAsync("/users", $$"""{"name":"A","posts":[{{posts}}]}""");
        var tooMany = await Api.PostAsync("/users", $$"""{"name":"A","posts":[{{posts}},{{Post}}]}""");

        Assert.Equal(201, fits.Status);
        Assert.Equal("2 1 102 2 3", await CountRowsAsync());
        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/posts","code":"too_many","detail":"At most 100 are accepted; these are 101.","limit":100}"""
            ),
            tooMany.Outcome
        );
    }

    [Fact]
    public async Task A_body_has_at_most_16_levels()
    {
        // The root is the first level.
        var nested = (int count) => $$"""{"name":"A","x":{{new string('[', count)}}{{new string(']', count)}}}""";

        Assert.Equal(201, (await Api.PostAsync("/users", nested(15))).Status);
        Assert.Equal(
            Malformed("/users", "The body is not valid JSON, or nested deeper than 16 levels, at line 1, byte 32."),
            (await Api.PostAsync("/users", nested(16))).Outcome
        );
    }

    [Fact]
    public async Task A_body_of_4_mebibytes_is_read()
    {
        var body = """{"name":"Ann"}""".PadRight(BodyBytes);

        Assert.Equal(201, (await Api.PostAsync("/users", body)).Status);
    }

    [Fact]
    public async Task A_larger_body_is_refused_by_its_content_length_before_it_is_sent()
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync(
            $"POST /users HTTP/1.1\r\nHost: blog\r\nX-Request-Id: test\r\nContent-Type: application/json\r\nContent-Length: {BodyBytes + 1}\r\n\r\n"
        );

        var answer = await connection.ReadAsync();

        Assert.Equal(TooLarge, answer.Outcome);
        AlwaysHeaders.Check(answer, "POST /users");
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task A_larger_body_is_refused_where_nobody_said_its_length()
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync(
            "POST /users HTTP/1.1\r\nHost: blog\r\nX-Request-Id: test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        await connection.SendAsync($"{BodyBytes + 1:x}\r\n");
        await connection.SendAsync(Encoding.ASCII.GetBytes("""{"name":"Ann"}""".PadRight(BodyBytes + 1)));

        var answer = await connection.ReadAsync();

        Assert.Equal(TooLarge, answer.Outcome);
        AlwaysHeaders.Check(answer, "POST /users");
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    const string TooLarge =
        """413 {"type":"/problems/payload_too_large","title":"Payload Too Large","status":413,"detail":"The body is larger than 4 MiB","instance":"/users","code":"payload_too_large","request_id":"test"}""";

    async Task CheckAsync(string character, int limit, Func<string, string> body, string pointer)
    {
        var text = string.Concat(Enumerable.Repeat(character, limit));

        var fits = await Api.PostAsync("/users", body(text));
        var tooLong = await Api.PostAsync("/users", body(text + character));

        Assert.Equal(201, fits.Status);
        Assert.Equal(fits.Body, (await Api.GetAsync("/users/2")).Body);
        Assert.Equal(
            Invalid(
                "/users",
                $$"""{"pointer":"{{pointer}}","code":"too_long","detail":"At most {{limit}} characters are stored; this has {{limit + 1}}.","limit":{{limit}}}"""
            ),
            tooLong.Outcome
        );
        Assert.Equal(["2"], await ListAsync("select count(*) from blog.users"));
    }
}
