using Blog.Testing;

namespace Blog.Api.Tests.Access;

/// <summary>A process with tokens: its admin listener, and its log.</summary>
public sealed class SecuredProcessTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task The_admin_listener_takes_the_right_to_see_SQL_and_its_health_takes_none()
    {
        await using var service = await StartAsync();
        string[] paths =
        [
            "/sql",
            "/sql/audit",
            "/sql/users/get_user",
            "/sql/users/get_user/plan",
            "/migrations",
            "/metrics",
        ];

        foreach (var path in paths)
        {
            var nobody = await service.GetAdminAsync(path);
            var admin = await service.GetAdminAsync(path, Bearer("blog:admin blog:read"));
            var operates = await service.GetAdminAsync(path, Bearer("blog:sql"), ("Accept", "*/*"));
            Assert.Equal(
                (path, 401, "application/problem+json", "Bearer realm=\"blog\", scope=\"blog:sql\""),
                (path, nobody.Status, nobody["Content-Type"], nobody["WWW-Authenticate"])
            );
            Assert.Equal(
                (path, 403, "Bearer realm=\"blog\", error=\"insufficient_scope\", scope=\"blog:sql\""),
                (path, admin.Status, admin["WWW-Authenticate"])
            );
            // The database of this test counts no statements: 503 is the answer of the page itself.
            Assert.True(operates.Status is 200 or 503, $"{path}: {operates.Outcome}");
        }

        Assert.Equal(200, (await service.GetAdminAsync("/livez")).Status);
        Assert.Equal(200, (await service.GetAdminAsync("/readyz")).Status);
        Assert.Equal(404, (await service.GetAdminAsync("/users")).Status);
    }

    [Fact]
    public async Task No_token_and_no_secret_is_ever_in_the_log_however_much_is_logged()
    {
        await using var service = await StartAsync(
            ("Logging__LogLevel__Default", "Trace"),
            ("Logging__LogLevel__Microsoft.AspNetCore", "Trace")
        );
        var good = Tokens.Sign(Claims("blog:read"));
        var forged = Tokens.Sign(Claims("blog:read"), secret: new string('x', 40));
        var expired = Tokens.Sign(Tokens.Claims(DateTimeOffset.UtcNow.AddDays(-1), scope: "blog:read"));

        Assert.Equal(200, (await service.GetAsync("/tags", Tokens.Bearer(good))).Status);
        foreach (var token in (string[])[forged, expired, good + "x", "not.a.token-of-anybody"])
            Assert.Equal(401, (await service.GetAsync("/tags", Tokens.Bearer(token))).Status);

        await Eventually.HoldsAsync(
            () => service.Output.Split("Request finished").Length > 5,
            "every request in the log"
        );
        foreach (
            var part in (string[])
                [
                    .. good.Split('.')[1..],
                    .. forged.Split('.')[1..],
                    .. expired.Split('.')[1..],
                    "token-of-anybody",
                    Tokens.Secret,
                ]
        )
            Assert.DoesNotContain(part, service.Output, StringComparison.Ordinal);
    }

    Task<ServiceProcess> StartAsync(params (string, string?)[] settings) =>
        ServiceProcess.StartAsync(
            database.AppConnectionString,
            variables:
            [
                ("Auth__Mode", "jwt"),
                ("Auth__Issuer", Tokens.Issuer),
                ("Auth__Audience", Tokens.Audience),
                ("Auth__Secret", Tokens.Secret),
                .. settings,
            ]
        );

    static (string, string) Bearer(string scope) => Tokens.Bearer(Tokens.Sign(Claims(scope)));

    static System.Text.Json.Nodes.JsonObject Claims(string scope) => Tokens.Claims(DateTimeOffset.UtcNow, scope: scope);
}
