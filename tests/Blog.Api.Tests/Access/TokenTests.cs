using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Blog.Testing;

namespace Blog.Api.Tests.Access;

/// <summary>Which tokens count, and what is said of those that do not.</summary>
public sealed class TokenTests(PostgresServer server)
{
    const string NotSigned = "The token is not signed by a key that counts here";

    [Fact]
    public async Task A_token_that_does_not_count_is_told_why_in_words_of_the_service()
    {
        await using var secured = await SecuredApi.StartAsync(server);
        var now = secured.Clock.GetUtcNow().ToUnixTimeSeconds();
        var good = Tokens.Sign(secured.Claims());
        var parts = good.Split('.');

        await SaysAsync("The token has expired", Token(("exp", now - 30)));
        await SaysAsync("The token is not valid yet", Token(("nbf", now + 31)));
        await SaysAsync("The token has no time at which it expires", Token(("exp", null)));
        await SaysAsync("The token is of another issuer", Token(("iss", Tokens.Issuer + "/")));
        await SaysAsync("The token is of another issuer", Token(("iss", null)));
        await SaysAsync("The token is for another audience", Token(("aud", Tokens.Audience + "/")));
        await SaysAsync("The token is for another audience", Token(("aud", null)));
        await SaysAsync("The token names no subject", Token(("sub", null)));
        await SaysAsync("The token names no subject", Token(("sub", "")));
        await SaysAsync(
            "The token asks for extensions that are not known here",
            Tokens.Sign(secured.Claims(), header: """{"alg":"HS256","crit":["x"],"x":1}""")
        );
        await SaysAsync(NotSigned, Tokens.Sign(secured.Claims(), secret: Tokens.Secret + "x"));
        await SaysAsync(NotSigned, Tokens.Sign(secured.Claims(), """{"alg":"none"}""", _ => []));
        await SaysAsync(
            NotSigned,
            Tokens.Sign(
                secured.Claims(),
                """{"alg":"HS512"}""",
                text => HMACSHA512.HashData(System.Text.Encoding.UTF8.GetBytes(Tokens.Secret), text)
            )
        );
        await SaysAsync(NotSigned, $"{parts[0]}.{Tokens.Sign(secured.Claims("8")).Split('.')[1]}.{parts[2]}");
        foreach (
            var odd in (string[])
                ["x", "a.b.c", "..", $"{parts[0]}.{parts[1]}", $"{good}.x.y", good + "x", new string('a', 9000), "%00"]
        )
        {
            var (status, challenge) = await secured.ReadAsync(odd);
            Assert.True(status == 401, $"{odd}: {status}");
            Assert.Contains("error=\"invalid_token\"", challenge, StringComparison.Ordinal);
        }

        foreach (var odd in (JsonNode[])[1e300, -1, "soon", new JsonArray(), long.MaxValue])
        {
            var (status, _) = await secured.ReadAsync(Tokens.Sign(secured.Claims("7", null, ("exp", odd.DeepClone()))));
            Assert.True(status is 401 or 403, $"exp {odd}: {status}");
        }

        Assert.Equal(200, (await secured.ReadAsync(good)).Status);
        Assert.DoesNotContain(secured.Api.Log, line => line.StartsWith("Error", StringComparison.Ordinal));

        string Token(params (string, JsonNode?)[] changes) => Tokens.Sign(secured.Claims("7", "blog:read", changes));

        async Task SaysAsync(string fault, string token)
        {
            var answer = await secured.Api.GetAsync("/tags", Tokens.Bearer(token));
            Assert.Equal(
                (
                    $$"""401 {"type":"/problems/unauthenticated","title":"Unauthorized","status":401,"detail":"{{fault}}","instance":"/tags","code":"unauthenticated","request_id":"test"}""",
                    $"Bearer realm=\"blog\", error=\"invalid_token\", error_description=\"{fault}\""
                ),
                (answer.Outcome, answer["WWW-Authenticate"])
            );
        }
    }

