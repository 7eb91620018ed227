namespace Blog.Api.Tests.Problems;

public sealed class ExplainProblemTests(BlogApi api) : ApiTest(api)
{
    const string Json =
        """200 {"code":"profile_not_found","status":404,"detail":"Profile not found","remedy":"The user exists and has no profile; PUT /users/{id}/profile creates one."}""";

    const string Page = """
        200 <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>not_acceptable</title>
        </head>
        <body>
          <h1>not_acceptable</h1>
          <p>406 Not Acceptable</p>
          <p>Nothing that the Accept header admits is made here.</p>
          <h2>What to do</h2>
          <p>Accept */*, or what the contract names for the path: application/json on most.</p>
        </body>
        </html>

        """;

    [Theory]
    [InlineData("")]
    [InlineData("*/*")]
    [InlineData("application/json")]
    [InlineData("application/*, text/html;q=0.9")]
    [InlineData("text/html, application/json")]
    [InlineData("text/html;q=0, */*")]
    public async Task Explains_a_code_as_JSON_where_no_page_is_asked_for(string accept)
    {
        var answer = await Api.GetAsync("/problems/profile_not_found", ("Accept", accept));

        Assert.Equal((Json, "application/json"), (answer.Outcome, answer["Content-Type"]));
    }

    [Theory]
    [InlineData("text/html")]
    [InlineData("text/*")]
    [InlineData("text/html, */*")]
    [InlineData("application/json;q=0.5, text/html")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8")]
    public async Task Explains_a_code_as_a_page_that_loads_nothing_where_one_is_preferred(string accept)
    {
        var answer = await Api.GetAsync("/problems/not_acceptable", ("Accept", accept));

        Assert.Equal((Page, "text/html; charset=utf-8"), (answer.Outcome, answer["Content-Type"]));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer["Content-Security-Policy"]);
    }

    [Fact]
    public async Task Leads_from_an_unknown_path_to_the_contract_by_way_of_the_description_of_the_service()
    {
        var remedy = (await Api.GetAsync("/problems/route_not_found")).Outcome;
        var service = (await Api.GetAsync("/")).Body;

        Assert.Equal(
            """200 {"code":"route_not_found","status":404,"detail":"Nothing is at this path","remedy":"GET / says where the contract is, which names every path."}""",
            remedy
        );
        Assert.Contains("\"contract\":\"/openapi/v1.json\"", service, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Escapes_what_it_shows()
    {
        var answer = await Api.GetAsync("/problems/unsupported_media_type", ("Accept", "text/html"));

        Assert.Contains("PATCH reads application/merge-patch&#x2B;json too.", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("image/png")]
    [InlineData("text/html;q=0")]
    public async Task Refuses_a_type_that_it_does_not_make(string accept)
    {
        var answer = await Api.GetAsync("/problems/not_acceptable", ("Accept", accept));

        Assert.Equal((406, "application/problem+json"), (answer.Status, answer["Content-Type"]));
    }

    [Fact]
    public async Task Answers_an_unknown_code_with_an_error_whatever_is_preferred()
    {
        var answer = await Api.GetAsync("/problems/nothing", ("Accept", "text/html"));

        Assert.Equal(NotFound("route_not_found", "Nothing is at this path", "/problems/nothing"), answer.Outcome);
    }
}
