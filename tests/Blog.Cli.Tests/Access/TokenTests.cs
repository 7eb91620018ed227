using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Blog.Cli.Tests.Access;

/// <summary><c>blog token</c>.</summary>
public sealed class TokenTests
{
    const string Secret = "a secret of the tests, and of nothing else";

    [Fact]
    public async Task Makes_a_token_that_the_secret_has_signed()
    {
        using var blog = new BlogProcess();
        blog.Environment["Auth__KeyFile"] = await blog.WriteAsync("key", Secret + "\n");
        blog.Environment["Auth__Issuer"] = "me";
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        var ended = await blog.RunAsync(
            "token",
            "--sub",
            "7",
            "--scope",
            "blog:read blog:sql",
            "--audience",
            "you",
            "--minutes",
            "5"
        );

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var parts = ended.Output.TrimEnd('\n').Split('.');
        Assert.Equal(3, parts.Length);
        Assert.Equal(
            Base64Url.EncodeToString(
                HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"))
            ),
            parts[2]
        );
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Decode(parts[0]));
        using var claims = JsonDocument.Parse(Decode(parts[1]));
        var made = claims.RootElement.GetProperty("iat").GetInt64();
        Assert.InRange(made, before, before + 60);
        Assert.Equal(
            $$"""{"iss":"me","aud":"you","sub":"7","scope":"blog:read blog:sql","iat":{{made}},"exp":{{made + 300}}}""",
            Decode(parts[1])
        );
    }

    [Fact]
    public async Task Says_as_JSON_whose_it_is_and_until_when()
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync("key", Secret);

        var ended = await blog.RunAsync("token", "--key-file", "key", "--issuer", "me", "--audience", "you", "--json");

        Assert.Equal(0, ended.ExitCode);
        Assert.Equal("1", ended.Json.GetProperty("subject").GetString());
        Assert.Equal("blog:read blog:write", ended.Json.GetProperty("scope").GetString());
        Assert.Matches("^[0-9-]{10}T[0-9:]{8}Z$", ended.Json.GetProperty("expires_at").GetString());
        Assert.Equal(3, ended.Json.GetProperty("token").GetString()!.Split('.').Length);
    }

    [Theory]
    [InlineData(2, "--key-file is missing, and Auth__KeyFile is not set.", "--issuer", "me", "--audience", "you")]
    [InlineData(2, "blog:reed is no scope of the service. Did you mean blog:read?", "--scope", "blog:reed")]
    [InlineData(2, "--minutes is a number from 1 to 1440.", "--minutes", "1441")]
    [InlineData(
        1,
        "short holds 5 bytes; a secret has at least 32: openssl rand -hex 32 > short",
        "--issuer",
        "me",
        "--audience",
        "you",
        "--key-file",
        "short"
    )]
    [InlineData(
        1,
        "jwks holds public keys: tokens for them are made by whoever has the private ones.",
        "--issuer",
        "me",
        "--audience",
        "you",
        "--key-file",
        "jwks"
    )]
    public async Task Says_what_is_missing(int exitCode, string said, params string[] arguments)
    {
        using var blog = new BlogProcess();
        await blog.WriteAsync("short", "short");
        await blog.WriteAsync("jwks", "{\"keys\":[]}");

        var ended = await blog.RunAsync(["token", .. arguments]);

        Assert.Equal((exitCode, "", said + "\n"), (ended.ExitCode, ended.Output, ended.Error));
    }

    static string Decode(string part) => Encoding.UTF8.GetString(Base64Url.DecodeFromChars(part));
}
