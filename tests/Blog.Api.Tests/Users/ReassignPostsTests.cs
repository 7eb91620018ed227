namespace Blog.Api.Tests.Users;

public sealed class ReassignPostsTests(BlogApi api) : ApiTest(api)
{
    const string Ann =
        """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["a"]},{"title":"U","content":"D","tag_names":["a","shared"]}]}""";
    const string Cid = """{"name":"Cid","bio":"ho","posts":[{"title":"V","content":"E"}]}""";

    [Fact]
    public async Task Gives_the_posts_to_another_user_and_deletes_the_user()
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        var answer = await Api.DeleteAsync("/users/2?reassign_posts_to=3");

        Assert.Equal("""200 {"message":"Deleted"}""", answer.Outcome);
        Assert.Null(answer["ETag"]);
        Assert.Equal("stmts=4, trips=1, rows=4, budget=ok", answer["Blog-SQL"]);
        Assert.Equal(UserNotFound("/users/2"), (await Api.GetAsync("/users/2")).Outcome);
        var heir = await Api.GetAsync("/users/3");
        Assert.Equal(
            """200 {"name":"Cid","id":3,"profile":{"bio":"ho","id":3},"posts":[{"title":"T","content":"C","id":3,"author_id":3,"tags":[{"name":"a","id":3}]},{"title":"U","content":"D","id":4,"author_id":3,"tags":[{"name":"shared","id":1},{"name":"a","id":3}]},{"title":"V","content":"E","id":5,"author_id":3,"tags":[]}]}""",
            heir.Outcome
        );
        Assert.Equal("\"u3.2-1\"", heir["ETag"]);
        Assert.Equal("2 2 5 3 6", await CountRowsAsync());
        Assert.Equal(
            ["3 2 true", "4 2 true", "5 1 false"],
            await ListAsync(
                "select concat_ws(' ', id, version, (updated_at > created_at)::text) from blog.post where id > 2 order by id"
            )
        );
    }

    [Fact]
    public async Task Changes_nothing_of_the_heir_where_there_is_no_post_to_take()
    {
        await Api.PostAsync("/users", """{"name":"Ann","bio":"hi"}""");
        await Api.PostAsync("/users", Cid);

        Assert.Equal(200, (await Api.DeleteAsync("/users/2?reassign_posts_to=3")).Status);

        Assert.Equal("\"u3.1-1\"", (await Api.GetAsync("/users/3"))["ETag"]);
        Assert.Equal("2 2 3 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Takes_as_many_statements_for_a_thousand_posts_as_for_one()
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);
        await ExecuteAsync(
            "insert into blog.post (author_id, title, content) select 2, 'T', '' from generate_series(1, 1000)"
        );

        var answer = await Api.DeleteAsync("/users/2?reassign_posts_to=3");

        Assert.Equal("stmts=4, trips=1, rows=4, budget=ok", answer["Blog-SQL"]);
        Assert.Equal(["1003"], await ListAsync("select count(*) from blog.post where author_id = 3"));
        Assert.Equal(["2"], await ListAsync("select version from blog.users where id = 3"));
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        var answer = await Api.DeleteAsync("/users/2?reassign_posts_to=3", ("Prefer", "return=minimal"));

        Assert.Equal("204", answer.Outcome);
    }

    [Theory]
    [InlineData("\"u2.1-1\"")]
    [InlineData("\"u2.1-9\"")]
    [InlineData("*")]
    public async Task Deletes_where_the_version_is_the_expected_one(string expected)
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        var answer = await Api.DeleteAsync("/users/2?reassign_posts_to=3", ("If-Match", expected));

        Assert.Equal(200, answer.Status);
    }

    [Theory]
    [InlineData("\"u2.2-1\"", 3)]
    [InlineData("\"u3.1-1\"", 3)]
    [InlineData("\"u2.2-1\"", 9)]
    public async Task Returns_412_with_the_current_entity_tag_where_it_is_not(string expected, int heir)
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        var answer = await Api.DeleteAsync($"/users/2?reassign_posts_to={heir}", ("If-Match", expected));

        Assert.Equal(412, answer.Status);
        Assert.Equal("\"u2.1-1\"", answer["ETag"]);
        await NothingHasChangedAsync();
    }

    [Theory]
    [InlineData("2")]
    [InlineData("02")]
    [InlineData("9")]
    [InlineData("0")]
    [InlineData("-3")]
    [InlineData("9223372036854775808")]
    public async Task Returns_422_where_the_other_user_is_the_same_or_nobody(string id)
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        var answer = await Api.DeleteAsync($"/users/2?reassign_posts_to={id}");

        Assert.Equal(
            """422 {"type":"/problems/invalid_reference","title":"Unprocessable Entity","status":422,"detail":"The row that a parameter names cannot be used; nothing was written","instance":"/users/2","code":"invalid_reference","request_id":"test","errors":[{"parameter":"reassign_posts_to","code":"out_of_range","detail":"The id of another row that exists belongs here."}]}""",
            answer.Outcome
        );
        await NothingHasChangedAsync();
    }

    [Theory]
    [InlineData("reassign_posts_to=Cid")]
    [InlineData("reassign_posts_to=")]
    [InlineData("reassign_posts_to=3&reassign_posts_to=3")]
    [InlineData("reassign_posts_to=3.0")]
    public async Task Returns_400_where_the_other_user_is_no_integer(string query)
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        var answer = await Api.DeleteAsync($"/users/2?{query}");

        Assert.Equal(
            """400 {"type":"/problems/invalid_parameter","title":"Bad Request","status":400,"detail":"A parameter of the query does not have its form","instance":"/users/2","code":"invalid_parameter","request_id":"test","errors":[{"parameter":"reassign_posts_to","code":"invalid_format","detail":"One whole number belongs here."}]}""",
            answer.Outcome
        );
        await NothingHasChangedAsync();
    }

    [Theory]
    [InlineData("/users/9")]
    [InlineData("/users/9223372036854775808")]
    public async Task Returns_404_when_no_user_has_the_id(string path)
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        Assert.Equal(UserNotFound(path), (await Api.DeleteAsync($"{path}?reassign_posts_to=3")).Outcome);
        await NothingHasChangedAsync();
    }

    [Fact]
    public async Task Deletes_the_posts_too_where_nobody_is_to_take_them()
    {
        await Api.PostAsync("/users", Ann);
        await Api.PostAsync("/users", Cid);

        var answer = await Api.DeleteAsync("/users/2?merge_into=3");

        Assert.Equal("stmts=1, trips=1, rows=0, budget=ok", answer["Blog-SQL"]);
        Assert.Equal("2 2 3 3 3", await CountRowsAsync());
    }

    async Task NothingHasChangedAsync()
    {
        Assert.Equal("3 3 5 3 6", await CountRowsAsync());
        Assert.Equal(
            ["1 1", "2 1", "3 1"],
            await ListAsync("select concat_ws(' ', id, version) from blog.users order by id")
        );
    }
}
