namespace Blog.Api.Tests.Posts;

public sealed class PatchPostTests(BlogApi api) : PostTest(api)
{
    [Fact]
    public async Task Changes_what_was_sent_and_keeps_the_rest()
    {
        await ArrangeAnnAsync();

        var title = await Api.PatchAsync("/posts/3", """{"title":" e\u0301"}""");
        var content = await Api.PatchAsync("/posts/3", """{"content":""}""");
        var tags = await Api.PatchAsync("/posts/3", """{"tag_names":["b","a"]}""");
        var all = await Api.PatchAsync("/posts/3", """{"title":"U","content":"D","tag_names":[]}""");

        const string B = """{"name":"b","id":4}""";
        Assert.Equal($"200 {Post(" \u00e9", "C", Shared, A)}", title.Outcome);
        Assert.Equal($"200 {Post(" \u00e9", "", Shared, A)}", content.Outcome);
        Assert.Equal($"200 {Post(" \u00e9", "", A, B)}", tags.Outcome);
        Assert.Equal($"200 {Post("U", "D")}", all.Outcome);
        Assert.Equal(
            ["\"p3.2-1\"", "\"p3.3-1\"", "\"p3.4-1\"", "\"p3.5-1\""],
            [title["ETag"]!, content["ETag"]!, tags["ETag"]!, all["ETag"]!]
        );
        Assert.Equal("u2.5 p3.5", await VersionsAsync());
        Assert.Equal(all.Outcome, (await Api.GetAsync("/posts/3")).Outcome);
    }

    [Fact]
    public async Task Shows_the_post_where_nothing_was_sent()
    {
        await ArrangeAnnAsync();

        var answer = await Api.PatchAsync("/posts/3", """{"id":1,"author_id":1,"tags":[]}""");

        Assert.Equal($"200 {Post("T", "C", Shared, A)}", answer.Outcome);
        Assert.Equal("\"p3.1-1\"", answer["ETag"]);
    }

    [Theory]
    [InlineData("application/merge-patch+json", 200)]
    [InlineData("application/json; charset=utf-8", 200)]
    [InlineData("text/plain", 415)]
    public async Task Reads_a_merge_patch_and_plain_json(string type, int status) =>
        Assert.Equal(status, (await Api.PatchAsync("/posts/1", "{}", ("Content-Type", type))).Status);

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await ArrangeAnnAsync();

        var answer = await Api.PatchAsync("/posts/3", """{"tag_names":["b"]}""", ("Prefer", "return=minimal"));

        Assert.Equal("204", answer.Outcome);
        Assert.Equal(["\"p3.2-1\"", "return=minimal"], [answer["ETag"]!, answer["Preference-Applied"]!]);
    }

    [Theory]
    [InlineData("title")]
    [InlineData("content")]
    public async Task Returns_422_for_a_null_where_a_text_belongs(string member) =>
        Assert.Equal(
            Invalid(
                "/posts/1",
                $$"""{"pointer":"#/{{member}}","code":"invalid_type","detail":"Expected a string, found null."}"""
            ),
            (await Api.PatchAsync("/posts/1", $$"""{"{{member}}":null}""")).Outcome
        );

    [Fact]
    public async Task Returns_422_for_a_null_where_a_list_belongs() =>
        Assert.Equal(
            Invalid(
                "/posts/1",
                """{"pointer":"#/tag_names","code":"invalid_type","detail":"Expected an array, found null."}"""
            ),
            (await Api.PatchAsync("/posts/1", """{"tag_names":null}""")).Outcome
        );

    [Theory]
    [InlineData("/posts/9", "{}")]
    [InlineData("/posts/9", """{"tag_names":["new"]}""")]
    [InlineData("/posts/9223372036854775808", """{"title":"T"}""")]
    public async Task Returns_404_and_stores_no_tag_when_no_post_has_the_id(string path, string body)
    {
        Assert.Equal(PostNotFound(path), (await Api.PatchAsync(path, body)).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }
}
