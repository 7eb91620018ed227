namespace Blog.Api.Tests.Users;

public sealed class ReplaceUserTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Renames_a_user_and_keeps_everything_below()
    {
        await Api.PostAsync(
            "/users",
            """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["a"]}]}"""
        );

        var answer = await Api.PutAsync("/users/2", """{"name":"Anna"}""");

        Assert.Equal(
            """200 {"name":"Anna","id":2,"profile":{"bio":"hi","id":2},"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"a","id":3}]}]}""",
            answer.Outcome
        );
        Assert.Equal("\"u2.2-1\"", answer["ETag"]);
        Assert.Equal("stmts=4, trips=3, rows=4, budget=ok", answer["Blog-SQL"]);
        var read = await Api.GetAsync("/users/2");
        Assert.Equal(answer.Outcome, read.Outcome);
        Assert.Equal(answer["ETag"], read["ETag"]);
    }

    [Fact]
    public async Task Ignores_the_members_that_only_a_creation_has()
    {
        await Api.PostAsync("/users", """{"name":"Ann","bio":"hi"}""");

        var answer = await Api.PutAsync("/users/2", """{"name":"Anna","bio":null,"posts":[{"title":"T"}],"id":1}""");

        Assert.Equal("""200 {"name":"Anna","id":2,"profile":{"bio":"hi","id":2},"posts":[]}""", answer.Outcome);
    }

    [Fact]
    public async Task Stores_the_name_in_normalisation_form_c_and_does_not_trim_it()
    {
        await Api.PostAsync("/users", """{"name":"Ann"}""");

        var answer = await Api.PutAsync("/users/2", """{"name":" Zoe\u0308 "}""");

        Assert.Equal("200 {\"name\":\" Zo\u00eb \",\"id\":2,\"profile\":null,\"posts\":[]}", answer.Outcome);
    }

    [Fact]
    public async Task Says_in_the_row_when_it_was_changed()
    {
        await ExecuteAsync(
            "insert into blog.users (name, created_at, updated_at) values ('Ann', '2001-01-01', '2001-01-01')"
        );

        await Api.PutAsync("/users/2", """{"name":"Anna"}""");

        Assert.Equal(
            ["true true"],
            await ListAsync(
                """
                select format('%s %s', (created_at = '2001-01-01')::text, (updated_at > now() - interval '1 hour')::text)
                from blog.users where id = 2
                """
            )
        );
    }

    [Theory]
    [InlineData("/users/9")]
    [InlineData("/users/0")]
    [InlineData("/users/9223372036854775808")]
    public async Task Returns_404_when_no_user_has_the_id(string path)
    {
        Assert.Equal(UserNotFound(path), (await Api.PutAsync(path, """{"name":"Nobody"}""")).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid("/users/x", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.PutAsync("/users/x", """{"name":"Ann"}""")).Outcome
        );

    [Fact]
    public async Task Changes_nothing_when_the_name_is_missing()
    {
        var answer = await Api.PutAsync("/users/1", "{}");

        Assert.Equal(
            Invalid("/users/1", """{"pointer":"#/name","code":"required","detail":"Must be given."}"""),
            answer.Outcome
        );
    }
}
