using Blog.Api.Requests;
using Blog.Testing;
using Microsoft.Extensions.Configuration;

namespace Blog.Api.Tests.Requests;

/// <summary>Who is believed when it says for whom it asks. Who asks shows in whose quota is used up, and how in what a browser is told of https.</summary>
public sealed class KnownProxyTests(PostgresServer server)
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("192.0.2.7;10.0.0.0/8;::1", false)]
    [InlineData("127.0.0.1", true)]
    [InlineData("192.0.2.7; 127.0.0.9/8", true)]
    public async Task Only_a_known_proxy_is_believed(string? known, bool isBelieved)
    {
        await using var api = await BlogApi.StartAsync(
            server,
            settings: [(KnownProxies.Setting, known ?? ""), (RateLimits.Setting, "2")]
        );

        var first = await GetAsync(api, "192.0.2.1", "https", "blog.example.org");
        var second = await GetAsync(api, "192.0.2.2", "http", "blog.example.org");

        Assert.Equal(("1", isBelieved ? "1" : "0"), (RemainingOf(first), RemainingOf(second)));
        Assert.Equal(isBelieved ? "max-age=31536000" : null, first["Strict-Transport-Security"]);
        Assert.Null(second["Strict-Transport-Security"]);
    }

    [Fact]
    public async Task Of_what_came_through_several_only_the_last_is_believed()
    {
        await using var api = await BlogApi.StartAsync(
            server,
            settings: [(KnownProxies.Setting, "127.0.0.1;192.0.2.9"), (RateLimits.Setting, "2")]
        );

        var first = await GetAsync(api, "192.0.2.1, 192.0.2.9", "https", "a");
        var second = await GetAsync(api, "192.0.2.2, 192.0.2.9", "https", "a");

        Assert.Equal(("1", "0"), (RemainingOf(first), RemainingOf(second)));
    }

    [Fact]
    public async Task Location_and_Link_are_right_under_whatever_name_was_asked()
    {
        await using var api = await BlogApi.StartAsync(server, settings: (KnownProxies.Setting, "127.0.0.1"));
        (string, string)[] through =
        [
            ("X-Forwarded-For", "192.0.2.1"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "blog.example.org"),
        ];

        var first = await api.PostAsync("/tags", """{"name":"a"}""", through);
        var second = await api.PostAsync("/tags", """{"name":"b"}""", through);
        var page = await api.GetAsync("/tags?limit=1", through);

        Assert.Equal(("/tags/1", "/tags/2"), (first["Location"], second["Location"]));
        Assert.Matches("^</tags\\?limit=1&cursor=[^>]+>; rel=\"next\"$", page["Link"]);
    }

    [Theory]
    [InlineData("proxy.example.org")]
    [InlineData("10")]
    [InlineData("10.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("0.0.0.0/0")]
    [InlineData("::/0")]
    [InlineData("*")]
    public void A_proxy_is_an_address_or_a_network(string wrong) =>
        Assert.Equal(
            $"Proxy__Known is addresses and networks, such as 10.0.0.7 or 10.0.0.0/24, with ; between them, not \"{wrong}\".",
            KnownProxies.FaultOf(Settings((KnownProxies.Setting, $"10.0.0.7;{wrong}")))
        );

    [Fact]
    public void What_believes_everybody_is_refused()
    {
        Assert.Equal(
            "ASPNETCORE_FORWARDEDHEADERS_ENABLED believes everybody. Proxy__Known names the proxies to believe, by address or network.",
            KnownProxies.FaultOf(Settings(("FORWARDEDHEADERS_ENABLED", "True")))
        );
        Assert.Null(KnownProxies.FaultOf(Settings(("FORWARDEDHEADERS_ENABLED", "false"))));
        Assert.Null(
            KnownProxies.FaultOf(Settings((KnownProxies.Setting, " 10.0.0.7 ;10.0.0.0/24;::1;2001:db8::/32;")))
        );
    }

    static IConfiguration Settings((string Key, string? Value) setting) =>
        new ConfigurationBuilder().AddInMemoryCollection([new(setting.Key, setting.Value)]).Build();

    static Task<Answer> GetAsync(BlogApi api, string address, string scheme, string host) =>
        api.GetAsync("/tags", ("X-Forwarded-For", address), ("X-Forwarded-Proto", scheme), ("X-Forwarded-Host", host));

    static string RemainingOf(Answer answer) => answer["RateLimit"]!.Split(";r=")[1].Split(';')[0];
}
