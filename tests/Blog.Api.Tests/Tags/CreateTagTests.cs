namespace Blog.Api.Tests.Tags;

public sealed class CreateTagTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Creates_a_tag()
    {
        var answer = await Api.PostAsync("/tags", """{"name":"new"}""");

        Assert.Equal("""201 {"name":"new","id":3}""", answer.Outcome);
        Assert.Equal("/tags/3", answer["Location"]);
        Assert.Equal("\"t3.1\"", answer["ETag"]);
        Assert.Equal("stmts=2, trips=2, rows=2, budget=ok", answer["Blog-SQL"]);
        Assert.Equal(["shared", "hers", "new"], await ListAsync("select name from blog.tag order by id"));
    }

    [Fact]
    public async Task Finds_a_tag_that_is_there()
    {
        var answer = await Api.PostAsync("/tags", """{"name":"hers"}""");

        Assert.Equal("""200 {"name":"hers","id":2}""", answer.Outcome);
        Assert.Equal("/tags/2", answer["Location"]);
        Assert.Equal("\"t2.1\"", answer["ETag"]);
        Assert.Equal("stmts=2, trips=2, rows=1, budget=ok", answer["Blog-SQL"]);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Finds_what_it_has_created_and_takes_no_id_for_it()
    {
        await Api.PostAsync("/tags", """{"name":"new"}""");
        var again = await Api.PostAsync("/tags", """{"name":"new"}""");
        var next = await Api.PostAsync("/tags", """{"name":"next"}""");

        Assert.Equal("""200 {"name":"new","id":3}""", again.Outcome);
        Assert.Equal("""201 {"name":"next","id":4}""", next.Outcome);
    }

    [Theory]
    [InlineData("""{"name":"  new\t\n"}""", "new")]
    [InlineData("""{"name":"\u3000two words\u00a0"}""", "two words")]
    [InlineData("""{"name":"Zoe\u0308"}""", "Zo\u00eb")]
    [InlineData("""{"name":"New"}""", "New")]
    [InlineData("""{"name":"\ud83d\ude00"}""", "\U0001F600")]
    public async Task Stores_the_name_trimmed_and_in_normalisation_form_c(string body, string stored)
    {
        var answer = await Api.PostAsync("/tags", body);

        Assert.Equal(201, answer.Status);
        Assert.Equal([stored], await ListAsync("select name from blog.tag where id > 2"));
    }

    [Fact]
    public async Task Finds_a_tag_by_another_writing_of_the_same_name()
    {
        await Api.PostAsync("/tags", """{"name":"Zo\u00eb"}""");

        var answer = await Api.PostAsync("/tags", """{"name":" Zoe\u0308 "}""");

        Assert.Equal("200 {\"name\":\"Zo\u00eb\",\"id\":3}", answer.Outcome);
    }

    [Theory]
    [InlineData("x", 30)]
    [InlineData("\U0001F600", 30)]
    [InlineData("e\u0308", 30)]
    public async Task Accepts_a_name_of_30_characters_after_normalisation(string character, int count)
    {
        var name = string.Concat(Enumerable.Repeat(character, count));

        var answer = await Api.PostAsync("/tags", $$"""{"name":"   {{name}}   "}""");

        Assert.Equal(201, answer.Status);
        Assert.Equal(["30"], await ListAsync("select char_length(name) from blog.tag where id = 3"));
    }

    [Theory]
    [InlineData("{}", """{"pointer":"#/name","code":"required","detail":"Must be given."}""")]
    [InlineData(
        """{"name":null}""",
        """{"pointer":"#/name","code":"invalid_type","detail":"Expected a string, found null."}"""
    )]
    [InlineData(
        """{"name":5}""",
        """{"pointer":"#/name","code":"invalid_type","detail":"Expected a string, found a number."}"""
    )]
    [InlineData(
        """{"name":""}""",
        """{"pointer":"#/name","code":"blank","detail":"Must have a character that is not white space."}"""
    )]
    [InlineData(
        """{"name":" \u3000\u2003 "}""",
        """{"pointer":"#/name","code":"blank","detail":"Must have a character that is not white space."}"""
    )]
    [InlineData(
        """{"name":"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"}""",
        """{"pointer":"#/name","code":"too_long","detail":"At most 30 characters are stored; this has 31.","limit":30}"""
    )]
    [InlineData(
        """{"name":"a\u0000b"}""",
        """{"pointer":"#/name","code":"invalid_character","detail":"U+0000 cannot be stored."}"""
    )]
    [InlineData(
        """{"name":"\ud800"}""",
        """{"pointer":"#/name","code":"invalid_character","detail":"Half of a surrogate pair is not a character."}"""
    )]
    [InlineData("[]", """{"pointer":"#","code":"invalid_type","detail":"Expected an object, found an array."}""")]
    public async Task Returns_422_for_a_name_that_cannot_be_one(string body, string error)
    {
        Assert.Equal(Invalid("/tags", error), (await Api.PostAsync("/tags", body)).Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Returns_422_for_a_member_that_it_does_not_have_where_the_client_is_strict()
    {
        var answer = await Api.PostAsync("/tags", """{"name":"new","id":1}""", ("Prefer", "handling=strict"));

        Assert.Equal(
            Invalid(
                "/tags",
                """{"pointer":"#/id","code":"unknown_member","detail":"Not a member here; these are: name."}"""
            ),
            answer.Outcome
        );
    }

    [Fact]
    public async Task Returns_400_for_a_body_that_is_no_json() =>
        Assert.Equal(400, (await Api.PostAsync("/tags", "{")).Status);

    [Fact]
    public async Task Returns_415_for_a_body_of_another_type() =>
        Assert.Equal(415, (await Api.PostAsync("/tags", "{}", ("Content-Type", "text/plain"))).Status);

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        var created = await Api.PostAsync("/tags", """{"name":"new"}""", ("Prefer", "return=minimal"));
        var found = await Api.PostAsync("/tags", """{"name":"new"}""", ("Prefer", "return=minimal"));

        Assert.Equal("201", created.Outcome);
        Assert.Equal("204", found.Outcome);
        Assert.All(
            [created, found],
            answer =>
            {
                Assert.Equal("/tags/3", answer["Location"]);
                Assert.Equal("\"t3.1\"", answer["ETag"]);
                Assert.Equal("return=minimal", answer["Preference-Applied"]);
            }
        );
    }

    [Fact]
    public async Task Changes_no_entity_tag_of_those_who_show_other_tags()
    {
        await Api.PostAsync("/tags", """{"name":"new"}""");

        Assert.Equal("\"u1.1-1\"", (await Api.GetAsync("/users/1"))["ETag"]);
    }
}
