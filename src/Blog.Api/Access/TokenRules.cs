using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Blog.Api.Access;

/// <summary>When a token (RFC 7519) counts here: signature, issuer, audience and times, all of them, and whom it speaks for. Nobody else is asked.</summary>
sealed class TokenRules(TokenSettings settings, KeyRing keys, TimeProvider time)
    : IConfigureNamedOptions<JwtBearerOptions>
{
    /// <summary>How far the clocks of issuer and service may be apart.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    const int MaxLength = 8 * 1024;

    /// <inheritdoc />
    public void Configure(string? name, JwtBearerOptions options) => Configure(options);

    /// <inheritdoc />
    public void Configure(JwtBearerOptions options)
    {
        // Claims keep the names that the token gives them.
        options.MapInboundClaims = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(
            new JsonWebTokenHandler { MaximumTokenSizeInBytes = MaxLength, MapInboundClaims = false }
        );
        options.TokenValidationParameters = new()
        {
            ValidIssuer = settings.Issuer,
            ValidAudience = settings.Audience,
            IgnoreTrailingSlashWhenValidatingAudience = false,
            IssuerSigningKeyResolver = (_, _, name, _) => keys.Current.Named(name),
            AlgorithmValidator = (algorithm, key, _, _) => TokenKeys.SignsBy(key, algorithm),
            LifetimeValidator = (from, until, _, _) => CheckTimes(from, until),
        };
        options.Events = new() { OnTokenValidated = Recognise };
    }

    /// <summary>What is wrong with a token, in words of our own: those of the exception may hold parts of it.</summary>
    public static string Explain(Exception failure) =>
        failure switch
        {
            UnusableTokenException unusable => unusable.Message,
            SecurityTokenExpiredException => "The token has expired",
            SecurityTokenNotYetValidException => "The token is not valid yet",
            SecurityTokenNoExpirationException => "The token has no time at which it expires",
            SecurityTokenInvalidIssuerException => "The token is of another issuer",
            SecurityTokenInvalidAudienceException => "The token is for another audience",
            SecurityTokenInvalidSignatureException or SecurityTokenInvalidAlgorithmException =>
                "The token is not signed by a key that counts here",
            _ => "The token cannot be read",
        };

    static Task Recognise(TokenValidatedContext context)
    {
        var token = (JsonWebToken)context.SecurityToken;
        if (token.Subject is not { Length: > 0 } subject)
        {
            context.Fail(new UnusableTokenException("The token names no subject"));
        }
        // What must be understood and is not (RFC 7515, section 4.1.11).
        else if (token.TryGetHeaderValue<object>("crit", out _))
        {
            context.Fail(new UnusableTokenException("The token asks for extensions that are not known here"));
        }
        else
        {
            context.HttpContext.Features.Set(Caller.Signed(token.Issuer, subject, ScopesOf(token)));
        }

        return Task.CompletedTask;
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
}

/// <summary>A token that is whole and of the right issuer, and says too little or too much.</summary>
/// <param name="message">One of a few texts.</param>
sealed class UnusableTokenException(string message) : Exception(message);
