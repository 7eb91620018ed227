namespace Blog.Api.Tests.Tags;

public sealed class DeleteTagTests(BlogApi api) : ApiTest(api)
{
    /// <summary>Two posts and two tags: 3 carries a (3) and b (4), 4 carries b and shared.</summary>
    const string Ann =
        """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["a","b"]},{"title":"U","content":"D","tag_names":["b","shared"]}]}""";

    [Fact]
    public async Task Deletes_a_tag_and_its_links()
    {
        await Api.PostAsync("/users", Ann);

        var answer = await Api.DeleteAsync("/tags/4");

        Assert.Equal("""200 {"message":"Deleted"}""", answer.Outcome);
        Assert.Null(answer["ETag"]);
        Assert.Equal("stmts=5, trips=1, rows=4, budget=ok", answer["Blog-SQL"]);
        Assert.Equal(
            ["1 1", "1 2", "2 1", "3 3", "4 1"],
            await ListAsync("select concat_ws(' ', post_id, tag_id) from blog.post_tag order by post_id, tag_id")
        );
        Assert.Equal(NotFound("tag_not_found", "Tag not found", "/tags/4"), (await Api.GetAsync("/tags/4")).Outcome);
        Assert.Equal(
            """200 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"a","id":3}]},{"title":"U","content":"D","id":4,"author_id":2,"tags":[{"name":"shared","id":1}]}]}""",
            (await Api.GetAsync("/users/2")).Outcome
        );
    }

