using System.Text.Json;

namespace Blog.Api.Tests.Contract;

public sealed class ServiceTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task The_root_says_what_this_is_and_where_to_go()
    {
        var answer = await Api.GetAsync("/");

        Assert.Equal(
            """200 {"service":"blog","version":"1.0.0","contract":"/openapi/v1.json","documentation":"/docs","live":"/livez","ready":"/readyz"}""",
            answer.Outcome
        );
        Assert.Equal("stmts=0, trips=0, rows=0, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Every_place_that_the_root_names_is_there()
    {
        using var service = JsonDocument.Parse((await Api.GetAsync("/")).Body);

        foreach (var name in (string[])["contract", "documentation", "live", "ready"])
            Assert.Equal(200, (await Api.GetAsync(service.RootElement.GetProperty(name).GetString()!)).Status);
    }
}
