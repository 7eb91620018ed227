namespace Blog.Api.Tests.Posts;

public sealed class CreatePostTests(BlogApi api) : PostTest(api)
{
    [Fact]
    public async Task Creates_a_post_of_the_user_and_says_where_it_is()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.PostAsync(
            "/users/2/posts",
            """{"title":"T","content":"C","tag_names":["z","shared","a"]}"""
        );

        Assert.Equal($"201 {Post("T", "C", Shared, A, """{"name":"z","id":4}""")}", answer.Outcome);
        Assert.Equal("/posts/3", answer["Location"]);
        Assert.Equal("\"p3.1-1\"", answer["ETag"]);
        Assert.Equal("stmts=3, trips=3, rows=6, budget=ok", answer["Blog-SQL"]);
        var read = await Api.GetAsync("/posts/3");
        Assert.Equal($"200 {answer.Body}", read.Outcome);
        Assert.Equal(answer["ETag"], read["ETag"]);
        var user = await Api.GetAsync("/users/2");
        Assert.Equal($$"""200 {"name":"Ann","id":2,"profile":null,"posts":[{{answer.Body}}]}""", user.Outcome);
        Assert.Equal("\"u2.2-1\"", user["ETag"]);
    }

    [Fact]
    public async Task Takes_a_post_without_tags_and_with_an_empty_content()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.PostAsync("/users/2/posts", """{"title":"T","content":""}""");

        Assert.Equal($"201 {Post("T", "")}", answer.Outcome);
        Assert.Equal("2 1 3 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Normalises_the_title_trims_the_tags_and_merges_equal_ones()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.PostAsync(
            "/users/2/posts",
            """{"title":" e\u0301 ","content":"e\u0301","tag_names":[" e\u0301","\u00e9\t","E\u0301","shared"," shared "]}"""
        );

        Assert.Equal(
            $"201 {Post(" \u00e9 ", "e\u0301", Shared, "{\"name\":\"\u00c9\",\"id\":3}", "{\"name\":\"\u00e9\",\"id\":4}")}",
            answer.Outcome
        );
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.PostAsync(
            "/users/2/posts",
            """{"title":"T","content":"C"}""",
            ("Prefer", "return=minimal")
        );

        Assert.Equal("201", answer.Outcome);
        Assert.Equal(
            ["/posts/3", "\"p3.1-1\"", "return=minimal"],
            [answer["Location"]!, answer["ETag"]!, answer["Preference-Applied"]!]
        );
    }

    [Theory]
    [InlineData("/users/9/posts")]
    [InlineData("/users/0/posts")]
    [InlineData("/users/9223372036854775808/posts")]
    public async Task Returns_404_and_stores_no_tag_when_no_user_has_the_id(string path)
    {
        var answer = await Api.PostAsync(path, """{"title":"T","content":"C","tag_names":["new"]}""");

        Assert.Equal(UserNotFound(path), answer.Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid(
                "/users/x/posts",
                """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""
            ),
            (await Api.PostAsync("/users/x/posts", """{"title":"T","content":"C"}""")).Outcome
        );

    [Fact]
    public async Task Names_everything_that_is_wrong_with_the_post_and_stores_nothing()
    {
        var answer = await Api.PostAsync("/users/1/posts", """{"title":" ","tag_names":["ok",""]}""");

        Assert.Equal(
            Invalid(
                "/users/1/posts",
                """{"pointer":"#/title","code":"blank","detail":"Must have a character that is not white space."},"""
                    + """{"pointer":"#/content","code":"required","detail":"Must be given."},"""
                    + """{"pointer":"#/tag_names/1","code":"blank","detail":"Must have a character that is not white space."}"""
            ),
            answer.Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }
}
