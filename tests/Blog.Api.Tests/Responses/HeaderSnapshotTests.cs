using System.Text.RegularExpressions;
using Blog.Api.Requests;
using Blog.Testing;

namespace Blog.Api.Tests.Responses;

/// <summary>Every header of six answers, so that none comes or goes unseen; times are 0.</summary>
public sealed partial class HeaderSnapshotTests(PostgresServer server)
{
    [Fact]
    public async Task The_headers_of_an_answer_are_these()
    {
        await using var api = await BlogApi.StartAsync(
            server,
            settings: [(RateLimits.Setting, "1"), (KnownProxies.Setting, "127.0.0.1")]
        );

        var created = await SendAsync(api, "POST", "/users", """{"name":"A"}""", "192.0.2.1");
        var read = await SendAsync(api, "GET", "/users/1", null, "192.0.2.2");
        var absent = await SendAsync(api, "GET", "/users/9", null, "192.0.2.3");
        var invalid = await SendAsync(api, "POST", "/users", "{}", "192.0.2.4");
        await SendAsync(api, "GET", "/nowhere", null, "192.0.2.5");
        var beyond = await SendAsync(api, "GET", "/nowhere", null, "192.0.2.5");
        await api.Database.ExecuteAsync("alter table blog.tag rename to elsewhere");
        var down = await SendAsync(api, "GET", "/tags", null, "192.0.2.6");

        Assert.Equal(
            """
            200
            Blog-SQL: stmts=2, trips=1, rows=1, budget=ok
            Cache-Control: private, no-cache
            Content-Length: 45
            Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
            Content-Type: application/json
            Cross-Origin-Resource-Policy: same-origin
            ETag: "u1.1-1"
            RateLimit-Policy: "default";q=1;w=60
            RateLimit: "default";r=0;t=0
            Referrer-Policy: no-referrer
            Server-Timing: app;dur=0, db;dur=0, users_get_user;dur=0
            Vary: Accept, Prefer
            X-Content-Type-Options: nosniff
            X-Request-ID: test

            201
            Blog-SQL: stmts=2, trips=1, rows=1, budget=ok
            Cache-Control: no-store
            Content-Length: 45
            Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
            Content-Type: application/json
            Cross-Origin-Resource-Policy: same-origin
            ETag: "u1.1-1"
            Location: /users/1
            RateLimit-Policy: "default";q=1;w=60
            RateLimit: "default";r=0;t=0
            Referrer-Policy: no-referrer
            Server-Timing: app;dur=0, db;dur=0, users_create_user;dur=0
            Vary: Accept, Prefer
            X-Content-Type-Options: nosniff
            X-Request-ID: test

            404
            Blog-SQL: stmts=2, trips=1, rows=0, budget=ok
            Cache-Control: no-store
            Content-Length: 160
            Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
            Content-Type: application/problem+json
            Cross-Origin-Resource-Policy: same-origin
            RateLimit-Policy: "default";q=1;w=60
            RateLimit: "default";r=0;t=0
            Referrer-Policy: no-referrer
            Server-Timing: app;dur=0, db;dur=0, users_get_user;dur=0
            Vary: Accept, Prefer
            X-Content-Type-Options: nosniff
            X-Request-ID: test

            422
            Blog-SQL: stmts=0, trips=0, rows=0, budget=ok
            Cache-Control: no-store
            Content-Length: 264
            Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
            Content-Type: application/problem+json
            Cross-Origin-Resource-Policy: same-origin
            RateLimit-Policy: "default";q=1;w=60
            RateLimit: "default";r=0;t=0
            Referrer-Policy: no-referrer
            Server-Timing: app;dur=0, db;dur=0
            Vary: Accept, Prefer
            X-Content-Type-Options: nosniff
            X-Request-ID: test

            429
            Blog-SQL: stmts=0, trips=0, rows=0, budget=ok
            Cache-Control: no-store
            Content-Length: 192
            Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
            Content-Type: application/problem+json
            Cross-Origin-Resource-Policy: same-origin
            RateLimit-Policy: "default";q=1;w=60
            RateLimit: "default";r=0;t=0
            Referrer-Policy: no-referrer
            Retry-After: 0
            Server-Timing: app;dur=0, db;dur=0
            Vary: Accept, Prefer
            X-Content-Type-Options: nosniff
            X-Request-ID: test

            503
            Blog-SQL: stmts=1, trips=1, rows=0, budget=ok
            Cache-Control: no-store
            Content-Length: 167
            Content-Security-Policy: default-src 'none'; frame-ancestors 'none'
            Content-Type: application/problem+json
            Cross-Origin-Resource-Policy: same-origin
            RateLimit-Policy: "default";q=1;w=60
            RateLimit: "default";r=0;t=0
            Referrer-Policy: no-referrer
            Retry-After: 0
            Server-Timing: app;dur=0, db;dur=0, tags_list_tags;dur=0
            Vary: Accept, Prefer
            X-Content-Type-Options: nosniff
            X-Request-ID: test
            """,
            string.Join("\n\n", new[] { read, created, absent, invalid, beyond, down }.Select(Snapshot))
        );
    }

    static Task<Answer> SendAsync(BlogApi api, string method, string path, string? json, string client) =>
        api.SendAsync(method, path, json, ("X-Forwarded-For", client));

    static string Snapshot(Answer answer) =>
        string.Join(
            '\n',
            answer
                .Headers.Where(header => header.Key != "Date")
                .Select(header => Time().Replace($"{header.Key}: {header.Value}", "0"))
                .Order(StringComparer.Ordinal)
                .Prepend($"{answer.Status}")
        );

    // Milliseconds, and seconds until there is one more request or another attempt.
    [GeneratedRegex("(?<=dur=|t=|Retry-After: )[0-9.]+", RegexOptions.None, 1000)]
    private static partial Regex Time();
}
