using Blog.Testing;

namespace Blog.Api.Tests.Tags;

public sealed class RenameTagTests(BlogApi api, PostgresServer server) : ApiTest(api)
{
    const string Ann = """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["old"]}]}""";

    [Fact]
    public async Task Renames_a_tag_wherever_it_is_shown()
    {
        await Api.PostAsync("/users", Ann);

        var answer = await Api.PutAsync("/tags/3", """{"name":"new"}""");

        Assert.Equal("""200 {"name":"new","id":3}""", answer.Outcome);
        Assert.Equal("\"t3.2\"", answer["ETag"]);
        Assert.Equal("stmts=4, trips=3, rows=5, budget=ok", answer["Blog-SQL"]);
        Assert.Equal(
            """200 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"new","id":3}]}]}""",
            (await Api.GetAsync("/users/2")).Outcome
        );
        var read = await Api.GetAsync("/tags/3");
        Assert.Equal(answer.Outcome, read.Outcome);
        Assert.Equal("\"t3.2\"", read["ETag"]);
        Assert.Equal("2 1 3 3 4", await CountRowsAsync());
        Assert.Equal(
            ["3 new 2 true"],
            await ListAsync(
                "select concat_ws(' ', id, name, version, (updated_at > created_at)::text) from blog.tag where id > 2"
            )
        );
    }

    [Fact]
    public async Task Moves_the_entity_tag_of_everybody_by_the_epoch_and_touches_nobody()
    {
        await Api.PostAsync("/users", Ann);
        Assert.Equal(304, (await Api.GetAsync("/users/2", ("If-None-Match", "\"u2.1-1\""))).Status);

        await Api.PutAsync("/tags/3", """{"name":"new"}""");

        var answer = await Api.GetAsync("/users/2", ("If-None-Match", "\"u2.1-1\""));
        Assert.Equal(200, answer.Status);
        Assert.Equal("\"u2.1-2\"", answer["ETag"]);
        Assert.Equal(304, (await Api.GetAsync("/users/2", ("If-None-Match", "\"u2.1-2\""))).Status);
        // The epoch is one for all, and refuses nobody's write.
        Assert.Equal("\"u1.1-2\"", (await Api.GetAsync("/users/1"))["ETag"]);
        Assert.Equal(
            "\"u2.2-2\"",
            (await Api.PutAsync("/users/2", """{"name":"Anna"}""", ("If-Match", "\"u2.1-1\"")))["ETag"]
        );
    }

    [Theory]
    [InlineData("""{"name":"old"}""")]
    [InlineData("""{"name":"  old "}""")]
    public async Task Changes_nothing_where_the_tag_has_the_name(string body)
    {
        await Api.PostAsync("/users", Ann);
        var before = await ListAsync("select concat(xmin, ' ', t) from blog.tag t order by id");

        var answer = await Api.PutAsync("/tags/3", body, ("If-Match", "\"t3.1\""));

        Assert.Equal("""200 {"name":"old","id":3}""", answer.Outcome);
        Assert.Equal("\"t3.1\"", answer["ETag"]);
        Assert.Equal("\"u2.1-1\"", (await Api.GetAsync("/users/2"))["ETag"]);
        Assert.Equal(before, await ListAsync("select concat(xmin, ' ', t) from blog.tag t order by id"));
        Assert.Equal(["1"], await ListAsync("select epoch from blog.tag_epoch"));
    }

    [Fact]
    public async Task Returns_409_with_the_id_of_the_tag_that_has_the_name()
    {
        await Api.PostAsync("/tags", """{"name":"old"}""");

        var answer = await Api.PutAsync("/tags/3", """{"name":" hers "}""");

        Assert.Equal(
            """409 {"type":"/problems/tag_name_taken","title":"Conflict","status":409,"detail":"Another tag has this name; nothing was written","instance":"/tags/3","code":"tag_name_taken","request_id":"test","existing_id":2}""",
            answer.Outcome
        );
        Assert.Null(answer["Retry-After"]);
        Assert.Equal(
            ["1 shared 1", "2 hers 1", "3 old 1"],
            await ListAsync("select concat_ws(' ', id, name, version) from blog.tag order by id")
        );
        Assert.Equal(["1"], await ListAsync("select epoch from blog.tag_epoch"));
    }

    [Fact]
    public async Task Takes_a_name_that_another_tag_has_given_up()
    {
        await Api.PostAsync("/tags", """{"name":"a"}""");
        await Api.PostAsync("/tags", """{"name":"b"}""");

        Assert.Equal(200, (await Api.PutAsync("/tags/3", """{"name":"c"}""")).Status);
        Assert.Equal("""200 {"name":"a","id":4}""", (await Api.PutAsync("/tags/4", """{"name":"a"}""")).Outcome);
        Assert.Equal("""200 {"name":"b","id":3}""", (await Api.PutAsync("/tags/3", """{"name":"b"}""")).Outcome);
        // A rename takes no id.
        Assert.Equal("""201 {"name":"c","id":5}""", (await Api.PostAsync("/tags", """{"name":"c"}""")).Outcome);
    }