    [Fact]
    public async Task Counts_until_its_end_and_half_a_minute_more()
    {
        await using var secured = await SecuredApi.StartAsync(server);
        var now = secured.Clock.GetUtcNow().ToUnixTimeSeconds();
        var token = Tokens.Sign(secured.Claims("7", "blog:read", ("nbf", now + 60), ("exp", now + 120)));

        var statuses = new List<int>();
        foreach (var seconds in (int[])[29, 1, 119, 1])
        {
            secured.Clock.Turn(TimeSpan.FromSeconds(seconds));
            statuses.Add((await secured.ReadAsync(token)).Status);
        }

        Assert.Equal([401, 200, 200, 401], statuses);
    }

    [Fact]
    public async Task The_keys_of_a_document_count_each_in_its_own_way_only()
    {
        using var rsa = RSA.Create(2048);
        using var other = RSA.Create(2048);
        using var forEncryption = RSA.Create(2048);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var secured = await SecuredApi.StartAsync(
            server,
            Tokens.Document(
                Tokens.Public(rsa, "a"),
                Tokens.Public(curve, "b"),
                Tokens.Public(other, "c", algorithm: "PS256"),
                Tokens.Public(forEncryption, "d", use: "enc"),
                new
                {
                    kty = "OKP",
                    crv = "Ed25519",
                    kid = "e",
                    x = "AA",
                }
            )
        );
        var claims = secured.Claims();

        Assert.Equal(200, await ReadAsync(Tokens.Sign(claims, rsa, "a")));
        Assert.Equal(200, await ReadAsync(Tokens.Sign(claims, rsa, name: null)));
        Assert.Equal(200, await ReadAsync(Tokens.Sign(claims, curve, "b")));
        // By the name of another key, or of none.
        Assert.Equal(401, await ReadAsync(Tokens.Sign(claims, rsa, "b")));
        Assert.Equal(401, await ReadAsync(Tokens.Sign(claims, rsa, "z")));
        // The document says which algorithm, and for what.
        Assert.Equal(401, await ReadAsync(Tokens.Sign(claims, other, "c")));
        Assert.Equal(401, await ReadAsync(Tokens.Sign(claims, forEncryption, "d")));
        // The public key as a secret, in every way in which one writes it down.
        foreach (
            var secret in (string[])
                [
                    rsa.ExportSubjectPublicKeyInfoPem(),
                    rsa.ExportRSAPublicKeyPem(),
                    Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo()),
                    await File.ReadAllTextAsync(secured.KeyFile, TestContext.Current.CancellationToken),
                ]
        )
        {
            Assert.Equal(401, await ReadAsync(Tokens.Sign(claims, secret, """{"alg":"HS256","kid":"a"}""")));
            Assert.Equal(401, await ReadAsync(Tokens.Sign(claims, secret)));
        }

        // A key that the token brings along.
        var brought = System.Text.Json.JsonSerializer.Serialize(
            new { alg = "RS256", jwk = Tokens.Public(forEncryption, name: null) }
        );
        Assert.Equal(
            401,
            await ReadAsync(
                Tokens.Sign(
                    claims,
                    brought,
                    text => forEncryption.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
                )
            )
        );

        async Task<int> ReadAsync(string token) => (await secured.ReadAsync(token)).Status;
    }

    [Fact]
    public async Task Scopes_may_be_a_list_and_may_be_called_scp()
    {
        await using var secured = await SecuredApi.StartAsync(server);

        Assert.Equal(200, await ReadAsync(("scope", new JsonArray("x", "blog:read"))));
        Assert.Equal(200, await ReadAsync(("scp", new JsonArray("x", "blog:read"))));
        Assert.Equal(200, await ReadAsync(("scp", "x blog:read")));
        Assert.Equal(403, await ReadAsync(("roles", "blog:read")));

        async Task<int> ReadAsync((string, JsonNode?) claim) =>
            (await secured.ReadAsync(Tokens.Sign(secured.Claims("7", null, claim)))).Status;
    }
}
