namespace Blog.Api.Tests.Requests;

public sealed class PreferenceTests(BlogApi api) : ApiTest(api)
{
    [Theory]
    [InlineData("return=minimal", "201", "204", "return=minimal")]
    [InlineData("RETURN=Minimal", "201", "204", "return=minimal")]
    [InlineData("return=\"minimal\"", "201", "204", "return=minimal")]
    [InlineData("return = minimal", "201", "204", "return=minimal")]
    [InlineData("return=minimal; foo=\"a, b\"", "201", "204", "return=minimal")]
    [InlineData("foo, return=minimal, bar=\"x,return=representation\"", "201", "204", "return=minimal")]
    [InlineData("return=minimal, return=representation", "201", "204", "return=minimal")]
    [InlineData("return=minimal, handling=lenient", "201", "204", "return=minimal,handling=lenient")]
    [InlineData("handling=strict, return=minimal", "201", "204", "return=minimal,handling=strict")]
    [InlineData("handling=strict, , return=minimal,", "201", "204", "return=minimal,handling=strict")]
    [InlineData("return=minimal;", "201", "204", "return=minimal")]
    [InlineData("return=minimal ;", "201", "204", "return=minimal")]
    [InlineData("return=minimal;;", "201", "204", "return=minimal")]
    [InlineData("return=minimal; ;a=b", "201", "204", "return=minimal")]
    [InlineData("return=minimal;\ta=\"b;;c\";", "201", "204", "return=minimal")]
    [InlineData("handling=strict;, return=minimal; ;a;", "201", "204", "return=minimal,handling=strict")]
    public async Task Leaves_the_body_out_where_the_client_prefers_it_so(
        string prefer,
        string created,
        string changed,
        string applied
    )
    {
        var header = ("Prefer", prefer);

        var post = await Api.PostAsync("/users", """{"name":"Ann"}""", header);
        var put = await Api.PutAsync("/users/2", """{"name":"Anna"}""", header);
        var patch = await Api.PatchAsync("/users/2", """{"bio":"hi"}""", header);
        var delete = await Api.DeleteAsync("/users/2", header);

        Assert.Equal([created, changed, changed, changed], [post.Outcome, put.Outcome, patch.Outcome, delete.Outcome]);
        Assert.All([post, put, patch, delete], answer => Assert.Equal(applied, answer["Preference-Applied"]));
        Assert.Equal("/users/2", post["Location"]);
        Assert.Equal(["\"u2.1-1\"", "\"u2.2-1\"", "\"u2.3-1\""], [post["ETag"]!, put["ETag"]!, patch["ETag"]!]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", put["Blog-SQL"]);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("return=representation", "return=representation")]
    [InlineData("return=representation, return=minimal", "return=representation")]
    [InlineData("return=something, return=representation", "return=representation")]
    [InlineData("return", null)]
    [InlineData("return=", null)]
    [InlineData("return=everything", null)]
    [InlineData("respond-async", null)]
    [InlineData("wait=1", "wait=1")]
    [InlineData("wait=30, return=representation", "return=representation,wait=30")]
    [InlineData("wait=31", null)]
    [InlineData("wait=0", null)]
    [InlineData("wait=01", null)]
    [InlineData("wait=-1", null)]
    [InlineData("wait=soon", null)]
    [InlineData("wait", null)]
    [InlineData("=, ;, \"", null)]
    [InlineData(";return=minimal", null)]
    [InlineData("return;=minimal", null)]
    [InlineData("return=;minimal", null)]
    [InlineData("return=minimal;=", null)]
    [InlineData("return=minimal a;", null)]
    [InlineData("", null)]
    public async Task Sends_the_body_otherwise(string prefer, string? applied)
    {
        var answer = await Api.PostAsync("/users", """{"name":"Ann"}""", ("Prefer", prefer));

        Assert.Equal("""201 {"name":"Ann","id":2,"profile":null,"posts":[]}""", answer.Outcome);
        Assert.Equal(applied, answer["Preference-Applied"]);
    }

    [Fact]
    public async Task Does_not_claim_to_honour_on_a_read_what_is_said_of_writes()
    {
        var answer = await Api.GetAsync("/users/1", ("Prefer", "return=minimal"));

        Assert.Equal($"200 {Bea}", answer.Outcome);
        Assert.Null(answer["Preference-Applied"]);
    }

    [Fact]
    public async Task Does_not_claim_to_honour_return_where_a_write_fails()
    {
        var answer = await Api.PutAsync("/users/9", """{"name":"N"}""", ("Prefer", "return=minimal"));

        Assert.Equal(UserNotFound("/users/9"), answer.Outcome);
        Assert.Null(answer["Preference-Applied"]);
    }

    [Theory]
    [InlineData("handling=strict, respond-async", "respond-async")]
    [InlineData("handling=strict, wait=31", "wait")]
    [InlineData("respond-async, handling=strict", "respond-async")]
    [InlineData("handling=strict, return=everything", "return")]
    [InlineData("handling=strict, Colour=blue", "colour")]
    [InlineData("handling=strict;, ;return=minimal;", ";return=minimal;")]
    public async Task Refuses_an_unknown_preference_under_strict_handling(string prefer, string name)
    {
        foreach (
            var (method, path) in ((string, string)[])[("GET", "/users/1"), ("POST", "/users"), ("DELETE", "/users/1")]
        )
        {
            var answer = await Api.SendAsync(
                method,
                path,
                method == "POST" ? """{"name":"A"}""" : null,
                ("Prefer", prefer)
            );

            Assert.Equal(
                $$"""400 {"type":"/problems/invalid_preference","title":"Bad Request","status":400,"detail":"A preference of the Prefer header is not known here","instance":"{{path}}","code":"invalid_preference","request_id":"test","errors":[{"header":"Prefer","code":"invalid_format","detail":"Not known here: {{name}}."}]}""",
                answer.Outcome
            );
            Assert.Equal("handling=strict", answer["Preference-Applied"]);
        }

        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Refuses_unknown_members_under_strict_handling_with_their_escaped_places()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"A","Name":"B","posts":[{"title":"T","content":"C","tags":[]}],"a/b~c d%é\"":{"x":1}}""",
            ("Prefer", "handling=strict")
        );

        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/posts/0/tags","code":"unknown_member","detail":"Not a member here; these are: title, content, tag_names."},"""
                    + """{"pointer":"#/Name","code":"unknown_member","detail":"Not a member here; these are: name, bio, posts."},"""
                    + """{"pointer":"#/a~1b~0c%20d%25%C3%A9%22","code":"unknown_member","detail":"Not a member here; these are: name, bio, posts."}"""
            ),
            answer.Outcome
        );
        Assert.Equal("handling=strict", answer["Preference-Applied"]);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("PUT", "/users/1", """{"name":"B","bio":"b"}""", "#/bio", "name")]
    [InlineData("PATCH", "/users/1", """{"name":"B","posts":[]}""", "#/posts", "name, bio")]
    [InlineData("PUT", "/users/1/profile", """{"bio":"b","id":1}""", "#/id", "bio")]
    public async Task Refuses_the_members_of_other_shapes_under_strict_handling(
        string method,
        string path,
        string body,
        string pointer,
        string members
    ) =>
        Assert.Equal(
            Invalid(
                path,
                $$"""{"pointer":"{{pointer}}","code":"unknown_member","detail":"Not a member here; these are: {{members}}."}"""
            ),
            (await Api.SendAsync(method, path, body, ("Prefer", "handling=strict"))).Outcome
        );

    [Fact]
    public async Task Takes_a_complete_body_under_strict_handling() =>
        Assert.Equal(
            201,
            (
                await Api.PostAsync(
                    "/users",
                    """{"name":"A","bio":"b","posts":[{"title":"T","content":"C","tag_names":["a"]}]}""",
                    ("Prefer", "handling=strict")
                )
            ).Status
        );
}
