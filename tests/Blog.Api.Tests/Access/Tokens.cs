using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Blog.Api.Tests.Access;

/// <summary>Makes tokens by hand (RFC 7515): whole ones, and every kind of broken one.</summary>
static class Tokens
{
    public const string Issuer = "https://issuer.example";
    public const string Audience = "blog";
    public const string Secret = "a secret of the tests, and of nothing else";

    /// <summary>What a good token says; each change sets a claim, null takes it away.</summary>
    public static JsonObject Claims(
        DateTimeOffset now,
        string subject = "7",
        string? scope = "blog:read",
        params (string Name, JsonNode? Value)[] changes
    )
    {
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = subject,
            ["scope"] = scope,
            ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
        };
        foreach (var (name, value) in changes)
            claims[name] = value;
        foreach (var name in claims.Where(claim => claim.Value is null).Select(claim => claim.Key).ToArray())
            claims.Remove(name);
        return claims;
    }

    /// <summary>With a secret.</summary>
    public static string Sign(
        JsonObject claims,
        string secret = Secret,
        string header = """{"alg":"HS256","typ":"JWT"}"""
    ) => Sign(claims, header, text => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), text));

    /// <summary>With a private key.</summary>
    public static string Sign(JsonObject claims, RSA key, string? name) =>
        Sign(
            claims,
            HeaderOf("RS256", name),
            text => key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        );

    /// <inheritdoc cref="Sign(JsonObject, RSA, string?)" />
    public static string Sign(JsonObject claims, ECDsa key, string? name) =>
        Sign(claims, HeaderOf("ES256", name), text => key.SignData(text, HashAlgorithmName.SHA256));

    public static string Sign(JsonObject claims, string header, Func<byte[], byte[]> sign)
    {
        var text = $"{Encode(header)}.{Encode(claims.ToJsonString())}";
        return $"{text}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>A JWKS document of public keys.</summary>
    public static string Document(params object[] keys) => JsonSerializer.Serialize(new { keys });

    public static object Public(RSA key, string? name, string? use = "sig", string? algorithm = null)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "RSA",
            kid = name,
            use,
            alg = algorithm,
            n = Base64Url.EncodeToString(numbers.Modulus),
            e = Base64Url.EncodeToString(numbers.Exponent),
        };
    }

    public static object Public(ECDsa key, string? name)
    {
        var numbers = key.ExportParameters(includePrivateParameters: false);
        return new
        {
            kty = "EC",
            kid = name,
            crv = "P-256",
            x = Base64Url.EncodeToString(numbers.Q.X),
            y = Base64Url.EncodeToString(numbers.Q.Y),
        };
    }

    /// <summary>The header of a request.</summary>
    public static (string, string) Bearer(string token) => ("Authorization", $"Bearer {token}");

    static string HeaderOf(string algorithm, string? name) =>
        JsonSerializer.Serialize(
            new
            {
                alg = algorithm,
                typ = "at+jwt",
                kid = name,
            }
        );

    static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
