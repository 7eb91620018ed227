namespace Blog.Api.Tests.Requests;

public sealed class MethodTests(BlogApi api) : ApiTest(api)
{
    /// <summary>Every path that answers GET with 200 while Bea is there.</summary>
    public static TheoryData<string> Readable =>
        [
            "/",
            "/livez",
            "/readyz",
            "/problems/user_not_found",
            "/openapi/v1.json",
            "/docs",
            "/users/1",
            "/users/1/profile",
        ];

    public static TheoryData<string, string> Allowed =>
        new()
        {
            { "/", "GET, HEAD, OPTIONS" },
            { "/livez", "GET, HEAD, OPTIONS" },
            { "/readyz", "GET, HEAD, OPTIONS" },
            { "/problems/user_not_found", "GET, HEAD, OPTIONS" },
            { "/openapi/v1.json", "GET, HEAD, OPTIONS" },
            { "/docs", "GET, HEAD, OPTIONS" },
            { "/users", "GET, HEAD, POST, OPTIONS" },
            { "/users/1", "DELETE, GET, HEAD, PATCH, PUT, OPTIONS" },
            { "/users/1/profile", "DELETE, GET, HEAD, PUT, OPTIONS" },
            { "/users/no-number", "DELETE, GET, HEAD, PATCH, PUT, OPTIONS" },
        };

    [Theory, MemberData(nameof(Readable))]
    public async Task Answers_HEAD_as_GET_without_the_body_and_keeps_the_connection(string path)
    {
        // The names of the tags are known then.
        await Api.GetAsync("/users/1");
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync($"GET {path} HTTP/1.1\r\nHost: blog\r\n\r\n");
        var get = await connection.ReadAsync();

        await connection.SendAsync(
            $"HEAD {path} HTTP/1.1\r\nHost: blog\r\n\r\nGET /users/1 HTTP/1.1\r\nHost: blog\r\n\r\n"
        );
        var head = await connection.ReadAsync(isHead: true);
        var next = await connection.ReadAsync();

        Assert.Equal((200, 200), (get.Status, head.Status));
        Assert.Equal($"200 {Bea}", next.Outcome);
        AlwaysHeaders.Check(head, $"HEAD {path}");
        Assert.Equal(Stable(get), Stable(head));

        // What differs between any two answers.
        static IEnumerable<string> Stable(Answer answer) =>
            answer
                .Headers.Where(header =>
                    header.Key is not ("Date" or "X-Request-Id" or "Server-Timing" or "Transfer-Encoding")
                )
                .Select(header => $"{header.Key}: {header.Value}")
                .Order(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("/users/9", 404)]
    [InlineData("/users/x", 422)]
    [InlineData("/nowhere", 404)]
    [InlineData("/import/users", 405)]
    public async Task Answers_HEAD_with_the_errors_of_GET(string path, int status)
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);

        await connection.SendAsync(
            $"HEAD {path} HTTP/1.1\r\nHost: blog\r\n\r\nGET /livez HTTP/1.1\r\nHost: blog\r\n\r\n"
        );
        var head = await connection.ReadAsync(isHead: true);
        var next = await connection.ReadAsync();

        Assert.Equal(status, head.Status);
        Assert.Equal("application/problem+json", head["Content-Type"]);
        Assert.Equal("""200 {"status":"alive"}""", next.Outcome);
    }

    [Theory, MemberData(nameof(Allowed))]
    public async Task Answers_OPTIONS_with_the_methods_of_the_path(string path, string allowed)
    {
        var answer = await Api.SendAsync("OPTIONS", path, json: null);

        Assert.Equal("204", answer.Outcome);
        Assert.Equal(allowed, answer["Allow"]);
        Assert.Equal(
            allowed.Contains("PATCH", StringComparison.Ordinal)
                ? "application/merge-patch+json, application/json"
                : null,
            answer["Accept-Patch"]
        );
    }

    [Theory, MemberData(nameof(Allowed))]
    public async Task Answers_405_to_every_other_method(string path, string allowed)
    {
        foreach (
            var method in ((string[])["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"]).Except(
                allowed.Split(", "),
                StringComparer.Ordinal
            )
        )
        {
            var answer = await Api.SendAsync(method, path, method is "GET" or "TRACE" ? null : "{}");

            Assert.Equal(
                $$"""405 {"type":"/problems/method_not_allowed","title":"Method Not Allowed","status":405,"detail":"This path does not answer that method","instance":"{{path}}","code":"method_not_allowed","request_id":"test"}""",
                answer.Outcome
            );
            Assert.Equal(allowed, answer["Allow"]);
        }
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    [InlineData("OPTIONS")]
    public async Task Answers_404_where_no_route_is(string method)
    {
        foreach (
            var path in (string[])["/nowhere", "/users/1/nothing", "/docs/nothing", "/openapi/v2.json", "/problems"]
        )
        {
            var answer = await Api.SendAsync(method, path, method == "POST" ? "{}" : null);

            Assert.Equal(NotFound("route_not_found", "Nothing is at this path", path), answer.Outcome);
        }
    }

    [Theory]
    [InlineData("GET", "/livez/")]
    [InlineData("GET", "/readyz/")]
    [InlineData("GET", "/problems/user_not_found/")]
    [InlineData("GET", "/openapi/v1.json/")]
    [InlineData("GET", "/docs/")]
    [InlineData("GET", "/users/1/")]
    [InlineData("GET", "/users/1/profile/")]
    [InlineData("POST", "/users/")]
    [InlineData("PUT", "/users/2/")]
    [InlineData("PATCH", "/users/2/")]
    [InlineData("PUT", "/users/2/profile/")]
    [InlineData("DELETE", "/users/2/profile/")]
    [InlineData("DELETE", "/users/2/")]
    public async Task Accepts_a_trailing_slash_without_a_redirect(string method, string path)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.profile (user_id, bio) values (2, 'b');
            """
        );

        var answer = await Api.SendAsync(
            method,
            path,
            method is "GET" or "DELETE" ? null : """{"name":"Ann","bio":"b"}"""
        );

        Assert.True(answer.Status is 200 or 201, answer.Outcome);
    }
}
