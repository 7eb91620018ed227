namespace Blog.Api.Tests.Users;

public sealed class PatchUserTests(BlogApi api) : ApiTest(api)
{
    const string Ann = """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["a"]}]}""";

    [Theory]
    [InlineData("""{"name":"Anna"}""", """{"name":"Anna","id":2,"profile":{"bio":"hi","id":2}}""")]
    [InlineData("""{"bio":"ho"}""", """{"name":"Ann","id":2,"profile":{"bio":"ho","id":2}}""")]
    [InlineData("""{"bio":"ho","name":"Anna"}""", """{"name":"Anna","id":2,"profile":{"bio":"ho","id":2}}""")]
    [InlineData("""{"bio":null}""", """{"name":"Ann","id":2,"profile":null}""")]
    [InlineData("""{"bio":""}""", """{"name":"Ann","id":2,"profile":null}""")]
    [InlineData("""{"name":"Anna","bio":null}""", """{"name":"Anna","id":2,"profile":null}""")]
    [InlineData("{}", """{"name":"Ann","id":2,"profile":{"bio":"hi","id":2}}""")]
    [InlineData("""{"posts":[],"colour":"blue"}""", """{"name":"Ann","id":2,"profile":{"bio":"hi","id":2}}""")]
    public async Task Changes_what_is_sent_and_keeps_the_rest(string patch, string expected)
    {
        await Api.PostAsync("/users", Ann);

        var answer = await Api.PatchAsync("/users/2", patch, ("Content-Type", "application/merge-patch+json"));

        Assert.Equal(
            $$"""200 {{expected[..^1]}},"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"a","id":3}]}]}""",
            answer.Outcome
        );
        Assert.Equal("\"u2.2-1\"", answer["ETag"]);
        Assert.Equal("stmts=4, trips=3, rows=4, budget=ok", answer["Blog-SQL"]);
        var read = await Api.GetAsync("/users/2");
        Assert.Equal(answer.Outcome, read.Outcome);
        Assert.Equal(answer["ETag"], read["ETag"]);
    }

    [Theory]
    [InlineData("""{"bio":"new"}""", """{"bio":"new","id":2}""")]
    [InlineData("""{"bio":"e\u0301"}""", "{\"bio\":\"\u00e9\",\"id\":2}")]
    [InlineData("""{"bio":null}""", "null")]
    [InlineData("""{"bio":""}""", "null")]
    [InlineData("{}", "null")]
    public async Task Creates_a_profile_only_where_a_bio_is_sent(string patch, string profile)
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.PatchAsync("/users/2", patch);

        Assert.Equal($$"""200 {"name":"Ann","id":2,"profile":{{profile}},"posts":[]}""", answer.Outcome);
    }

    [Theory]
    [InlineData("""{"name":null}""", "null")]
    [InlineData("""{"name":5}""", "a number")]
    public async Task Refuses_a_name_that_is_no_string(string patch, string found) =>
        Assert.Equal(
            Invalid(
                "/users/1",
                $$"""{"pointer":"#/name","code":"invalid_type","detail":"Expected a string, found {{found}}."}"""
            ),
            (await Api.PatchAsync("/users/1", patch)).Outcome
        );

    [Fact]
    public async Task Changes_nothing_when_one_member_is_invalid()
    {
        var answer = await Api.PatchAsync("/users/1", """{"bio":"new","name":" "}""");

        Assert.Equal(
            Invalid(
                "/users/1",
                """{"pointer":"#/name","code":"blank","detail":"Must have a character that is not white space."}"""
            ),
            answer.Outcome
        );
    }

    [Theory]
    [InlineData("/users/9")]
    [InlineData("/users/0")]
    [InlineData("/users/-9223372036854775809")]
    public async Task Returns_404_when_no_user_has_the_id(string path)
    {
        Assert.Equal(UserNotFound(path), (await Api.PatchAsync(path, """{"name":"N","bio":"b"}""")).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid("/users/x", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.PatchAsync("/users/x", "{}")).Outcome
        );
}
