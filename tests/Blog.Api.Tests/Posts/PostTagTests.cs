namespace Blog.Api.Tests.Posts;

public sealed class PostTagTests(BlogApi api) : PostTest(api)
{
    [Fact]
    public async Task Replaces_the_tags_of_a_post()
    {
        await ArrangeAnnAsync();

        var answer = await Api.PutAsync("/posts/3/tags", """{"tag_names":["hers","a","new"]}""");

        Assert.Equal($"200 {Items("""{"name":"hers","id":2}""", A, """{"name":"new","id":4}""")}", answer.Outcome);
        Assert.Equal("\"p3.2-1\"", answer["ETag"]);
        Assert.Equal("u2.2 p3.2", await VersionsAsync());
        var read = await Api.GetAsync("/posts/3/tags");
        Assert.Equal(answer.Outcome, read.Outcome);
        Assert.Equal(answer["ETag"], read["ETag"]);
    }

    [Fact]
    public async Task Takes_all_tags_away_where_an_empty_list_was_sent()
    {
        await ArrangeAnnAsync();

        var answer = await Api.PutAsync("/posts/3/tags", """{"tag_names":[]}""");

        Assert.Equal($"200 {Items()}", answer.Outcome);
        Assert.Equal("2 1 3 3 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Adds_tags_to_those_that_are_there_and_the_second_time_nothing()
    {
        await ArrangeAnnAsync();

        var first = await Api.PostAsync("/posts/3/tags", """{"tag_names":["hers","a"]}""");
        var second = await Api.PostAsync("/posts/3/tags", """{"tag_names":["hers","a"]}""");

        Assert.Equal($"200 {Items(Shared, """{"name":"hers","id":2}""", A)}", first.Outcome);
        Assert.Equal(first.Outcome, second.Outcome);
        Assert.Equal(["\"p3.2-1\"", "\"p3.2-1\""], [first["ETag"]!, second["ETag"]!]);
        Assert.Equal("u2.2 p3.2", await VersionsAsync());
    }

    [Fact]
    public async Task Takes_one_tag_away_and_the_second_time_nothing()
    {
        await ArrangeAnnAsync();

        var first = await Api.DeleteAsync("/posts/3/tags/1");
        var second = await Api.DeleteAsync("/posts/3/tags/1");
        var unknown = await Api.DeleteAsync("/posts/3/tags/99");

        Assert.All([first, second, unknown], answer => Assert.Equal("""200 {"message":"Deleted"}""", answer.Outcome));
        Assert.All([first, second, unknown], answer => Assert.Null(answer["ETag"]));
        Assert.Equal("stmts=2, trips=1, rows=2, budget=ok", first["Blog-SQL"]);
        Assert.Equal($"200 {Items(A)}", (await Api.GetAsync("/posts/3/tags")).Outcome);
        Assert.Equal("u2.2 p3.2", await VersionsAsync());
        Assert.Equal("2 1 3 3 4", await CountRowsAsync());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Normalises_and_trims_names_and_merges_equal_ones(string method)
    {
        await ArrangeAnnAsync();
        await ExecuteAsync("delete from blog.post_tag where post_id = 3");

        var answer = await Api.SendAsync(
            method,
            "/posts/3/tags",
            """{"tag_names":["e\u0301"," \u00e9","\u00e9\t"," a","A"]}"""
        );

        Assert.Equal($"200 {Items(A, """{"name":"A","id":4}""", "{\"name\":\"\u00e9\",\"id\":5}")}", answer.Outcome);
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await ArrangeAnnAsync();
        var minimal = ("Prefer", "return=minimal");

        var put = await Api.PutAsync("/posts/3/tags", """{"tag_names":["a"]}""", minimal);
        var post = await Api.PostAsync("/posts/3/tags", """{"tag_names":["b"]}""", minimal);
        var delete = await Api.DeleteAsync("/posts/3/tags/3", minimal);

        Assert.Equal(["204", "204", "204"], [put.Outcome, post.Outcome, delete.Outcome]);
        Assert.Equal(["\"p3.2-1\"", "\"p3.3-1\""], [put["ETag"]!, post["ETag"]!]);
        Assert.All([put, post, delete], answer => Assert.Equal("return=minimal", answer["Preference-Applied"]));
        Assert.Equal($"200 {Items("""{"name":"b","id":4}""")}", (await Api.GetAsync("/posts/3/tags")).Outcome);
    }

    [Fact]
    public async Task Adds_up_to_50_tags_and_above_that_none_at_all()
    {
        await ArrangeAnnAsync();
        var first48 = Enumerable.Range(1, 48).Select(number => $"n{number}").ToArray();

        var full = await Api.PostAsync("/posts/3/tags", Names(first48));
        var beyond = await Api.PostAsync("/posts/3/tags", Names(["n1", "n2", "more", "most"]));
        var again = await Api.PostAsync("/posts/3/tags", Names(["a", "shared", .. first48]));

        Assert.Equal((200, "\"p3.2-1\""), (full.Status, full["ETag"]));
        Assert.Equal(
            Invalid(
                "/posts/3/tags",
                """{"pointer":"#/tag_names","code":"too_many","detail":"A post has at most 50 tags; with these it would have 52.","limit":50}"""
            ),
            beyond.Outcome
        );
        Assert.Equal(("200 " + full.Body, "\"p3.2-1\""), (again.Outcome, again["ETag"]));
        Assert.Equal("u2.2 p3.2", await VersionsAsync());
        Assert.Equal("2 1 3 51 53", await CountRowsAsync());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("POST")]
    public async Task Refuses_more_than_50_names_and_what_is_no_name(string method)
    {
        await ArrangeAnnAsync();
        var names = Names(Enumerable.Range(1, 51).Select(number => $"n{number}"));
        foreach (
            var (body, errors) in ((string, string)[])
                [
                    (
                        names,
                        """{"pointer":"#/tag_names","code":"too_many","detail":"At most 50 are accepted; these are 51.","limit":50}"""
                    ),
                    ("{}", """{"pointer":"#/tag_names","code":"required","detail":"Must be given."}"""),
                    (
                        """{"tag_names":null}""",
                        """{"pointer":"#/tag_names","code":"invalid_type","detail":"Expected an array, found null."}"""
                    ),
                    (
                        """{"tag_names":["ok"," "]}""",
                        """{"pointer":"#/tag_names/1","code":"blank","detail":"Must have a character that is not white space."}"""
                    ),
                ]
        )
        {
            Assert.Equal(
                Invalid("/posts/3/tags", errors),
                (await Api.SendAsync(method, "/posts/3/tags", body)).Outcome
            );
        }

        Assert.Equal("u2.1 p3.1", await VersionsAsync());
        Assert.Equal("2 1 3 3 5", await CountRowsAsync());
    }

    [Theory]
    [InlineData("PUT", "/posts/9/tags")]
    [InlineData("POST", "/posts/9/tags")]
    [InlineData("DELETE", "/posts/9/tags/1")]
    [InlineData("PUT", "/posts/9223372036854775808/tags")]
    [InlineData("POST", "/posts/9223372036854775808/tags")]
    [InlineData("DELETE", "/posts/9223372036854775808/tags/1")]
    public async Task Returns_404_and_stores_no_tag_when_no_post_has_the_id(string method, string path)
    {
        var body = method == "DELETE" ? null : """{"tag_names":["new"]}""";

        Assert.Equal(PostNotFound(path), (await Api.SendAsync(method, path, body)).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("PUT", "/posts/x/tags", "id")]
    [InlineData("POST", "/posts/x/tags", "id")]
    [InlineData("DELETE", "/posts/x/tags/1", "id")]
    [InlineData("DELETE", "/posts/1/tags/shared", "tag_id")]
    public async Task Returns_422_for_an_id_that_is_no_integer(string method, string path, string parameter) =>
        Assert.Equal(
            Invalid(
                path,
                $$"""{"parameter":"{{parameter}}","code":"invalid_type","detail":"An id is a whole number."}"""
            ),
            (await Api.SendAsync(method, path, method == "DELETE" ? null : """{"tag_names":[]}""")).Outcome
        );

    [Fact]
    public async Task Returns_404_for_the_id_of_a_tag_that_is_beyond_every_id() =>
        Assert.Equal(
            NotFound("tag_not_found", "Tag not found", "/posts/1/tags/9223372036854775808"),
            (await Api.DeleteAsync("/posts/1/tags/9223372036854775808")).Outcome
        );
}
