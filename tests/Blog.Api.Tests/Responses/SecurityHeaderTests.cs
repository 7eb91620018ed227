using Blog.Api.Requests;
using Blog.Testing;

namespace Blog.Api.Tests.Responses;

/// <summary>What a browser is told not to do. AlwaysHeaders holds every answer of every other test against it.</summary>
public sealed class SecurityHeaderTests(PostgresServer server)
{
    const string Nothing = "default-src 'none'; frame-ancestors 'none'";

    [Theory]
    [InlineData(
        "/docs",
        "text/html; charset=utf-8",
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )]
    [InlineData("/docs/swagger-ui.css", "text/css", Nothing)]
    [InlineData("/problems/user_not_found", "text/html; charset=utf-8", Nothing)]
    public async Task A_page_may_load_what_it_needs_and_nothing_else(string path, string type, string policy)
    {
        await using var api = await BlogApi.StartAsync(server);

        var answer = await RawAsync(api, path, "Accept: text/html,*/*;q=0.8\r\n");

        Assert.Equal((200, type, policy), (answer.Status, answer["Content-Type"], answer["Content-Security-Policy"]));
        Assert.Equal(("nosniff", "no-referrer"), (answer["X-Content-Type-Options"], answer["Referrer-Policy"]));
    }

    [Fact]
    public async Task Https_is_asked_for_where_https_was_asked_and_never_of_this_machine()
    {
        await using var api = await BlogApi.StartAsync(server, settings: (KnownProxies.Setting, "127.0.0.1"));

        foreach (
            var (scheme, host, expected) in (IEnumerable<(string, string, string?)>)
                [
                    ("https", "blog.example.org", "max-age=31536000"),
                    ("http", "blog.example.org", null),
                    ("https", "localhost", null),
                    ("https", "127.0.0.1", null),
                    ("https", "[::1]", null),
                ]
        )
        {
            var headers = $"X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-Proto: {scheme}\r\nX-Forwarded-Host: {host}\r\n";
            var read = await RawAsync(api, "/tags", headers);
            // An error takes away what was set before it.
            var error = await RawAsync(api, "/users/9", headers);

            Assert.Equal((200, expected), (read.Status, read["Strict-Transport-Security"]));
            Assert.Equal((404, expected), (error.Status, error["Strict-Transport-Security"]));
        }
    }

    [Fact]
    public async Task A_host_that_is_not_allowed_is_ended_from_below()
    {
        await using var api = await BlogApi.StartAsync(server, settings: ("AllowedHosts", "blog.example.org"));

        var known = await RawAsync(api, "/tags", "", host: "blog.example.org");
        var unknown = await RawAsync(api, "/tags", "", host: "evil.example");

        Assert.Equal((200, 400, ""), (known.Status, unknown.Status, unknown.Body));
    }

    static async Task<Answer> RawAsync(BlogApi api, string path, string headers, string host = "a")
    {
        await using var connection = await RawConnection.OpenAsync(api.Address);
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
        return await connection.ReadAsync();
    }
}
