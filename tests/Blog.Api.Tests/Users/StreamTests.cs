using System.Text.RegularExpressions;
using Blog.Testing;

namespace Blog.Api.Tests.Users;

/// <summary>POST /import/users and GET /export/users.</summary>
public sealed partial class StreamTests(BlogApi api, PostgresServer server) : ApiTest(api)
{
    const string BeaLine =
        """{"id":1,"name":"Bea","bio":"stands by","posts":[{"title":"First","content":"one","tag_names":["hers","shared"]},{"title":"Second","content":"two","tag_names":["shared"]}]}""";

    [Fact]
    public async Task Exports_a_line_a_user_by_id_and_ends_with_their_count()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var answer = await ExportAsync("/export/users");

        Assert.Equal(
            "200 " + BeaLine + "\n{\"id\":2,\"name\":\"Ann\",\"posts\":[]}\n{\"$end\":{\"count\":2}}\n",
            answer
        );
    }

    [Theory]
    [InlineData("?after_id=1", "200 {\"$end\":{\"count\":0}}\n")]
    [InlineData("?after_id=-5", "200 " + BeaLine + "\n{\"$end\":{\"count\":1}}\n")]
    public async Task Exports_only_users_after_an_id(string query, string expected) =>
        Assert.Equal(expected, await ExportAsync("/export/users" + query));

    [Theory]
    [InlineData("?after_id=")]
    [InlineData("?after_id=one")]
    [InlineData("?after_id=1&after_id=2")]
    [InlineData("?after_id=9223372036854775808")]
    public async Task Refuses_an_after_id_that_is_no_id(string query) =>
        Assert.Equal(
            """400 {"type":"/problems/invalid_parameter","title":"Bad Request","status":400,"detail":"A parameter of the query does not have its form","instance":"/export/users","code":"invalid_parameter","request_id":"test","errors":[{"parameter":"after_id","code":"invalid_format","detail":"One id, a whole number, belongs here."}]}""",
            await ExportAsync("/export/users" + query)
        );

    [Fact]
    public async Task An_import_by_line_stores_the_good_lines_and_answers_each()
    {
        var answer = await ImportAsync(
            "?mode=lines",
            """
            {"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["shared","new"]}]}

            {"name":"","posts":[]}
            {"name":
            {"id":77,"name":"Ben"}
            {"$end":{"count":5}}
            """
        );

        Assert.Equal(
            """
            200 {"line":1,"status":201,"id":2}
            {"line":3,"status":422,"problem":{"type":"/problems/validation_failed","code":"validation_failed","detail":"The line breaks a rule","errors":[{"pointer":"#/name","code":"blank","detail":"Must have a character that is not white space."}]}}
            {"line":4,"status":400,"problem":{"type":"/problems/malformed_json","code":"malformed_json","detail":"The line is not valid JSON, or nested deeper than 16 levels, at line 1, byte 9."}}
            {"line":5,"status":201,"id":3}
            {"line":6,"status":422,"problem":{"type":"/problems/validation_failed","code":"validation_failed","detail":"The line breaks a rule","errors":[{"pointer":"#/$end/count","code":"out_of_range","detail":"Says 5 users, and 4 lines of users came before it."}]}}

            """,
            answer
        );
        Assert.Equal(
            "200 {\"id\":2,\"name\":\"Ann\",\"bio\":\"hi\",\"posts\":[{\"title\":\"T\",\"content\":\"C\",\"tag_names\":[\"new\",\"shared\"]}]}\n{\"id\":3,\"name\":\"Ben\",\"posts\":[]}\n{\"$end\":{\"count\":2}}\n",
            await ExportAsync("/export/users?after_id=1")
        );
    }

    [Fact]
    public async Task An_import_is_atomic_unless_it_says_otherwise_and_names_every_bad_line()
    {
        var answer = await ImportAsync("", "{\"name\":\"Ann\"}\n{\"name\":7}\n{\"posts\":[{\"title\":\"T\"}]}\nno");

        Assert.Equal(
            """422 {"type":"/problems/validation_failed","title":"Unprocessable Entity","status":422,"detail":"Lines break rules; nothing was stored","instance":"/import/users","code":"validation_failed","request_id":"test","errors":[{"line":2,"pointer":"#/name","code":"invalid_type","detail":"Expected a string, found a number."},{"line":3,"pointer":"#/name","code":"required","detail":"Must be given."},{"line":3,"pointer":"#/posts/0/content","code":"required","detail":"Must be given."},{"line":4,"pointer":"#","code":"malformed_json","detail":"The line is not valid JSON, or nested deeper than 16 levels, at line 1, byte 2."}]}""",
            answer
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task An_atomic_import_without_a_bad_line_stores_all_and_answers_each() =>
        Assert.Equal(
            "200 {\"line\":1,\"status\":201,\"id\":2}\n{\"line\":2,\"status\":201,\"id\":3}\n",
            await ImportAsync("?mode=atomic", "{\"name\":\"Ann\"}\n{\"name\":\"Ben\"}\n{\"$end\":{\"count\":2}}\n")
        );

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("{\"$end\":{\"count\":0}}\n")]
    public async Task An_import_of_nobody_is_answered_as_a_stream_without_a_line(string lines)
    {
        foreach (var query in (string[])["", "?mode=atomic", "?mode=lines"])
        {
            var answer = await Api.PostAsync("/import/users" + query, lines, ("Content-Type", "application/x-ndjson"));

            Assert.Equal(("200", "application/x-ndjson"), (answer.Outcome, answer["Content-Type"]));
        }

        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task An_import_by_line_refuses_unknown_members_where_the_client_prefers_that_but_for_the_id_of_a_user()
    {
        var answer = await Api.PostAsync(
            "/import/users?mode=lines",
            """
            {"name":"Ann","nick":"A"}
            {"id":77,"name":"Ben","posts":[{"title":"T","content":"C","id":5}]}
            {"id":77,"name":"Cem"}
            {"$end":{"count":3}}
            """,
            ("Content-Type", "application/x-ndjson"),
            ("Prefer", "handling=strict")
        );

        Assert.Equal(
            """
            200 {"line":1,"status":422,"problem":{"type":"/problems/validation_failed","code":"validation_failed","detail":"The line breaks a rule","errors":[{"pointer":"#/nick","code":"unknown_member","detail":"Not a member here; these are: name, bio, posts."}]}}
            {"line":2,"status":422,"problem":{"type":"/problems/validation_failed","code":"validation_failed","detail":"The line breaks a rule","errors":[{"pointer":"#/posts/0/id","code":"unknown_member","detail":"Not a member here; these are: title, content, tag_names."}]}}
            {"line":3,"status":201,"id":2}

            """,
            answer.Outcome
        );
        Assert.Equal("handling=strict", answer["Preference-Applied"]);
        Assert.Equal(["Bea", "Cem"], await ListAsync("select name from blog.users order by id"));
    }

    [Fact]
    public async Task An_atomic_import_refuses_unknown_members_where_the_client_prefers_that_and_ignores_them_otherwise()
    {
        const string Lines = "{\"id\":77,\"name\":\"Ann\"}\n{\"name\":\"Ben\",\"nick\":\"B\"}\n";

        var strict = await Api.PostAsync(
            "/import/users",
            Lines,
            ("Content-Type", "application/x-ndjson"),
            ("Prefer", "handling=strict")
        );

        Assert.Equal(
            """422 {"type":"/problems/validation_failed","title":"Unprocessable Entity","status":422,"detail":"Lines break rules; nothing was stored","instance":"/import/users","code":"validation_failed","request_id":"test","errors":[{"line":2,"pointer":"#/nick","code":"unknown_member","detail":"Not a member here; these are: name, bio, posts."}]}""",
            strict.Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
        Assert.Equal(
            "200 {\"line\":1,\"status\":201,\"id\":2}\n{\"line\":2,\"status\":201,\"id\":3}\n",
            await ImportAsync("", Lines)
        );
    }

    [Fact]
    public async Task An_atomic_import_names_the_first_thousand_violations_and_counts_the_rest()
    {
        var answer = await ImportAsync("", string.Concat(Enumerable.Repeat("{}\n", 1001)));

        Assert.Contains(
            "\"detail\":\"Lines break rules in 1001 places, of which the first 1000 are named; nothing was stored\"",
            answer,
            StringComparison.Ordinal
        );
        Assert.Equal(1000, Line().Count(answer));
    }

    [Theory]
    [InlineData("?mode=")]
    [InlineData("?mode=all")]
    [InlineData("?mode=lines&mode=atomic")]
    public async Task Refuses_another_mode(string query) =>
        Assert.Equal(
            """400 {"type":"/problems/invalid_parameter","title":"Bad Request","status":400,"detail":"A parameter of the query does not have its form","instance":"/import/users","code":"invalid_parameter","request_id":"test","errors":[{"parameter":"mode","code":"invalid_format","detail":"atomic or lines belongs here."}]}""",
            await ImportAsync(query, "{\"name\":\"Ann\"}")
        );

    [Theory]
    [InlineData("?mode=atomic")]
    [InlineData("?mode=lines")]
    public async Task Refuses_an_import_above_its_limit_and_says_which_that_is(string query)
    {
        await using var small = await BlogApi.StartAsync(server, "", ("Limits:ImportBytes", "29"));
        await small.PostAsync("/users", """{"name":"Bea"}""");

        var fits = await small.PostAsync(
            "/import/users" + query,
            "{\"name\":\"Ann\"}\n{\"name\":\"Ben\"}",
            ("Content-Type", "application/x-ndjson")
        );
        var tooLarge = await small.PostAsync(
            "/import/users" + query,
            "{\"name\":\"Ann\"}\n{\"name\":\"Ben\"}\n",
            ("Content-Type", "application/x-ndjson")
        );

        Assert.Equal("200 {\"line\":1,\"status\":201,\"id\":2}\n{\"line\":2,\"status\":201,\"id\":3}\n", fits.Outcome);
        Assert.Equal(
            """413 {"type":"/problems/payload_too_large","title":"Payload Too Large","status":413,"detail":"The import is larger than 29 bytes","instance":"/import/users","code":"payload_too_large","request_id":"test"}""",
            tooLarge.Outcome
        );
        Assert.Equal("""{"$end":{"count":3}}""", (await small.GetAsync("/export/users")).Body.Split('\n')[^2]);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-ndjson; charset=latin1")]
    public async Task Refuses_another_type_of_body(string type) =>
        Assert.StartsWith(
            "415 {\"type\":\"/problems/unsupported_media_type\"",
            await ImportAsync("", "{\"name\":\"Ann\"}", type),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Answers_406_to_whoever_does_not_accept_lines()
    {
        var answer = await Api.GetAsync("/export/users", ("Accept", "application/json"));

        Assert.StartsWith("406 {\"type\":\"/problems/not_acceptable\"", answer.Outcome, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_exported_and_imported_again_is_exported_the_same_apart_from_the_ids()
    {
        await ImportAsync(
            "?mode=lines",
            await File.ReadAllTextAsync(SharedData.RealBlog, TestContext.Current.CancellationToken)
        );
        var first = (await ExportAsync("/export/users?after_id=1"))["200 ".Length..];
        await ExecuteAsync("delete from blog.users where id <> 1; delete from blog.tag where id > 2");

        await ImportAsync("", first);
        var second = (await ExportAsync("/export/users?after_id=1"))["200 ".Length..];

        Assert.EndsWith("{\"$end\":{\"count\":129}}\n", first, StringComparison.Ordinal);
        Assert.NotEqual(first, second);
        Assert.Equal(Id().Replace(first, ""), Id().Replace(second, ""));
    }

    async Task<string> ExportAsync(string url) => (await Api.GetAsync(url)).Outcome;

    async Task<string> ImportAsync(string query, string lines, string type = "application/x-ndjson") =>
        (await Api.PostAsync("/import/users" + query, lines, ("Content-Type", type))).Outcome;

    [GeneratedRegex("(?m)^\\{\"id\":[0-9]+,", RegexOptions.None, 1000)]
    private static partial Regex Id();

    [GeneratedRegex("\\{\"line\":", RegexOptions.None, 1000)]
    private static partial Regex Line();
}
