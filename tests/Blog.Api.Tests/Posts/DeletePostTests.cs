namespace Blog.Api.Tests.Posts;

public sealed class DeletePostTests(BlogApi api) : PostTest(api)
{
    [Fact]
    public async Task Deletes_a_post_with_its_links_and_keeps_the_tags_and_the_author()
    {
        await ArrangeAnnAsync();

        var answer = await Api.DeleteAsync("/posts/3");

        Assert.Equal("""200 {"message":"Deleted"}""", answer.Outcome);
        Assert.Null(answer["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", answer["Blog-SQL"]);
        Assert.Equal("2 1 2 3 3", await CountRowsAsync());
        var user = await Api.GetAsync("/users/2");
        Assert.Equal("""200 {"name":"Ann","id":2,"profile":null,"posts":[]}""", user.Outcome);
        Assert.Equal("\"u2.2-1\"", user["ETag"]);
    }

    [Fact]
    public async Task Answers_the_second_time_that_there_is_no_such_post()
    {
        await ArrangeAnnAsync();

        await Api.DeleteAsync("/posts/3");

        Assert.Equal(PostNotFound("/posts/3"), (await Api.DeleteAsync("/posts/3")).Outcome);
        Assert.Equal("\"u2.2-1\"", (await Api.GetAsync("/users/2"))["ETag"]);
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await ArrangeAnnAsync();

        var answer = await Api.DeleteAsync("/posts/3", ("Prefer", "return=minimal"));

        Assert.Equal("204", answer.Outcome);
        Assert.Equal("return=minimal", answer["Preference-Applied"]);
        Assert.Equal("2 1 2 3 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("/posts/9")]
    [InlineData("/posts/0")]
    [InlineData("/posts/9223372036854775808")]
    public async Task Returns_404_when_no_post_has_the_id(string path)
    {
        Assert.Equal(PostNotFound(path), (await Api.DeleteAsync(path)).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid("/posts/x", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.DeleteAsync("/posts/x")).Outcome
        );
}
