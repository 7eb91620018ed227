using Blog.Api.Requests;
using Blog.Testing;
using Microsoft.Extensions.Configuration;

namespace Blog.Api.Tests.Requests;

/// <summary>What a browser is told of pages of other origins: nothing, or of those that the operator has named.</summary>
public sealed class CrossOriginTests(PostgresServer server)
{
    const string Page = "https://app.example.org";

    [Fact]
    public async Task Off_it_says_nothing_and_OPTIONS_is_answered_as_ever()
    {
        await using var api = await BlogApi.StartAsync(server);

        var read = await api.GetAsync("/tags", ("Origin", Page));
        var preflight = await PreflightAsync(api, Page);

        Assert.Equal((200, "Accept, Prefer"), (read.Status, read["Vary"]));
        Assert.Equal((204, "GET, HEAD, POST, OPTIONS"), (preflight.Status, preflight["Allow"]));
        Assert.Empty(OfCors(read));
        Assert.Empty(OfCors(preflight));
    }

    [Fact]
    public async Task On_the_named_origins_may_read_every_answer_and_no_other_may()
    {
        await using var api = await BlogApi.StartAsync(
            server,
            settings: (CrossOrigin.Setting, $"{Page}; http://localhost:3000")
        );

        var read = await api.GetAsync("/tags", ("Origin", Page));
        var other = await api.GetAsync("/users/9", ("Origin", "http://localhost:3000"));
        var stranger = await api.GetAsync("/tags", ("Origin", "https://app.example.org.evil.example"));
        var nobody = await api.GetAsync("/tags");

        Assert.Equal(200, read.Status);
        Assert.Equal(
            [
                $"Access-Control-Allow-Origin: {Page}",
                "Access-Control-Expose-Headers: ETag,Location,Link,Retry-After,RateLimit,RateLimit-Policy,Preference-Applied,Idempotency-Replayed,Blog-Truncated,Blog-SQL,Server-Timing,X-Request-Id,Allow,Accept-Patch,WWW-Authenticate",
            ],
            OfCors(read)
        );
        Assert.Equal((404, "http://localhost:3000"), (other.Status, other["Access-Control-Allow-Origin"]));
        Assert.Equal(200, stranger.Status);
        Assert.Empty(OfCors(stranger));
        Assert.Empty(OfCors(nobody));
        // Whoever keeps answers must keep one for each that asks, also that which nobody of elsewhere has asked for.
        Assert.All(
            (Answer[])[read, other, stranger, nobody],
            one => Assert.Equal("Accept, Prefer, Origin", one["Vary"])
        );
    }

    [Fact]
    public async Task On_a_preflight_is_answered_and_plain_OPTIONS_as_ever()
    {
        await using var api = await BlogApi.StartAsync(server, settings: (CrossOrigin.Setting, Page));

        var preflight = await PreflightAsync(api, Page);
        var stranger = await PreflightAsync(api, "https://evil.example");
        var plain = await api.SendAsync("OPTIONS", "/tags", json: null);

        Assert.Equal("204", preflight.Outcome);
        Assert.Equal(
            [
                "Access-Control-Allow-Headers: Content-Type,Authorization,If-Match,If-None-Match,Idempotency-Key,Prefer,traceparent,tracestate,X-Request-Id",
                "Access-Control-Allow-Methods: GET,HEAD,POST,PUT,PATCH,DELETE",
                $"Access-Control-Allow-Origin: {Page}",
                "Access-Control-Max-Age: 600",
            ],
            OfCors(preflight)
        );
        Assert.Null(preflight["Allow"]);
        Assert.Equal("204", stranger.Outcome);
        Assert.Empty(OfCors(stranger));
        Assert.Equal(("204", "GET, HEAD, POST, OPTIONS"), (plain.Outcome, plain["Allow"]));
    }

    [Theory]
    [InlineData("*")]
    [InlineData("null")]
    [InlineData("https://*.example.org")]
    [InlineData("https://app.example.org/")]
    [InlineData("https://app.example.org/app")]
    [InlineData("https://app.example.org?a")]
    [InlineData("https://ann@app.example.org")]
    [InlineData("https://app.example.org:443")]
    [InlineData("https://App.example.org")]
    [InlineData("app.example.org")]
    [InlineData("ftp://app.example.org")]
    [InlineData("file:///home")]
    public void An_origin_is_none_that_no_browser_would_send(string wrong) =>
        Assert.Equal(
            $"Cors__Origins is origins as browsers send them, such as https://app.example.org, with ; between them, not \"{wrong}\".",
            CrossOrigin.FaultOf(Settings($"{Page};{wrong}"))
        );

    [Theory]
    [InlineData("")]
    [InlineData("https://app.example.org")]
    [InlineData(" http://localhost:3000 ; https://xn--bcher-kva.example;http://[::1]:8080;http://192.0.2.7 ;")]
    public void Origins_are_as_browsers_send_them(string origins) =>
        Assert.Null(CrossOrigin.FaultOf(Settings(origins)));

    static IConfiguration Settings(string origins) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(CrossOrigin.Setting, origins)]).Build();

    static Task<Answer> PreflightAsync(BlogApi api, string origin) =>
        api.SendAsync(
            "OPTIONS",
            "/tags",
            json: null,
            ("Origin", origin),
            ("Access-Control-Request-Method", "POST"),
            ("Access-Control-Request-Headers", "content-type,idempotency-key")
        );

    static IEnumerable<string> OfCors(Answer answer) =>
        answer
            .Headers.Where(header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase))
            .Select(header => $"{header.Key}: {header.Value}")
            .Order(StringComparer.Ordinal);
}
