using System.Text.RegularExpressions;

namespace Blog.Api.Tests.Requests;

/// <summary>What a body may say: types, presence, characters, normalisation, white space, limits.</summary>
public sealed class InputTests(BlogApi api) : ApiTest(api)
{
    const string NotBlank = "Must have a character that is not white space.";
    const string HalfPair = "Half of a surrogate pair is not a character.";
    const string Nul = "U+0000 cannot be stored.";

    [Theory]
    [InlineData("{}", "#/name", "required", "Must be given.")]
    [InlineData("""{"name":null}""", "#/name", "invalid_type", "Expected a string, found null.")]
    [InlineData("""{"name":5}""", "#/name", "invalid_type", "Expected a string, found a number.")]
    [InlineData("""{"name":true}""", "#/name", "invalid_type", "Expected a string, found a boolean.")]
    [InlineData("""{"name":["A"]}""", "#/name", "invalid_type", "Expected a string, found an array.")]
    [InlineData("""{"name":{}}""", "#/name", "invalid_type", "Expected a string, found an object.")]
    [InlineData("""{"name":""}""", "#/name", "blank", NotBlank)]
    [InlineData("""{"name":" \t\r\n\u00a0\u3000\u2028"}""", "#/name", "blank", NotBlank)]
    [InlineData("""{"name":"a\u0000b"}""", "#/name", "invalid_character", Nul)]
    [InlineData("""{"name":"\ud83d"}""", "#/name", "invalid_character", HalfPair)]
    [InlineData("""{"name":"\ude00\ud83d"}""", "#/name", "invalid_character", HalfPair)]
    [InlineData("""{"name":"A","bio":5}""", "#/bio", "invalid_type", "Expected a string, found a number.")]
    [InlineData("""{"name":"A","bio":false}""", "#/bio", "invalid_type", "Expected a string, found a boolean.")]
    [InlineData("""{"name":"A","bio":"\u0000"}""", "#/bio", "invalid_character", Nul)]
    [InlineData("""{"name":"A","bio":"\udc00"}""", "#/bio", "invalid_character", HalfPair)]
    [InlineData("""{"name":"A","posts":null}""", "#/posts", "invalid_type", "Expected an array, found null.")]
    [InlineData("""{"name":"A","posts":{}}""", "#/posts", "invalid_type", "Expected an array, found an object.")]
    [InlineData("""{"name":"A","posts":"[]"}""", "#/posts", "invalid_type", "Expected an array, found a string.")]
    [InlineData("""{"name":"A","posts":[null]}""", "#/posts/0", "invalid_type", "Expected an object, found null.")]
    [InlineData("""{"name":"A","posts":[[]]}""", "#/posts/0", "invalid_type", "Expected an object, found an array.")]
    public async Task Refuses_what_is_no_user(string body, string pointer, string code, string detail)
    {
        Assert.Equal(
            Invalid("/users", $$"""{"pointer":"{{pointer}}","code":"{{code}}","detail":"{{detail}}"}"""),
            (await Api.PostAsync("/users", body)).Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Names_the_first_thousand_places_of_a_body_in_which_everything_is_wrong()
    {
        var posts = string.Join(',', Enumerable.Repeat("{}", 200_000));

        var answer = await Api.PostAsync("/users", $$"""{"name":"A","posts":[{{posts}}]}""");

        Assert.Equal(422, answer.Status);
        Assert.Contains("\"detail\":\"What was sent breaks rules; the first 1000 places are named\"", answer.Body);
        Assert.Equal(1000, Regex.Count(answer.Body, "\"pointer\":"));
        Assert.EndsWith(
            """{"pointer":"#/posts/499/content","code":"required","detail":"Must be given."}]}""",
            answer.Body
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Does_not_count_a_list_that_is_much_too_long()
    {
        var names = string.Join(',', Enumerable.Range(0, 200_000).Select(n => $"\"{n}\""));

        Assert.Equal(
            Invalid(
                "/posts/1/tags",
                """{"pointer":"#/tag_names","code":"too_many","detail":"At most 50 are accepted; these are more than 1000.","limit":50}"""
            ),
            (await Api.PostAsync("/posts/1/tags", $$"""{"tag_names":[{{names}}]}""")).Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("""{"content":"C"}""", "/title", "required", "Must be given.")]
    [InlineData("""{"title":"T"}""", "/content", "required", "Must be given.")]
    [InlineData("""{"title":null,"content":"C"}""", "/title", "invalid_type", "Expected a string, found null.")]
    [InlineData("""{"title":"T","content":null}""", "/content", "invalid_type", "Expected a string, found null.")]
    [InlineData("""{"title":1,"content":"C"}""", "/title", "invalid_type", "Expected a string, found a number.")]
    [InlineData("""{"title":"T","content":[]}""", "/content", "invalid_type", "Expected a string, found an array.")]
    [InlineData("""{"title":"","content":"C"}""", "/title", "blank", NotBlank)]
    [InlineData("""{"title":"\u3000","content":"C"}""", "/title", "blank", NotBlank)]
    [InlineData("""{"title":"\u0000","content":"C"}""", "/title", "invalid_character", Nul)]
    [InlineData("""{"title":"\ud800","content":"C"}""", "/title", "invalid_character", HalfPair)]
    [InlineData("""{"title":"T","content":"\u0000"}""", "/content", "invalid_character", Nul)]
    [InlineData("""{"title":"T","content":"\ud800x"}""", "/content", "invalid_character", HalfPair)]
    [InlineData(
        """{"title":"T","content":"C","tag_names":null}""",
        "/tag_names",
        "invalid_type",
        "Expected an array, found null."
    )]
    [InlineData(
        """{"title":"T","content":"C","tag_names":"a"}""",
        "/tag_names",
        "invalid_type",
        "Expected an array, found a string."
    )]
    [InlineData(
        """{"title":"T","content":"C","tag_names":["a",null]}""",
        "/tag_names/1",
        "invalid_type",
        "Expected a string, found null."
    )]
    [InlineData(
        """{"title":"T","content":"C","tag_names":["a",{"name":"b"}]}""",
        "/tag_names/1",
        "invalid_type",
        "Expected a string, found an object."
    )]
    [InlineData("""{"title":"T","content":"C","tag_names":["a",""]}""", "/tag_names/1", "blank", NotBlank)]
    [InlineData("""{"title":"T","content":"C","tag_names":["a"," \u00a0\u3000"]}""", "/tag_names/1", "blank", NotBlank)]
    [InlineData("""{"title":"T","content":"C","tag_names":["a","\u0000"]}""", "/tag_names/1", "invalid_character", Nul)]
    [InlineData(
        """{"title":"T","content":"C","tag_names":["a","\ud800"]}""",
        "/tag_names/1",
        "invalid_character",
        HalfPair
    )]
    public async Task Refuses_what_is_no_post(string post, string place, string code, string detail)
    {
        var answer = await Api.PostAsync("/users", $$"""{"name":"A","posts":[{"title":"T","content":"C"},{{post}}]}""");

        Assert.Equal(
            Invalid("/users", $$"""{"pointer":"#/posts/1{{place}}","code":"{{code}}","detail":"{{detail}}"}"""),
            answer.Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("[]", "an array")]
    [InlineData("\"x\"", "a string")]
    [InlineData("5", "a number")]
    [InlineData("null", "null")]
    [InlineData("true", "a boolean")]
    public async Task Refuses_a_root_that_is_no_object(string body, string found)
    {
        var expected = (string path) =>
            Invalid(
                path,
                $$"""{"pointer":"#","code":"invalid_type","detail":"Expected an object, found {{found}}."}"""
            );

        Assert.Equal(expected("/users"), (await Api.PostAsync("/users", body)).Outcome);
        Assert.Equal(expected("/users/1"), (await Api.PutAsync("/users/1", body)).Outcome);
        Assert.Equal(expected("/users/1"), (await Api.PatchAsync("/users/1", body)).Outcome);
        Assert.Equal(expected("/users/1/profile"), (await Api.PutAsync("/users/1/profile", body)).Outcome);
    }

    [Fact]
    public async Task Names_every_error_at_once_with_its_place()
    {
        var answer = await Api.PostAsync(
            "/users",
            $$"""
            {"bio":"{{new string('b', 201)}}",
             "posts":[
              {"content":"C","tag_names":["ok"," ","{{new string('t', 31)}}","\u0000"]},
              {"title":"{{new string('t', 101)}}"},
              {"title":"T","content":"\ud800"}]}
            """
        );

        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/name","code":"required","detail":"Must be given."},"""
                    + """{"pointer":"#/bio","code":"too_long","detail":"At most 200 characters are stored; this has 201.","limit":200},"""
                    + """{"pointer":"#/posts/0/title","code":"required","detail":"Must be given."},"""
                    + """{"pointer":"#/posts/0/tag_names/1","code":"blank","detail":"Must have a character that is not white space."},"""
                    + """{"pointer":"#/posts/0/tag_names/2","code":"too_long","detail":"At most 30 characters are stored; this has 31.","limit":30},"""
                    + """{"pointer":"#/posts/0/tag_names/3","code":"invalid_character","detail":"U+0000 cannot be stored."},"""
                    + """{"pointer":"#/posts/1/title","code":"too_long","detail":"At most 100 characters are stored; this has 101.","limit":100},"""
                    + """{"pointer":"#/posts/1/content","code":"required","detail":"Must be given."},"""
                    + """{"pointer":"#/posts/2/content","code":"invalid_character","detail":"Half of a surrogate pair is not a character."}"""
            ),
            answer.Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("""{"name":" ","posts":[{"content":7}],"bio":5}""", "#/posts/0/content", "a string", "a number")]
    [InlineData("""{"bio":5,"posts":[{"content":7}],"name":[]}""", "#/bio", "a string", "a number")]
    [InlineData("""{"posts":[{"tag_names":{}},5],"name":null}""", "#/posts/0/tag_names", "an array", "an object")]
    [InlineData("""{"posts":[{"title":"x"},5],"name":null}""", "#/posts/1", "an object", "a number")]
    public async Task Reports_the_first_wrong_type_of_the_document_alone(
        string body,
        string pointer,
        string expected,
        string found
    ) =>
        Assert.Equal(
            Invalid(
                "/users",
                $$"""{"pointer":"{{pointer}}","code":"invalid_type","detail":"Expected {{expected}}, found {{found}}."}"""
            ),
            (await Api.PostAsync("/users", body)).Outcome
        );

    [Fact]
    public async Task Ignores_members_that_it_does_not_have()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"Name":"no","name":"A","colour":{"name":[null,1.5e300]},"posts":[{"title":"T","content":"C","tags":["x"]}]}"""
        );

        Assert.Equal(
            """201 {"name":"A","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[]}]}""",
            answer.Outcome
        );
    }

    [Fact]
    public async Task Stores_texts_in_normalisation_form_c()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"e\u0301 \u212b","bio":"o\u0308","posts":[{"title":"\u1100\u1161","content":"e\u0301","tag_names":["n\u0303"]}]}"""
        );

        Assert.Equal(
            "201 {\"name\":\"\u00e9 \u00c5\",\"id\":2,\"profile\":{\"bio\":\"\u00f6\",\"id\":2},\"posts\":[{\"title\":\"\uac00\",\"content\":\"e\u0301\",\"id\":3,\"author_id\":2,\"tags\":[{\"name\":\"\u00f1\",\"id\":3}]}]}",
            answer.Outcome
        );
        Assert.Equal(answer.Body, (await Api.GetAsync("/users/2")).Body);
    }

    [Fact]
    public async Task Trims_tags_and_merges_those_that_are_equal_then()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"A","posts":[{"title":"T","content":"C","tag_names":[" z","z\u00a0","\u3000z\t\r\n","caf\u00e9","cafe\u0301 ","Z","inner  space"]}]}"""
        );

        Assert.Equal(
            "201 {\"name\":\"A\",\"id\":2,\"profile\":null,\"posts\":[{\"title\":\"T\",\"content\":\"C\",\"id\":3,\"author_id\":2,\"tags\":[{\"name\":\"Z\",\"id\":3},{\"name\":\"caf\u00e9\",\"id\":4},{\"name\":\"inner  space\",\"id\":5},{\"name\":\"z\",\"id\":6}]}]}",
            answer.Outcome
        );
        Assert.Equal("2 1 3 6 7", await CountRowsAsync());
    }

    [Theory]
    [InlineData("\\uffff")]
    [InlineData("\\ufffe")]
    [InlineData("\\ufdd0")]
    [InlineData("\\udbff\\udfff")]
    [InlineData("\\u0378")]
    [InlineData("\\u0001\\u007f\\u0085")]
    [InlineData("\\u200b\\u202e\\ufeff")]
    public async Task Takes_every_code_point_but_zero(string escaped)
    {
        var text = Regex.Unescape(escaped);

        var answer = await Api.PostAsync(
            "/users",
            $$"""{"name":"e\u0301{{escaped}}e\u0301","bio":"{{escaped}}.","posts":[{"title":"{{escaped}}.","content":"{{escaped}}","tag_names":["{{escaped}}."]}]}"""
        );

        Assert.Equal(201, answer.Status);
        Assert.Equal([$"\u00e9{text}\u00e9"], await ListAsync("select name from blog.users where id = 2"));
        Assert.Equal(answer.Body, (await Api.GetAsync("/users/2")).Body);
    }
}
