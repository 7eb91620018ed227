using System.Globalization;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Api.Access;

/// <summary>There is no key that tokens could be held against.</summary>
/// <param name="message">Goes on after the name of the file or the setting; never with anything of the keys.</param>
sealed class UnusableKeysException(string message) : Exception(message);

/// <summary>What tokens are held against: one secret (HS256), or the public keys of a JWKS document (RFC 7517).</summary>
sealed class TokenKeys
{
    const int LeastBytesOfSecret = 32;
    const int LeastBitsOfRsa = 2048;

    readonly IReadOnlyList<SecurityKey> keys;

    TokenKeys(IReadOnlyList<SecurityKey> keys) => this.keys = keys;

    /// <exception cref="UnusableKeysException">It cannot be read, or holds nothing that is of use.</exception>
    public static TokenKeys ReadFile(string path) => Of(ReadText(path));

    /// <summary>Of the text of a file: a JWKS document begins with a brace, anything else is a secret.</summary>
    /// <exception cref="UnusableKeysException">There is nothing that is of use.</exception>
    public static TokenKeys Of(string text) =>
        text.AsSpan().TrimStart().StartsWith('{') ? OfDocument(text) : OfSecret(text.TrimEnd());

    /// <summary>Of a secret as it stands.</summary>
    /// <exception cref="UnusableKeysException">It is too short.</exception>
    public static TokenKeys OfSecret(string secret)
    {
        var bytes = Encoding.UTF8.GetBytes(secret);
        return bytes.Length switch
        {
            0 => throw new UnusableKeysException("is empty."),
            < LeastBytesOfSecret => throw new UnusableKeysException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"holds a secret of {bytes.Length} bytes; HS256 needs at least {LeastBytesOfSecret}."
                )
            ),
            _ => new([new SymmetricSecurityKey(bytes)]),
        };
    }

    /// <exception cref="UnusableKeysException">It cannot be read.</exception>
    public static string ReadText(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new UnusableKeysException($"cannot be read: {failure.GetType().Name}.");
        }
    }

    /// <summary>The keys that may have signed a token: those of its name, and those without one; all where it names none.</summary>
    /// <param name="name">The parameter kid of the token; null or empty where it has none.</param>
    public IEnumerable<SecurityKey> Named(string? name) =>
        keys.Where(key => string.IsNullOrEmpty(name) || string.IsNullOrEmpty(key.KeyId) || key.KeyId == name);

    /// <summary>Whether a key signs in this way. A public key is never taken for a secret, nor a secret for a key of another kind.</summary>
    public static bool SignsBy(SecurityKey key, string algorithm) =>
        key switch
        {
            SymmetricSecurityKey => algorithm == SecurityAlgorithms.HmacSha256,
            JsonWebKey { Alg: { Length: > 0 } only } web => algorithm == only
                && AlgorithmsOf(web).Contains(algorithm, StringComparer.Ordinal),
            JsonWebKey web => AlgorithmsOf(web).Contains(algorithm, StringComparer.Ordinal),
            _ => false,
        };

    static TokenKeys OfDocument(string text)
    {
        List<JsonWebKey> known;
        try
        {
            known = [.. new JsonWebKeySet(text).Keys];
        }
        catch (Exception failure) when (failure is ArgumentException or System.Text.Json.JsonException)
        {
            throw new UnusableKeysException("is no JWKS document: it is not whole JSON.");
        }

        var signing = known
            .Where(key => key is { Use: null or "" or JsonWebKeyUseNames.Sig } && AlgorithmsOf(key).Count > 0)
            .ToList();
        return known.Exists(key => key.D is { Length: > 0 } || key.K is { Length: > 0 })
                ? throw new UnusableKeysException(
                    "is a JWKS document with a private or secret key in it. Only public keys belong there."
                )
            : signing.Count == 0
                ? throw new UnusableKeysException(
                    "is a JWKS document without a key that signs: RSA, or EC with P-256, P-384 or P-521."
                )
            : signing.Exists(IsWeak)
                ? throw new UnusableKeysException(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"holds an RSA key of less than {LeastBitsOfRsa} bits, or one that cannot be read."
                    )
                )
            : new(signing);
    }

    static bool IsWeak(JsonWebKey key)
    {
        try
        {
            return key.Kty == JsonWebAlgorithmsKeyTypes.RSA && key.KeySize < LeastBitsOfRsa;
        }
        catch (FormatException)
        {
            return true;
        }
    }

    static IReadOnlyList<string> AlgorithmsOf(JsonWebKey key) =>
        (key.Kty, key.Crv) switch
        {
            (JsonWebAlgorithmsKeyTypes.RSA, _) => ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
            (JsonWebAlgorithmsKeyTypes.EllipticCurve, JsonWebKeyECTypes.P256) => ["ES256"],
            (JsonWebAlgorithmsKeyTypes.EllipticCurve, JsonWebKeyECTypes.P384) => ["ES384"],
            (JsonWebAlgorithmsKeyTypes.EllipticCurve, JsonWebKeyECTypes.P521) => ["ES512"],
            _ => [],
        };
}
