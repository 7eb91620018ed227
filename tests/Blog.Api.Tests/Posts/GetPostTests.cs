namespace Blog.Api.Tests.Posts;

public sealed class GetPostTests(BlogApi api) : PostTest(api)
{
    [Fact]
    public async Task Returns_a_post_with_its_tags_by_id_and_its_entity_tag()
    {
        await ArrangeAnnAsync();

        var answer = await Api.GetAsync("/posts/3");

        Assert.Equal($"200 {Post("T", "C", Shared, A)}", answer.Outcome);
        Assert.Equal("\"p3.1-1\"", answer["ETag"]);
        Assert.Equal("stmts=2, trips=1, rows=3, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Returns_the_tags_alone_under_the_tag_of_their_post()
    {
        await ArrangeAnnAsync();

        var answer = await Api.GetAsync("/posts/3/tags");

        Assert.Equal($"200 {Items(Shared, A)}", answer.Outcome);
        Assert.Equal("\"p3.1-1\"", answer["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=2, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Returns_empty_lists_where_the_post_has_no_tags()
    {
        await ArrangeAnnAsync();
        await ExecuteAsync("delete from blog.post_tag where post_id = 3");

        Assert.Equal($"200 {Post("T", "C")}", (await Api.GetAsync("/posts/3")).Outcome);
        Assert.Equal($"200 {Items()}", (await Api.GetAsync("/posts/3/tags")).Outcome);
    }

    [Theory]
    [InlineData("/posts/3", "\"p3.1-1\"")]
    [InlineData("/posts/3", "\"p3.9-1\", W/\"p3.1-1\"")]
    [InlineData("/posts/3", "*")]
    [InlineData("/posts/3/tags", "\"p3.1-1\"")]
    [InlineData("/posts/3/tags", "*")]
    public async Task Returns_304_by_one_statement_to_whoever_holds_it(string path, string held)
    {
        await ArrangeAnnAsync();

        var answer = await Api.GetAsync(path, ("If-None-Match", held));

        Assert.Equal("304", answer.Outcome);
        Assert.Equal("\"p3.1-1\"", answer["ETag"]);
        Assert.StartsWith("stmts=1, trips=1, ", answer["Blog-SQL"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"p3.2-1\"")]
    [InlineData("\"p3.1-2\"")]
    [InlineData("\"p1.1-1\"")]
    [InlineData("\"u3.1-1\"")]
    public async Task Returns_it_to_whoever_holds_something_else(string held)
    {
        await ArrangeAnnAsync();

        var post = await Api.GetAsync("/posts/3", ("If-None-Match", held));
        var tags = await Api.GetAsync("/posts/3/tags", ("If-None-Match", held));

        Assert.Equal($"200 {Post("T", "C", Shared, A)}", post.Outcome);
        Assert.Equal("stmts=3, trips=2, rows=4, budget=ok", post["Blog-SQL"]);
        Assert.Equal($"200 {Items(Shared, A)}", tags.Outcome);
    }

    [Fact]
    public async Task Is_not_the_same_any_more_when_the_epoch_of_the_tag_names_has_moved()
    {
        await ArrangeAnnAsync();
        await ExecuteAsync("update blog.tag set name = 'b' where id = 3; update blog.tag_epoch set epoch = 2");

        var answer = await Api.GetAsync("/posts/3", ("If-None-Match", "\"p3.1-1\""));

        Assert.Equal($"200 {Post("T", "C", Shared, """{"name":"b","id":3}""")}", answer.Outcome);
        Assert.Equal("\"p3.1-2\"", answer["ETag"]);
    }

    [Theory]
    [InlineData("/posts/9")]
    [InlineData("/posts/0")]
    [InlineData("/posts/-1")]
    [InlineData("/posts/9223372036854775808")]
    [InlineData("/posts/9/tags")]
    [InlineData("/posts/9223372036854775808/tags")]
    public async Task Returns_404_when_no_post_has_the_id(string path)
    {
        Assert.Equal(PostNotFound(path), (await Api.GetAsync(path)).Outcome);
        Assert.Equal(PostNotFound(path), (await Api.GetAsync(path, ("If-None-Match", "*"))).Outcome);
    }

    [Theory]
    [InlineData("/posts/x")]
    [InlineData("/posts/1.0/tags")]
    public async Task Returns_422_for_an_id_that_is_no_integer(string path) =>
        Assert.Equal(
            Invalid(path, """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.GetAsync(path)).Outcome
        );

    [Fact]
    public async Task Answers_HEAD_and_OPTIONS_as_every_route_does()
    {
        var head = await Api.SendAsync("HEAD", "/posts/1", json: null);
        var options = await Api.SendAsync("OPTIONS", "/posts/1", json: null);
        var optionsOfTags = await Api.SendAsync("OPTIONS", "/posts/1/tags", json: null);

        Assert.Equal(("200", "\"p1.1-1\""), (head.Outcome, head["ETag"]));
        Assert.Equal("204", options.Outcome);
        Assert.Equal(
            ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "PUT"],
            options["Allow"]!.Split(", ").Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            ["GET", "HEAD", "OPTIONS", "POST", "PUT"],
            optionsOfTags["Allow"]!.Split(", ").Order(StringComparer.Ordinal)
        );
    }
}
