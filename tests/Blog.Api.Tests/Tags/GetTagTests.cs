namespace Blog.Api.Tests.Tags;

public sealed class GetTagTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Returns_a_tag()
    {
        var answer = await Api.GetAsync("/tags/2");

        Assert.Equal("""200 {"name":"hers","id":2}""", answer.Outcome);
        Assert.Equal("\"t2.1\"", answer["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", answer["Blog-SQL"]);
    }

    [Theory]
    [InlineData("\"t2.1\"")]
    [InlineData("W/\"t2.1\"")]
    [InlineData("\"t2.9\", \"t2.1\"")]
    [InlineData("*")]
    public async Task Returns_304_where_the_client_holds_it_already(string held)
    {
        var answer = await Api.GetAsync("/tags/2", ("If-None-Match", held));

        Assert.Equal("304", answer.Outcome);
        Assert.Equal("\"t2.1\"", answer["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", answer["Blog-SQL"]);
    }

    [Theory]
    [InlineData("\"t2.2\"")]
    [InlineData("\"t1.1\"")]
    [InlineData("\"u2.1-1\"")]
    public async Task Returns_the_tag_where_the_client_holds_another(string held) =>
        Assert.Equal(
            """200 {"name":"hers","id":2}""",
            (await Api.GetAsync("/tags/2", ("If-None-Match", held))).Outcome
        );

    [Fact]
    public async Task Ignores_parameters_that_it_does_not_have() =>
        Assert.Equal(200, (await Api.GetAsync("/tags/2?merge_into=x&colour=blue")).Status);

    [Fact]
    public async Task Answers_head_without_a_body()
    {
        var answer = await Api.SendAsync("HEAD", "/tags/2", json: null);

        Assert.Equal("200", answer.Outcome);
        Assert.Equal("\"t2.1\"", answer["ETag"]);
    }

    [Theory]
    [InlineData("/tags/9")]
    [InlineData("/tags/0")]
    [InlineData("/tags/-1")]
    [InlineData("/tags/9223372036854775808")]
    public async Task Returns_404_when_no_tag_has_the_id(string path) =>
        Assert.Equal(NotFound("tag_not_found", "Tag not found", path), (await Api.GetAsync(path)).Outcome);

    [Theory]
    [InlineData("x")]
    [InlineData("1.0")]
    public async Task Returns_422_for_an_id_that_is_no_integer(string id) =>
        Assert.Equal(
            Invalid($"/tags/{id}", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.GetAsync($"/tags/{id}")).Outcome
        );

    [Fact]
    public async Task Returns_400_for_an_entity_tag_without_quotes() =>
        Assert.Equal(400, (await Api.GetAsync("/tags/2", ("If-None-Match", "t2.1"))).Status);
}
