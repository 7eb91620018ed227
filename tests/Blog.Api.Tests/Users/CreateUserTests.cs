namespace Blog.Api.Tests.Users;

public sealed class CreateUserTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Creates_a_user_with_profile_posts_and_tags()
    {
        const string Ann =
            """{"name":"Ann","id":2,"profile":{"bio":"hi","id":2},"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"shared","id":1},{"name":"a","id":3}]},{"title":"U","content":"","id":4,"author_id":2,"tags":[{"name":"a","id":3},{"name":"b","id":4}]}]}""";

        var answer = await Api.PostAsync(
            "/users",
            """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["a","shared"]},{"title":"U","content":"","tag_names":["b","a"]}]}"""
        );

        Assert.Equal($"201 {Ann}", answer.Outcome);
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("/users/2", answer["Location"]);
        Assert.Equal("\"u2.1-1\"", answer["ETag"]);
        Assert.Equal("2 2 4 4 7", await CountRowsAsync());
        var read = await Api.GetAsync(answer["Location"]!);
        Assert.Equal($"200 {Ann}", read.Outcome);
        Assert.Equal("\"u2.1-1\"", read["ETag"]);
    }

    [Theory]
    [InlineData("""{"name":"Ann"}""")]
    [InlineData("""{"name":"Ann","bio":null}""")]
    [InlineData("""{"name":"Ann","bio":""}""")]
    [InlineData("""{"name":"Ann","posts":[]}""")]
    [InlineData("""{"posts":[],"bio":null,"name":"Ann"}""")]
    public async Task Creates_no_profile_and_no_post_where_none_is_sent(string body)
    {
        var answer = await Api.PostAsync("/users", body);

        Assert.Equal("""201 {"name":"Ann","id":2,"profile":null,"posts":[]}""", answer.Outcome);
        Assert.Equal("2 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Creates_no_link_where_tag_names_are_left_out_or_empty()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"T","content":"C"},{"title":"U","content":"D","tag_names":[]}]}"""
        );

        Assert.Equal(
            """201 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[]},{"title":"U","content":"D","id":4,"author_id":2,"tags":[]}]}""",
            answer.Outcome
        );
    }

    [Fact]
    public async Task Keeps_the_posts_in_the_order_sent()
    {
        var titles = Enumerable.Range(0, 100).Select(number => $"{number * 37 % 100}").ToArray();

        var answer = await Api.PostAsync(
            "/users",
            $$"""{"name":"Ann","posts":[{{string.Join(',', titles.Select(title => $$"""{"title":"{{title}}","content":"of {{title}}","tag_names":["t{{title}}"]}"""))}}]}"""
        );

        Assert.Equal(201, answer.Status);
        Assert.Equal(
            titles.Select(title => $"{title}|of {title}|t{title}"),
            await ListAsync(
                """
                select concat_ws('|', p.title, p.content, t.name)
                from blog.post p join blog.post_tag l on l.post_id = p.id join blog.tag t on t.id = l.tag_id
                where p.author_id = 2 order by p.id
                """
            )
        );
        Assert.Equal(answer.Body, (await Api.GetAsync("/users/2")).Body);
    }

    [Fact]
    public async Task Stores_the_content_as_it_is_sent()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"T","content":" \t\r\n e\u0301 \u200b \ufeff \ufffe \"\\\/ "}]}"""
        );

        Assert.Equal(201, answer.Status);
        Assert.Equal(
            [" \t\r\n e\u0301 \u200b \ufeff \ufffe \"\\/ "],
            await ListAsync("select content from blog.post where author_id = 2")
        );
        Assert.Equal(answer.Body, (await Api.GetAsync("/users/2")).Body);
    }

    [Fact]
    public async Task Keeps_a_bio_of_white_space_as_the_reference_does() =>
        Assert.Equal(
            """201 {"name":"Ann","id":2,"profile":{"bio":"  ","id":2},"posts":[]}""",
            (await Api.PostAsync("/users", """{"name":"Ann","bio":"  "}""")).Outcome
        );

    [Fact]
    public async Task Lets_two_users_have_one_name()
    {
        var first = await Api.PostAsync("/users", """{"name":"Bea"}""");
        var second = await Api.PostAsync("/users", """{"name":"Bea"}""");

        Assert.Equal("""201 {"name":"Bea","id":2,"profile":null,"posts":[]}""", first.Outcome);
        Assert.Equal("""201 {"name":"Bea","id":3,"profile":null,"posts":[]}""", second.Outcome);
    }

    [Fact]
    public async Task Ignores_ids_that_a_client_sends()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"id":1,"version":7,"created_at":"2001-01-01","name":"Ann","posts":[{"id":1,"author_id":1,"title":"T","content":"C"}]}"""
        );

        Assert.Equal(
            """201 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[]}]}""",
            answer.Outcome
        );
    }

    [Fact]
    public async Task Stores_nothing_when_one_value_is_invalid()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["new"]},{"title":" ","content":"C"}]}"""
        );

        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/posts/1/title","code":"blank","detail":"Must have a character that is not white space."}"""
            ),
            answer.Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Takes_texts_that_look_like_sql_for_texts()
    {
        const string Text = "'); drop table blog.users; -- :name @p $1 ";

        var answer = await Api.PostAsync(
            "/users",
            $$"""{"name":"{{Text}}","bio":"{{Text}}","posts":[{"title":"{{Text}}","content":"{{Text}}","tag_names":["'; -- :names"]}]}"""
        );

        Assert.Equal(
            $$"""201 {"name":"{{Text}}","id":2,"profile":{"bio":"{{Text}}","id":2},"posts":[{"title":"{{Text}}","content":"{{Text}}","id":3,"author_id":2,"tags":[{"name":"'; -- :names","id":3}]}]}""",
            answer.Outcome
        );
        Assert.Equal(answer.Body, (await Api.GetAsync("/users/2")).Body);
    }
}
