namespace Blog.Api.Tests.Posts;

public sealed class ReplacePostTests(BlogApi api) : PostTest(api)
{
    [Fact]
    public async Task Replaces_title_content_and_tags()
    {
        await ArrangeAnnAsync();

        var answer = await Api.PutAsync(
            "/posts/3",
            """{"title":" e\u0301","content":"e\u0301","tag_names":[" b ","a","b"],"id":1,"author_id":1}"""
        );

        Assert.Equal($"200 {Post(" \u00e9", "e\u0301", A, """{"name":"b","id":4}""")}", answer.Outcome);
        Assert.Equal("\"p3.2-1\"", answer["ETag"]);
        Assert.Equal("u2.2 p3.2", await VersionsAsync());
        var read = await Api.GetAsync("/posts/3");
        Assert.Equal(answer.Outcome, read.Outcome);
        Assert.Equal(answer["ETag"], read["ETag"]);
    }

    [Fact]
    public async Task Keeps_the_tags_where_none_were_sent_and_takes_all_away_where_an_empty_list_was()
    {
        await ArrangeAnnAsync();

        var kept = await Api.PutAsync("/posts/3", """{"title":"U","content":"D"}""");
        var emptied = await Api.PutAsync("/posts/3", """{"title":"U","content":"D","tag_names":[]}""");

        Assert.Equal($"200 {Post("U", "D", Shared, A)}", kept.Outcome);
        Assert.Equal("stmts=3, trips=1, rows=4, budget=ok", kept["Blog-SQL"]);
        Assert.Equal($"200 {Post("U", "D")}", emptied.Outcome);
        Assert.Equal(["\"p3.2-1\"", "\"p3.3-1\""], [kept["ETag"]!, emptied["ETag"]!]);
        Assert.Equal("2 1 3 3 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Says_in_the_rows_when_they_were_changed()
    {
        await ArrangeAnnAsync();
        await ExecuteAsync(
            "update blog.users set updated_at = '2001-01-01'; update blog.post set updated_at = '2001-01-01'"
        );

        await Api.PutAsync("/posts/3", """{"title":"U","content":"D"}""");

        Assert.Equal(
            ["user 2", "post 3"],
            await ListAsync(
                """
                select 'user ' || id from blog.users where updated_at > now() - interval '1 hour'
                union all
                select 'post ' || id from blog.post where updated_at > now() - interval '1 hour'
                """
            )
        );
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await ArrangeAnnAsync();

        var answer = await Api.PutAsync("/posts/3", """{"title":"U","content":"D"}""", ("Prefer", "return=minimal"));

        Assert.Equal("204", answer.Outcome);
        Assert.Equal(["\"p3.2-1\"", "return=minimal"], [answer["ETag"]!, answer["Preference-Applied"]!]);
        Assert.Equal($"200 {Post("U", "D", Shared, A)}", (await Api.GetAsync("/posts/3")).Outcome);
    }

    [Theory]
    [InlineData("/posts/9", """{"title":"T","content":"C"}""")]
    [InlineData("/posts/9", """{"title":"T","content":"C","tag_names":["new"]}""")]
    [InlineData("/posts/9223372036854775808", """{"title":"T","content":"C","tag_names":["new"]}""")]
    public async Task Returns_404_and_stores_no_tag_when_no_post_has_the_id(string path, string body)
    {
        Assert.Equal(PostNotFound(path), (await Api.PutAsync(path, body)).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("{}", "title", "required", "Must be given.")]
    [InlineData("""{"title":"T","content":null}""", "content", "invalid_type", "Expected a string, found null.")]
    [InlineData(
        """{"title":"T","content":"C","tag_names":null}""",
        "tag_names",
        "invalid_type",
        "Expected an array, found null."
    )]
    [InlineData(
        """{"title":"T","content":"C","tag_names":[1]}""",
        "tag_names/0",
        "invalid_type",
        "Expected a string, found a number."
    )]
    [InlineData("""{"title":"\t","content":"C"}""", "title", "blank", "Must have a character that is not white space.")]
    public async Task Changes_nothing_when_the_body_is_wrong(string body, string place, string code, string detail)
    {
        await ArrangeAnnAsync();

        var answer = await Api.PutAsync("/posts/3", body);

        Assert.StartsWith(
            Invalid("/posts/3", $$"""{"pointer":"#/{{place}}","code":"{{code}}","detail":"{{detail}}"}""")[..^2],
            answer.Outcome,
            StringComparison.Ordinal
        );
        Assert.Equal("u2.1 p3.1", await VersionsAsync());
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid("/posts/x", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.PutAsync("/posts/x", """{"title":"T","content":"C"}""")).Outcome
        );
}
