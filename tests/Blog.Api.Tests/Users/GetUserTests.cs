namespace Blog.Api.Tests.Users;

public sealed class GetUserTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Returns_a_user_with_profile_posts_and_tags()
    {
        var answer = await Api.GetAsync("/users/1");

        Assert.Equal($"200 {Bea}", answer.Outcome);
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("\"u1.1-1\"", answer["ETag"]);
        Assert.Equal("stmts=3, trips=2, rows=5, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Returns_null_and_an_empty_list_where_there_is_no_profile_and_no_post()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await Api.GetAsync("/users/2");

        Assert.Equal("""200 {"name":"Ann","id":2,"profile":null,"posts":[]}""", answer.Outcome);
    }

    [Fact]
    public async Task Returns_an_empty_list_where_a_post_has_no_tag()
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (2, 'T', '');
            """
        );

        var answer = await Api.GetAsync("/users/2");

        Assert.Equal(
            """200 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"T","content":"","id":3,"author_id":2,"tags":[]}]}""",
            answer.Outcome
        );
    }

    [Fact]
    public async Task Returns_posts_by_id_and_tags_by_id_whatever_the_order_of_their_rows()
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (id, author_id, title, content) overriding system value
            values (12, 2, 'later', ''), (11, 2, 'sooner', '');
            insert into blog.tag (id, name) overriding system value values (9, 'a'), (8, 'z');
            insert into blog.post_tag values (12, 9), (12, 8), (11, 9), (11, 1);
            """
        );

        var answer = await Api.GetAsync("/users/2");

        Assert.Equal(
            """200 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"sooner","content":"","id":11,"author_id":2,"tags":[{"name":"shared","id":1},{"name":"a","id":9}]},{"title":"later","content":"","id":12,"author_id":2,"tags":[{"name":"z","id":8},{"name":"a","id":9}]}]}""",
            answer.Outcome
        );
    }

    [Fact]
    public async Task Returns_404_when_no_user_has_the_id()
    {
        var answer = await Api.GetAsync("/users/9");

        Assert.Equal(UserNotFound("/users/9"), answer.Outcome);
        Assert.Equal("application/problem+json", answer["Content-Type"]);
        Assert.Null(answer["ETag"]);
    }

    [Theory]
    [InlineData("/users/0")]
    [InlineData("/users/-1")]
    [InlineData("/users/-9223372036854775808")]
    [InlineData("/users/9223372036854775807")]
    [InlineData("/users/9223372036854775808")]
    [InlineData("/users/-9223372036854775809")]
    [InlineData("/users/99999999999999999999999999999999999999999999999999")]
    public async Task Returns_404_for_a_number_that_no_user_can_have(string path) =>
        Assert.Equal(UserNotFound(path), (await Api.GetAsync(path)).Outcome);

    [Theory]
    [InlineData("abc")]
    [InlineData("1a")]
    [InlineData("1.0")]
    [InlineData("1e3")]
    [InlineData("0x1")]
    [InlineData("+1")]
    [InlineData("-")]
    [InlineData("--1")]
    [InlineData("1-")]
    [InlineData("%201")]
    [InlineData("1%20")]
    [InlineData("1,000")]
    [InlineData("%EF%BC%91")]
    public async Task Returns_422_for_an_id_that_is_no_integer(string id)
    {
        var answer = await Api.GetAsync($"/users/{id}");

        Assert.Equal(
            Invalid($"/users/{id}", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            answer.Outcome
        );
        Assert.Equal("stmts=0, trips=0, rows=0, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Reads_an_id_with_leading_zeros_as_the_number_that_it_is() =>
        Assert.Equal($"200 {Bea}", (await Api.GetAsync("/users/0001")).Outcome);

    [Fact]
    public async Task Does_not_mind_parameters_that_it_does_not_have() =>
        Assert.Equal($"200 {Bea}", (await Api.GetAsync("/users/1?colour=blue")).Outcome);

    [Fact]
    public async Task Writes_characters_as_they_are_and_those_beyond_the_basic_plane_as_escaped_pairs()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Zoë <b>&''+ 日本 😀')");

        var answer = await Api.GetAsync("/users/2");

        Assert.Equal(
            """200 {"name":"Zoë <b>&'+ 日本 \uD83D\uDE00","id":2,"profile":null,"posts":[]}""",
            answer.Outcome
        );
    }
}
