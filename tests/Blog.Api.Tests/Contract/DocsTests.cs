using System.Text.RegularExpressions;

namespace Blog.Api.Tests.Contract;

public sealed partial class DocsTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task The_page_and_everything_it_loads_comes_from_this_service()
    {
        var page = await Api.GetAsync("/docs");

        Assert.Equal(200, page.Status);
        Assert.Equal("text/html; charset=utf-8", page["Content-Type"]);
        var references = Reference().Matches(page.Body).Select(match => match.Groups["path"].Value).ToArray();
        Assert.Contains("/docs/swagger-ui.css", references);
        Assert.Contains("/docs/swagger-ui-bundle.js", references);
        foreach (var reference in references)
        {
            var file = await Api.GetAsync(new Uri(new Uri(Api.Address, "/docs"), reference).PathAndQuery);
            Assert.Equal((reference, 200), (reference, file.Status));
            Assert.NotEqual("", file.Body);
        }
    }

    [Theory]
    [InlineData("/docs")]
    [InlineData("/docs/")]
    [InlineData("/docs/index.js")]
    public async Task No_other_host_is_named(string path)
    {
        var answer = await Api.GetAsync(path);

        Assert.Equal(200, answer.Status);
        // A comment of the script names its source; nothing is loaded from there.
        var withoutComments = Comment().Replace(answer.Body, "");
        Assert.DoesNotMatch("(https?:)?//[a-zA-Z0-9]", withoutComments);
    }

    [Fact]
    public async Task The_script_reads_the_document_of_this_service_and_sends_it_to_no_validator()
    {
        var script = (await Api.GetAsync("/docs/index.js")).Body;

        Assert.Contains("\"url\":\"/openapi/v1.json\"", script, StringComparison.Ordinal);
        Assert.DoesNotContain("\"validatorUrl\":", script, StringComparison.Ordinal);
        Assert.Contains("configObject.validatorUrl = null;", script, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"/\*[\s\S]*?\*/|^\s*//.*$", RegexOptions.Multiline, 1000)]
    private static partial Regex Comment();

    [GeneratedRegex("(src|href)=\"(?<path>[^\"]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Reference();
}
