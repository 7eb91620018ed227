using System.Text.RegularExpressions;
using Xunit;

namespace Blog.Testing;

/// <summary>Fails the test that gets a response without the headers that every response has, one over its budget, or one that the contract does not know.</summary>
public sealed partial class AlwaysHeaders : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var response = await base.SendAsync(request, cancellationToken);
        Check(await Answer.OfAsync(response), $"{request.Method} {request.RequestUri?.PathAndQuery}");
        return response;
    }

    public static void Check(Answer answer, string request)
    {
        Assert.True(RequestId().IsMatch(answer["X-Request-Id"] ?? ""), $"{request}: X-Request-Id");
        if (answer["Content-Type"] == "application/x-ndjson")
        {
            Assert.Equal((request, null, null), (request, answer["Server-Timing"], answer["Blog-SQL"]));
        }
        else
        {
            Assert.True(ServerTiming().IsMatch(answer["Server-Timing"] ?? ""), $"{request}: {answer["Server-Timing"]}");
            Assert.True(BlogSql().IsMatch(answer["Blog-SQL"] ?? ""), $"{request}: Blog-SQL: {answer["Blog-SQL"]}");
        }

        Assert.Contains(answer["Vary"], (string[])["Accept, Prefer", "Accept, Prefer, Origin"]);
        Assert.Equal((request, "nosniff"), (request, answer["X-Content-Type-Options"]));
        Assert.Equal((request, "same-origin"), (request, answer["Cross-Origin-Resource-Policy"]));
        Assert.Equal((request, "no-referrer"), (request, answer["Referrer-Policy"]));
        Assert.Equal(
            (
                request,
                request.Split(' ')[1].StartsWith("/docs", StringComparison.OrdinalIgnoreCase) && answer.Status == 200
                    ? answer["Content-Security-Policy"]
                    : "default-src 'none'; frame-ancestors 'none'"
            ),
            (request, answer["Content-Security-Policy"])
        );
        Assert.Equal((request, null), (request, answer["Server"]));
        Assert.True(
            answer["Cache-Control"]
                == (
                    answer.Status < 400
                    && answer["Content-Type"] != "application/vnd.blog.plan+json"
                    && request.Split(' ')[0] is "GET" or "HEAD"
                        ? "private, no-cache"
                        : "no-store"
                ),
            $"{request}: {answer.Status} with Cache-Control: {answer["Cache-Control"]}"
        );
        if (answer.Body.Length > 0)
        {
            Assert.True(answer["Content-Type"] is { Length: > 0 }, $"{request}: no Content-Type");
            Assert.True(
                answer.Status < 400 || answer["Content-Type"] == "application/problem+json",
                $"{request}: {answer.Status} as {answer["Content-Type"]}: {answer.Body}"
            );
        }

        CommittedContract.Check(answer, request);
    }

    [GeneratedRegex("^[ -~]{1,128}$", RegexOptions.None, 1000)]
    private static partial Regex RequestId();

    // https://www.w3.org/TR/server-timing/: the whole, the sum of the database, and one entry a round trip.
    [GeneratedRegex(
        @"^app;dur=[0-9]+\.[0-9]{1,3}, db;dur=[0-9]+\.[0-9]{1,3}(, ([a-z]+_[a-z_]+|commit);dur=[0-9]+\.[0-9]{1,3})*$",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex ServerTiming();

    // A dictionary of RFC 9651 with three integers and a token.
    [GeneratedRegex("^stmts=[0-9]+, trips=[0-9]+, rows=[0-9]+, budget=ok$", RegexOptions.None, 1000)]
    private static partial Regex BlogSql();
}
