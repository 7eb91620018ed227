using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Api.Access;

/// <summary>Whether a token (RFC 7519) counts here: signature, issuer, audience and times, all of them, and whom it speaks for. Nobody else is asked.</summary>
sealed class TokenCheck
{
    /// <summary>How far the clocks of issuer and service may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    const int MaxLength = 8 * 1024;

    readonly JsonWebTokenHandler handler = new() { MaximumTokenSizeInBytes = MaxLength };
    readonly TokenValidationParameters parameters;
    readonly TimeProvider time;

    public TokenCheck(TokenSettings settings, KeyRing keys, TimeProvider time)
    {
        this.time = time;
        parameters = new()
        {
            ValidIssuer = settings.Issuer,
            ValidAudience = settings.Audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            IssuerSigningKeyResolver = (_, _, name, _) => keys.Current.Named(name),
            AlgorithmValidator = (algorithm, key, _, _) => TokenKeys.SignsBy(key, algorithm),
            LifetimeValidator = (from, until, _, _) => CheckTimes(from, until),
        };
    }

    /// <returns>Who sent it, or what is wrong with it in words of our own.</returns>
    public async Task<(Caller? Caller, string? Fault)> CheckAsync(string token)
    {
        var result = await handler.ValidateTokenAsync(token, parameters);
        return !result.IsValid ? (null, Explain(result.Exception))
            : result.SecurityToken is not JsonWebToken { Subject: { Length: > 0 } subject } read
                ? (null, "The token names no subject")
            // What must be understood and is not (RFC 7515, section 4.1.11).
            : read.TryGetHeaderValue<object>("crit", out _)
                ? (null, "The token asks for extensions that are not known here")
            : (Caller.Signed(read.Issuer, subject, ScopesOf(read)), null);
    }

    /// <summary>Names with a blank between (RFC 8693), or a list; some issuers say scp.</summary>
    static HashSet<string> ScopesOf(JsonWebToken token) =>
        token
            .Claims.Where(claim => claim.Type is "scope" or "scp")
            .SelectMany(claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .ToHashSet(StringComparer.Ordinal);

    bool CheckTimes(DateTime? from, DateTime? until)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return until is null ? throw new SecurityTokenNoExpirationException()
            : now - ClockSkew >= until ? throw new SecurityTokenExpiredException()
            : from - ClockSkew > now ? throw new SecurityTokenNotYetValidException()
            : true;
    }

    /// <summary>The words of the exception may hold parts of the token.</summary>
    static string Explain(Exception failure) =>
        failure switch
        {
            SecurityTokenExpiredException => "The token has expired",
            SecurityTokenNotYetValidException => "The token is not valid yet",
            SecurityTokenNoExpirationException => "The token has no time at which it expires",
            SecurityTokenInvalidIssuerException => "The token is of another issuer",
            SecurityTokenInvalidAudienceException => "The token is for another audience",
            SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
                "The token is not signed by a key that counts here",
            _ => "The token cannot be read",
        };
}
