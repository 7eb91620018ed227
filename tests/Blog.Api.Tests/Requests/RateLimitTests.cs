using System.Net;
using Blog.Api.Requests;
using Blog.Testing;
using Microsoft.Extensions.Configuration;

namespace Blog.Api.Tests.Requests;

/// <summary>How much one client may ask, and that nobody else has less for it.</summary>
public sealed class RateLimitTests(PostgresServer server)
{
    [Fact]
    public async Task Beyond_its_quota_a_client_is_sent_away_and_others_are_answered()
    {
        await using var api = await StartAsync(perMinute: 2);

        var first = await GetAsync(api, "/users/9", "192.0.2.1");
        var second = await GetAsync(api, "/nowhere", "192.0.2.1");
        var third = await GetAsync(api, "/tags", "192.0.2.1");
        var other = await GetAsync(api, "/tags", "192.0.2.2");

        Assert.Equal((404, "\"default\";q=2;w=60"), (first.Status, first["RateLimit-Policy"]));
        Assert.Matches("^\"default\";r=1;t=(30|2[0-9])$", first["RateLimit"]);
        Assert.Equal(404, second.Status);
        Assert.Matches("^\"default\";r=0;t=(30|2[0-9])$", second["RateLimit"]);
        Assert.Equal(
            """429 {"type":"/problems/quota_exceeded","title":"Too Many Requests","status":429,"detail":"More was asked than one client may ask","instance":"/tags","code":"quota_exceeded","request_id":"test"}""",
            third.Outcome
        );
        Assert.Equal("\"default\";q=2;w=60", third["RateLimit-Policy"]);
        Assert.Matches("^(30|2[0-9])$", third["Retry-After"]);
        Assert.Equal($"\"default\";r=0;t={third["Retry-After"]}", third["RateLimit"]);
        Assert.Equal("stmts=0, trips=0, rows=0, budget=ok", third["Blog-SQL"]);
        Assert.Equal(200, other.Status);
        Assert.StartsWith("\"default\";r=1;", other["RateLimit"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_holds_what_has_not_changed_may_ask_without_end()
    {
        await using var api = await StartAsync(perMinute: 3);
        var created = await SendAsync(api, "POST", "/tags", """{"name":"a"}""", "192.0.2.1");
        var read = await GetAsync(api, "/tags/1", "192.0.2.1");
        Assert.Equal((201, 200), (created.Status, read.Status));

        for (var time = 0; time < 10; time++)
        {
            var again = await GetAsync(api, "/tags/1", "192.0.2.1", ("If-None-Match", read["ETag"]!));

            Assert.Equal(304, again.Status);
            Assert.StartsWith("\"default\";r=1;", again["RateLimit"], StringComparison.Ordinal);
        }

        var last = await GetAsync(api, "/tags/1", "192.0.2.1", ("If-None-Match", "\"t9.1\""));
        Assert.Equal(200, last.Status);
        Assert.Equal(429, (await GetAsync(api, "/tags/1", "192.0.2.1", ("If-None-Match", read["ETag"]!))).Status);
    }

    [Fact]
    public async Task Of_many_requests_at_once_no_more_than_the_quota_are_answered()
    {
        await using var api = await StartAsync(perMinute: 2);

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(_ => GetAsync(api, "/tags", "192.0.2.1", ("If-None-Match", "\"a\"")))
        );

        Assert.Equal(2, answers.Count(answer => answer.Status == 200));
        Assert.Equal(38, answers.Count(answer => answer.Status == 429));
    }

    [Fact]
    public async Task Health_is_told_however_often_it_is_asked()
    {
        await using var api = await StartAsync(perMinute: 1);

        foreach (var path in (string[])["/livez", "/readyz", "/livez", "/readyz"])
        {
            var answer = await GetAsync(api, path, "192.0.2.1");

            Assert.Equal((200, null), (answer.Status, answer["RateLimit"]));
        }

        Assert.Equal(200, (await GetAsync(api, "/tags", "192.0.2.1")).Status);
        Assert.Equal(429, (await GetAsync(api, "/tags", "192.0.2.1")).Status);
    }

    [Fact]
    public async Task Without_the_setting_there_is_none()
    {
        await using var api = await BlogApi.StartAsync(server);

        var answer = await api.GetAsync("/tags");

        Assert.Equal((200, null, null), (answer.Status, answer["RateLimit"], answer["RateLimit-Policy"]));
    }

    [Theory]
    [InlineData(null, "local")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2::", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::", "2001:db8:1:3::/64")]
    public void A_client_is_an_address_and_of_IPv6_a_network_of_64_bits(string? address, string key) =>
        Assert.Equal(key, RateKey.Of(address is null ? null : IPAddress.Parse(address)));

    [Theory]
    [InlineData(null, 0)]
    [InlineData("0", 0)]
    [InlineData("6000", 6000)]
    [InlineData("1000000", 1000000)]
    [InlineData("1000001", null)]
    [InlineData("-1", null)]
    [InlineData("many", null)]
    public void The_setting_is_a_whole_number(string? setting, int? expected)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(RateLimits.Setting, setting)]).Build();

        Assert.Equal(expected, RateLimits.Read(settings));
        Assert.Equal(
            expected is null
                ? $"Limits__RequestsPerMinute is a whole number from 0, for no limit, to 1000000, not \"{setting}\"."
                : null,
            RateLimits.FaultOf(settings)
        );
    }

    /// <summary>The test is a known proxy, so that it can be several clients.</summary>
    Task<BlogApi> StartAsync(int perMinute) =>
        BlogApi.StartAsync(
            server,
            settings: [(RateLimits.Setting, $"{perMinute}"), (KnownProxies.Setting, "127.0.0.1")]
        );

    static Task<Answer> GetAsync(BlogApi api, string path, string client, params (string, string)[] headers) =>
        api.GetAsync(path, [.. headers, ("X-Forwarded-For", client)]);

    static Task<Answer> SendAsync(BlogApi api, string method, string path, string json, string client) =>
        api.SendAsync(method, path, json, ("X-Forwarded-For", client));
}
