namespace Blog.Api.Tests.Requests;

public sealed class NegotiationTests(BlogApi api) : ApiTest(api)
{
    [Theory]
    [InlineData("*/*")]
    [InlineData("application/*")]
    [InlineData("application/json")]
    [InlineData("APPLICATION/JSON")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/json;q=0.001")]
    [InlineData("text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8")]
    [InlineData("text/html;q=1.0, application/json;q=0.1")]
    [InlineData("*/*;q=0, application/json")]
    [InlineData("application/*;q=0, application/json;q=0.5")]
    [InlineData("text/*;q=0, */*")]
    [InlineData("nonsense")]
    [InlineData(", ,")]
    [InlineData("nonsense, application/json")]
    [InlineData("text/html, ;;;, application/json")]
    [InlineData("")]
    public async Task Answers_where_json_is_accepted(string accept) =>
        Assert.Equal($"200 {Bea}", (await Api.GetAsync("/users/1", ("Accept", accept))).Outcome);

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/*")]
    [InlineData("application/xml, text/plain;q=0.5")]
    [InlineData("application/problem+json")]
    [InlineData("application/jsonp")]
    // Off where nobody has switched it on.
    [InlineData("application/vnd.blog.plan+json")]
    [InlineData("application/json;q=0")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("*/*;q=0")]
    [InlineData("application/json;q=0, */*")]
    [InlineData("*/*, application/json;q=0.0")]
    [InlineData("application/*;q=0, */*;q=1")]
    [InlineData("nonsense, text/html")]
    public async Task Answers_406_where_json_is_not_accepted(string accept)
    {
        var answer = await Api.GetAsync("/users/1", ("Accept", accept));

        Assert.Equal(NotAcceptable("/users/1"), answer.Outcome);
        Assert.Equal("application/problem+json", answer["Content-Type"]);
        Assert.Equal("stmts=0, trips=0, rows=0, budget=ok", answer["Blog-SQL"]);
    }

    [Theory]
    [InlineData("POST", "/users")]
    [InlineData("PUT", "/users/1")]
    [InlineData("PATCH", "/users/1")]
    [InlineData("DELETE", "/users/1")]
    [InlineData("PUT", "/users/1/profile")]
    [InlineData("DELETE", "/users/1/profile")]
    public async Task Writes_nothing_whose_answer_would_not_be_accepted(string method, string path)
    {
        var body = method == "DELETE" ? null : """{"name":"N","bio":"b"}""";

        var answer = await Api.SendAsync(method, path, body, ("Accept", "text/html"));

        Assert.Equal(NotAcceptable(path), answer.Outcome);
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    [InlineData("/openapi/v1.json")]
    public async Task Answers_406_on_every_route_of_json(string path) =>
        Assert.Equal(NotAcceptable(path), (await Api.GetAsync(path, ("Accept", "text/html"))).Outcome);

    [Theory]
    [InlineData("text/html", 200)]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", 200)]
    [InlineData("*/*", 200)]
    [InlineData("application/json", 406)]
    [InlineData("text/html;q=0, */*", 406)]
    public async Task Answers_with_html_on_docs(string accept, int status) =>
        Assert.Equal(status, (await Api.GetAsync("/docs", ("Accept", accept))).Status);

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON")]
    [InlineData("application/json;charset=utf-8")]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    [InlineData("application/json; profile=\"x\"; charset=utf-8")]
    public async Task Reads_json_in_utf_8(string type)
    {
        Assert.Equal(201, (await Api.PostAsync("/users", """{"name":"A"}""", ("Content-Type", type))).Status);
        Assert.Equal(200, (await Api.PutAsync("/users/2", """{"name":"A"}""", ("Content-Type", type))).Status);
        Assert.Equal(200, (await Api.PatchAsync("/users/2", """{"name":"A"}""", ("Content-Type", type))).Status);
        Assert.Equal(201, (await Api.PutAsync("/users/2/profile", """{"bio":"b"}""", ("Content-Type", type))).Status);
    }

    [Theory]
    [InlineData("application/merge-patch+json")]
    [InlineData("Application/Merge-Patch+JSON; charset=utf-8")]
    public async Task Reads_a_merge_patch_on_PATCH_alone(string type)
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");
        var header = ("Content-Type", type);

        Assert.Equal(200, (await Api.PatchAsync("/users/2", """{"name":"A"}""", header)).Status);
        Assert.Equal(UnsupportedType("/users"), (await Api.PostAsync("/users", """{"name":"A"}""", header)).Outcome);
        Assert.Equal(UnsupportedType("/users/1"), (await Api.PutAsync("/users/1", """{"name":"A"}""", header)).Outcome);
        Assert.Equal(
            UnsupportedType("/users/1/profile"),
            (await Api.PutAsync("/users/1/profile", """{"bio":"b"}""", header)).Outcome
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("text/plain")]
    [InlineData("nonsense")]
    [InlineData("text/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/*")]
    [InlineData("application/problem+json")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("application/json; charset=\"iso-8859-1\"")]
    public async Task Answers_415_to_every_other_type(string type)
    {
        var header = ("Content-Type", type);
        const string Body = """{"name":"A","bio":"b"}""";

        Assert.Equal(UnsupportedType("/users"), (await Api.PostAsync("/users", Body, header)).Outcome);
        Assert.Equal(UnsupportedType("/users/1"), (await Api.PutAsync("/users/1", Body, header)).Outcome);
        Assert.Equal(UnsupportedType("/users/1"), (await Api.PatchAsync("/users/1", Body, header)).Outcome);
        Assert.Equal(
            UnsupportedType("/users/1/profile"),
            (await Api.PutAsync("/users/1/profile", Body, header)).Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("gzip", 415)]
    [InlineData("br", 415)]
    [InlineData("identity, gzip", 415)]
    [InlineData("identity", 201)]
    [InlineData("Identity", 201)]
    public async Task Reads_a_body_without_a_coding(string coding, int status) =>
        Assert.Equal(status, (await Api.PostAsync("/users", """{"name":"A"}""", ("Content-Encoding", coding))).Status);

    static string NotAcceptable(string instance) =>
        $$"""406 {"type":"/problems/not_acceptable","title":"Not Acceptable","status":406,"detail":"Nothing that the Accept header admits is made here","instance":"{{instance}}","code":"not_acceptable","request_id":"test"}""";

    static string UnsupportedType(string instance) =>
        $$"""415 {"type":"/problems/unsupported_media_type","title":"Unsupported Media Type","status":415,"detail":"The Content-Type of the body is not read here","instance":"{{instance}}","code":"unsupported_media_type","request_id":"test"}""";
}
