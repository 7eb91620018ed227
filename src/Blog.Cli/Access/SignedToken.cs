using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Blog.Cli.Shell;

namespace Blog.Cli.Access;

/// <summary>What a token says (RFC 7519).</summary>
/// <param name="Iss">Who makes it.</param>
/// <param name="Aud">For whom.</param>
/// <param name="Sub">Whom it speaks for.</param>
/// <param name="Scope">Its rights, with a blank between.</param>
/// <param name="Iat">When it was made, in seconds since 1970.</param>
/// <param name="Exp">Until when it counts.</param>
sealed record TokenClaims(string Iss, string Aud, string Sub, string Scope, long Iat, long Exp);

/// <summary>A token signed with a secret (RFC 7515, HS256).</summary>
static class SignedToken
{
    const int LeastBytesOfSecret = 32;
    const string Header = """{"alg":"HS256","typ":"JWT"}""";

    public static string Of(TokenClaims claims, byte[] secret)
    {
        var text =
            $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header))}.{Base64Url.EncodeToString(CliJson.WriteUtf8(claims))}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(text)))}";
    }

    /// <summary>The bytes that the service takes for the secret of a file: its text, without the white space at its end.</summary>
    /// <exception cref="CommandFailedException">It cannot be read, or is no secret.</exception>
    public static byte[] ReadSecret(string path)
    {
        string text;
        try
        {
            text = File.ReadAllText(path).TrimEnd();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.Failed, $"{path} cannot be read: {failure.Message}", failure);
        }

        if (text.TrimStart().StartsWith('{'))
        {
            throw new CommandFailedException(
                ExitCode.Failed,
                $"{path} holds public keys: tokens for them are made by whoever has the private ones."
            );
        }

        var secret = Encoding.UTF8.GetBytes(text);
        return secret.Length >= LeastBytesOfSecret
            ? secret
            : throw new CommandFailedException(
                ExitCode.Failed,
                $"{path} holds {secret.Length} bytes; a secret has at least {LeastBytesOfSecret}: openssl rand -hex 32 > {path}"
            );
    }
}