    [Fact]
    public async Task Deletes_a_tag_that_no_post_carries()
    {
        await Api.PostAsync("/tags", """{"name":"alone"}""");

        var answer = await Api.DeleteAsync("/tags/3");

        Assert.Equal("""200 {"message":"Deleted"}""", answer.Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Moves_the_entity_tag_of_everybody_by_the_epoch_and_touches_nobody()
    {
        await Api.PostAsync("/users", Ann);
        Assert.Equal(304, (await Api.GetAsync("/users/2", ("If-None-Match", "\"u2.1-1\""))).Status);

        await Api.DeleteAsync("/tags/4");

        var answer = await Api.GetAsync("/users/2", ("If-None-Match", "\"u2.1-1\""));
        Assert.Equal(200, answer.Status);
        Assert.Equal("\"u2.1-2\"", answer["ETag"]);
    }

    [Fact]
    public async Task Answers_the_second_time_that_there_is_no_such_tag()
    {
        await Api.PostAsync("/tags", """{"name":"a"}""");
        await Api.DeleteAsync("/tags/3");

        var answer = await Api.DeleteAsync("/tags/3");

        Assert.Equal(NotFound("tag_not_found", "Tag not found", "/tags/3"), answer.Outcome);
        Assert.Equal(["2"], await ListAsync("select epoch from blog.tag_epoch"));
    }

    [Fact]
    public async Task Gives_the_name_to_a_new_tag_and_the_id_to_none()
    {
        await Api.PostAsync("/tags", """{"name":"a"}""");
        await Api.DeleteAsync("/tags/3");

        Assert.Equal("""201 {"name":"a","id":4}""", (await Api.PostAsync("/tags", """{"name":"a"}""")).Outcome);
    }

    [Theory]
    [InlineData("\"t3.1\"")]
    [InlineData("*")]
    public async Task Deletes_where_the_version_is_the_expected_one(string expected)
    {
        await Api.PostAsync("/users", Ann);

        Assert.Equal(200, (await Api.DeleteAsync("/tags/3", ("If-Match", expected))).Status);
    }

    [Theory]
    [InlineData("\"t3.2\"", "")]
    [InlineData("\"t4.1\"", "")]
    [InlineData("\"t3.2\"", "?merge_into=4")]
    [InlineData("\"t3.2\"", "?merge_into=9")]
    public async Task Returns_412_with_the_current_entity_tag_where_it_is_not(string expected, string query)
    {
        await Api.PostAsync("/users", Ann);

        var answer = await Api.DeleteAsync($"/tags/3{query}", ("If-Match", expected));

        Assert.Equal(412, answer.Status);
        Assert.Equal("\"t3.1\"", answer["ETag"]);
        await NothingHasChangedAsync();
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await Api.PostAsync("/tags", """{"name":"a"}""");

        var answer = await Api.DeleteAsync("/tags/3", ("Prefer", "return=minimal"));

        Assert.Equal("204", answer.Outcome);
        Assert.Equal("return=minimal", answer["Preference-Applied"]);
    }

    [Theory]
    [InlineData("/tags/9")]
    [InlineData("/tags/0")]
    [InlineData("/tags/9223372036854775808")]
    public async Task Returns_404_when_no_tag_has_the_id(string path)
    {
        await Api.PostAsync("/users", Ann);

        Assert.Equal(NotFound("tag_not_found", "Tag not found", path), (await Api.DeleteAsync(path)).Outcome);
        Assert.Equal(
            NotFound("tag_not_found", "Tag not found", path),
            (await Api.DeleteAsync($"{path}?merge_into=4", ("If-Match", "\"t9.1\""))).Outcome
        );
        await NothingHasChangedAsync();
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid("/tags/x", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.DeleteAsync("/tags/x")).Outcome
        );

    [Fact]
    public async Task Merges_a_tag_into_another_one_and_keeps_each_link_once()
    {
        await Api.PostAsync("/users", Ann);

        var answer = await Api.DeleteAsync("/tags/4?merge_into=3", ("If-Match", "\"t4.1\""));

        Assert.Equal("""200 {"message":"Deleted"}""", answer.Outcome);
        Assert.Equal("stmts=5, trips=1, rows=5, budget=ok", answer["Blog-SQL"]);
        Assert.Equal(
            ["1 1", "1 2", "2 1", "3 3", "4 1", "4 3"],
            await ListAsync("select concat_ws(' ', post_id, tag_id) from blog.post_tag order by post_id, tag_id")
        );
        Assert.Equal(
            """200 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"a","id":3}]},{"title":"U","content":"D","id":4,"author_id":2,"tags":[{"name":"shared","id":1},{"name":"a","id":3}]}]}""",
            (await Api.GetAsync("/users/2")).Outcome
        );
        Assert.Equal("\"u2.1-2\"", (await Api.GetAsync("/users/2"))["ETag"]);
        Assert.Equal("\"t3.1\"", (await Api.GetAsync("/tags/3"))["ETag"]);
    }

    [Fact]
    public async Task Takes_as_many_statements_for_a_thousand_posts_as_for_one()
    {
        await ExecuteAsync(
            """
            insert into blog.tag (name) values ('a'), ('b');
            insert into blog.users (name) select 'Ann' from generate_series(1, 100);
            insert into blog.post (author_id, title, content) select 2 + n % 100, 'T', '' from generate_series(1, 1000) n;
            insert into blog.post_tag select id, 3 from blog.post where id > 2;
            insert into blog.post_tag select id, 4 from blog.post where id > 502;
            """
        );

        var answer = await Api.DeleteAsync("/tags/3?merge_into=4");

        Assert.Equal("stmts=5, trips=1, rows=5, budget=ok", answer["Blog-SQL"]);
        Assert.Equal(["1000"], await ListAsync("select count(*) from blog.post_tag where tag_id = 4"));
        Assert.Equal("101 1 1002 3 1003", await CountRowsAsync());
    }

    [Theory]
    [InlineData("3")]
    [InlineData("003")]
    [InlineData("9")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775808")]
    public async Task Returns_422_where_the_tag_to_merge_into_is_itself_or_nobody(string id)
    {
        await Api.PostAsync("/users", Ann);

        var answer = await Api.DeleteAsync($"/tags/3?merge_into={id}");

        Assert.Equal(
            """422 {"type":"/problems/invalid_reference","title":"Unprocessable Entity","status":422,"detail":"The row that a parameter names cannot be used; nothing was written","instance":"/tags/3","code":"invalid_reference","request_id":"test","errors":[{"parameter":"merge_into","code":"out_of_range","detail":"The id of another row that exists belongs here."}]}""",
            answer.Outcome
        );
        await NothingHasChangedAsync();
    }

    [Theory]
    [InlineData("merge_into=shared")]
    [InlineData("merge_into=")]
    [InlineData("merge_into")]
    [InlineData("merge_into=1.0")]
    [InlineData("merge_into=%2B1")]
    [InlineData("merge_into=1%20")]
    [InlineData("merge_into=1&merge_into=4")]
    public async Task Returns_400_where_the_tag_to_merge_into_is_no_integer(string query)
    {
        await Api.PostAsync("/users", Ann);

        var answer = await Api.DeleteAsync($"/tags/3?{query}");

        Assert.Equal(
            """400 {"type":"/problems/invalid_parameter","title":"Bad Request","status":400,"detail":"A parameter of the query does not have its form","instance":"/tags/3","code":"invalid_parameter","request_id":"test","errors":[{"parameter":"merge_into","code":"invalid_format","detail":"One whole number belongs here."}]}""",
            answer.Outcome
        );
        Assert.Equal("stmts=0, trips=0, rows=0, budget=ok", answer["Blog-SQL"]);
        await NothingHasChangedAsync();
    }

    [Fact]
    public async Task Ignores_parameters_that_it_does_not_have()
    {
        await Api.PostAsync("/users", Ann);

        Assert.Equal(200, (await Api.DeleteAsync("/tags/3?reassign_posts_to=x&colour=blue")).Status);
        Assert.Equal("2 1 4 3 6", await CountRowsAsync());
    }

    async Task NothingHasChangedAsync()
    {
        Assert.Equal("2 1 4 4 7", await CountRowsAsync());
        Assert.Equal(["1"], await ListAsync("select epoch from blog.tag_epoch"));
    }
}
