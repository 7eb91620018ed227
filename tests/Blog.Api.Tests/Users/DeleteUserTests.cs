namespace Blog.Api.Tests.Users;

public sealed class DeleteUserTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Deletes_a_user_with_everything_below_and_keeps_the_tags()
    {
        await Api.PostAsync(
            "/users",
            """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["shared","a"]},{"title":"U","content":"D","tag_names":["a"]}]}"""
        );
        Assert.Equal("2 2 4 3 6", await CountRowsAsync());

        var answer = await Api.DeleteAsync("/users/2");

        Assert.Equal("""200 {"message":"Deleted"}""", answer.Outcome);
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Null(answer["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=0, budget=ok", answer["Blog-SQL"]);
        Assert.Equal("1 1 2 3 3", await CountRowsAsync());
        Assert.Equal(["shared", "hers", "a"], await ListAsync("select name from blog.tag order by id"));
        Assert.Equal(UserNotFound("/users/2"), (await Api.GetAsync("/users/2")).Outcome);
    }

    [Fact]
    public async Task Answers_the_second_time_that_there_is_no_such_user()
    {
        await Api.PostAsync("/users", """{"name":"Ann"}""");

        await Api.DeleteAsync("/users/2");

        Assert.Equal(UserNotFound("/users/2"), (await Api.DeleteAsync("/users/2")).Outcome);
    }

    [Fact]
    public async Task Never_gives_an_id_again()
    {
        await Api.PostAsync("/users", """{"name":"Ann"}""");
        await Api.DeleteAsync("/users/2");

        var answer = await Api.PostAsync("/users", """{"name":"Cid"}""");

        Assert.Equal("""201 {"name":"Cid","id":3,"profile":null,"posts":[]}""", answer.Outcome);
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await Api.PostAsync("/users", """{"name":"Ann"}""");

        var answer = await Api.DeleteAsync("/users/2", ("Prefer", "return=minimal"));

        Assert.Equal("204", answer.Outcome);
        Assert.Equal("return=minimal", answer["Preference-Applied"]);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("/users/9")]
    [InlineData("/users/0")]
    [InlineData("/users/9223372036854775808")]
    public async Task Returns_404_when_no_user_has_the_id(string path)
    {
        Assert.Equal(UserNotFound(path), (await Api.DeleteAsync(path)).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid("/users/x", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.DeleteAsync("/users/x")).Outcome
        );
}
