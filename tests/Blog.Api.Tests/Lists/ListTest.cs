using System.Text.Json;
using System.Text.RegularExpressions;

namespace Blog.Api.Tests.Lists;

/// <summary>What the tests of lists share: the text of a refusal, the ids of a page, a walk over all pages.</summary>
public abstract partial class ListTest(BlogApi api) : ApiTest(api)
{
    protected static string Refused(string path, string code, string detail, string errors = "") =>
        $$"""400 {"type":"/problems/{{code}}","title":"Bad Request","status":400,"detail":"{{detail}}","instance":"{{path}}","code":"{{code}}","request_id":"test"{{(
            errors.Length == 0 ? "" : $",\"errors\":[{errors}]"
        )}}}""";

    protected static string Invalid400(string path, string errors) =>
        Refused(path, "invalid_parameter", "A parameter of the query does not have its form", errors);

    /// <summary>The ids on one page; the answer is 200.</summary>
    protected async Task<long[]> IdsAsync(string url) => IdsOf(await Api.GetAsync(url));

    protected static long[] IdsOf(Answer answer)
    {
        Assert.True(answer.Status == 200, answer.Outcome);
        using var page = JsonDocument.Parse(answer.Body);
        return
        [
            .. page.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetInt64()),
        ];
    }

    protected static string? NextOf(Answer answer)
    {
        using var page = JsonDocument.Parse(answer.Body);
        return page.RootElement.TryGetProperty("next", out var next) ? next.GetString() : null;
    }

    /// <summary>The ids of all pages, following the links; <paramref name="between"/> runs before each page after the first.</summary>
    protected async Task<List<long>> WalkAsync(string url, Func<Task>? between = null)
    {
        var ids = new List<long>();
        for (var answer = await Api.GetAsync(url); ; answer = await Api.GetAsync(url))
        {
            ids.AddRange(IdsOf(answer));
            if (answer["Link"] is not { } link)
            {
                Assert.Null(NextOf(answer));
                return ids;
            }

            Assert.NotEqual(url, NextLink().Match(link).Groups["url"].Value);
            url = NextLink().Match(link).Groups["url"].Value;
            Assert.Contains($"cursor={NextOf(answer)}", url, StringComparison.Ordinal);
            if (between is not null)
                await between();
        }
    }

    [GeneratedRegex("""^<(?<url>/[!-;=?-~]*)>; rel="next"$""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NextLink();
}