    [Theory]
    [InlineData("\"t3.1\"")]
    [InlineData("\"t3.7\", \"t3.1\"")]
    [InlineData("\"t3.1.1f2e\"")]
    [InlineData("*")]
    public async Task Renames_where_the_version_is_the_expected_one(string expected)
    {
        await Api.PostAsync("/tags", """{"name":"old"}""");

        var answer = await Api.PutAsync("/tags/3", """{"name":"new"}""", ("If-Match", expected));

        Assert.Equal("""200 {"name":"new","id":3}""", answer.Outcome);
    }

    [Theory]
    [InlineData("\"t3.2\"", "new")]
    [InlineData("W/\"t3.1\"", "new")]
    [InlineData("\"t2.1\"", "new")]
    [InlineData("\"u3.1-1\"", "new")]
    [InlineData("\"nonsense\"", "new")]
    [InlineData("\"t3.2\"", "old")]
    [InlineData("\"t3.2\"", "hers")]
    public async Task Returns_412_with_the_current_entity_tag_where_it_is_not(string expected, string name)
    {
        await Api.PostAsync("/tags", """{"name":"old"}""");

        var answer = await Api.PutAsync("/tags/3", $$"""{"name":"{{name}}"}""", ("If-Match", expected));

        Assert.Equal(
            """412 {"type":"/problems/precondition_failed","title":"Precondition Failed","status":412,"detail":"It has changed since the version that If-Match names; nothing was written","instance":"/tags/3","code":"precondition_failed","request_id":"test"}""",
            answer.Outcome
        );
        Assert.Equal("\"t3.1\"", answer["ETag"]);
        Assert.Equal(
            ["3 old 1 1"],
            await ListAsync(
                "select concat_ws(' ', id, name, version, epoch) from blog.tag, blog.tag_epoch where id > 2"
            )
        );
    }

    [Fact]
    public async Task Returns_400_for_an_entity_tag_without_quotes() =>
        Assert.Equal(400, (await Api.PutAsync("/tags/2", """{"name":"new"}""", ("If-Match", "t2.1"))).Status);

    [Fact]
    public async Task Returns_428_without_if_match_where_the_operator_asks_for_it()
    {
        await using var strict = await BlogApi.StartAsync(server, settings: ("Api:RequireIfMatch", "true"));
        await strict.PostAsync("/tags", """{"name":"old"}""");

        Assert.Equal(428, (await strict.PutAsync("/tags/1", """{"name":"new"}""")).Status);
        Assert.Equal(428, (await strict.DeleteAsync("/tags/1")).Status);
        Assert.Equal(200, (await strict.PutAsync("/tags/1", """{"name":"new"}""", ("If-Match", "\"t1.1\""))).Status);
        Assert.Equal(200, (await strict.DeleteAsync("/tags/1", ("If-Match", "*"))).Status);
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await Api.PostAsync("/tags", """{"name":"old"}""");

        var answer = await Api.PutAsync("/tags/3", """{"name":"new"}""", ("Prefer", "return=minimal"));

        Assert.Equal("204", answer.Outcome);
        Assert.Equal("\"t3.2\"", answer["ETag"]);
        Assert.Equal("return=minimal", answer["Preference-Applied"]);
    }

    [Fact]
    public async Task Stores_the_name_trimmed_and_in_normalisation_form_c()
    {
        await Api.PostAsync("/tags", """{"name":"old"}""");

        var answer = await Api.PutAsync("/tags/3", """{"name":" Zoe\u0308\t"}""");

        Assert.Equal("200 {\"name\":\"Zo\u00eb\",\"id\":3}", answer.Outcome);
    }

    [Fact]
    public async Task Returns_422_for_a_name_that_is_too_long()
    {
        var answer = await Api.PutAsync("/tags/2", $$"""{"name":"{{new string('x', 31)}}"}""");

        Assert.Equal(
            Invalid(
                "/tags/2",
                """{"pointer":"#/name","code":"too_long","detail":"At most 30 characters are stored; this has 31.","limit":30}"""
            ),
            answer.Outcome
        );
    }

    [Theory]
    [InlineData("/tags/9")]
    [InlineData("/tags/0")]
    [InlineData("/tags/9223372036854775808")]
    public async Task Returns_404_when_no_tag_has_the_id(string path)
    {
        var answer = await Api.PutAsync(path, """{"name":"new"}""", ("If-Match", "\"t9.1\""));

        Assert.Equal(NotFound("tag_not_found", "Tag not found", path), answer.Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
        Assert.Equal(["1"], await ListAsync("select epoch from blog.tag_epoch"));
    }

    [Fact]
    public async Task Returns_422_for_an_id_that_is_no_integer() =>
        Assert.Equal(
            Invalid("/tags/x", """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""),
            (await Api.PutAsync("/tags/x", """{"name":"new"}""")).Outcome
        );

    [Fact]
    public async Task Returns_405_for_patch()
    {
        var answer = await Api.PatchAsync("/tags/2", """{"name":"new"}""");

        Assert.Equal(405, answer.Status);
        Assert.Equal("DELETE, GET, HEAD, PUT, OPTIONS", answer["Allow"]);
    }
}
