using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace Blog.Api.Access;

/// <summary>Whose tokens count; configuration section <c>Auth</c>.</summary>
/// <param name="Issuer">The claim iss, letter by letter.</param>
/// <param name="Audience">What the claim aud is or holds, letter by letter.</param>
/// <param name="KeyFile">Where the keys stand; null where there is a secret from the environment.</param>
/// <param name="Keys">The keys as they were found at the start.</param>
/// <param name="AnonymousReads">Whether reads need no token.</param>
sealed record TokenSettings(string Issuer, string Audience, string? KeyFile, TokenKeys Keys, bool AnonymousReads);

/// <summary>Who may do what; configuration section <c>Auth</c>.</summary>
/// <param name="Tokens">Null where nobody signs in.</param>
/// <param name="AllowAnonymous">Whether nobody has to sign in although others than this machine reach the service.</param>
sealed record AccessSettings(TokenSettings? Tokens, bool AllowAnonymous)
{
    const string Mode = "Auth:Mode";
    const string Issuer = "Auth:Issuer";
    const string Audience = "Auth:Audience";
    const string KeyFile = "Auth:KeyFile";
    const string Secret = "Auth:Secret";
    const string NoKeys =
        "The keys are missing: Auth__KeyFile names a file with a JWKS document or a secret of at least 32 bytes, or Auth__Secret holds the secret.";

    static readonly string[] settingsOfTokens = [Issuer, Audience, KeyFile, Secret, "Auth:AnonymousReads"];

    /// <summary>Nobody signs in, as without any configuration.</summary>
    public static AccessSettings Open { get; } = new(Tokens: null, AllowAnonymous: false);

    /// <exception cref="UnusableSettingException">A setting is missing, or makes no sense.</exception>
    public static AccessSettings Of(IConfiguration configuration)
    {
        var allowAnonymous = IsTrue(configuration, "Auth:AllowAnonymous");
        return configuration[Mode] switch
        {
            "jwt" when allowAnonymous => throw new UnusableSettingException(
                "Auth__Mode is jwt and Auth__AllowAnonymous is true: only one of the two can be meant. Reads without a token are Auth__AnonymousReads=true."
            ),
            "jwt" => new(TokensOf(configuration), AllowAnonymous: false),
            "none" => new(Tokens: null, allowAnonymous),
            null or "" => Array.Find(settingsOfTokens, setting => configuration[setting] is { Length: > 0 })
                is { } forgotten
                ? throw new UnusableSettingException(
                    $"{NameOf(forgotten)} is set and Auth__Mode is not: nobody would be asked for a token. Set Auth__Mode=jwt, or Auth__Mode=none."
                )
                : new(Tokens: null, allowAnonymous),
            var other => throw new UnusableSettingException($"Auth__Mode is none or jwt, not \"{other}\"."),
        };
    }

    static TokenSettings TokensOf(IConfiguration configuration)
    {
        var keyFile = configuration[KeyFile] is { Length: > 0 } file ? Path.GetFullPath(file) : null;
        return new(
            Needed(configuration, Issuer, "the claim iss of the tokens"),
            Needed(configuration, Audience, "the claim aud of the tokens"),
            keyFile,
            KeysOf(keyFile, SecretOf(configuration)),
            IsTrue(configuration, "Auth:AnonymousReads")
        );
    }

    static TokenKeys KeysOf(string? keyFile, string? secret)
    {
        try
        {
            return (keyFile, secret) switch
            {
                ({ } file, null) => TokenKeys.ReadFile(file),
                (null, { } text) => TokenKeys.OfSecret(text),
                (null, null) => throw new UnusableSettingException(NoKeys),
                _ => throw new UnusableSettingException(
                    "Auth__KeyFile and Auth__Secret are both set: only one of the two can be meant."
                ),
            };
        }
        catch (UnusableKeysException unusable)
        {
            throw new UnusableSettingException(
                keyFile is null ? $"Auth__Secret: {unusable.Message}" : $"Auth__KeyFile: {keyFile} {unusable.Message}"
            );
        }
    }

    /// <summary>What is in appsettings.json is in the repository, and what is on the command line is in the list of processes.</summary>
    static string? SecretOf(IConfiguration configuration)
    {
        if (configuration[Secret] is not { Length: > 0 } secret)
        {
            return null;
        }

        var isShown = (configuration as IConfigurationRoot)?.Providers.Any(provider =>
            provider.TryGet(Secret, out var shown)
            && shown is { Length: > 0 }
            && provider
                is CommandLineConfigurationProvider
                    or JsonConfigurationProvider { Source.Path: "appsettings.json" }
        );
        return isShown is true
            ? throw new UnusableSettingException(
                "Auth__Secret stands where others can read it, in appsettings.json or on the command line. Set it in the environment, or write it to a file and name that: Auth__KeyFile."
            )
            : secret;
    }

    static string Needed(IConfiguration configuration, string setting, string meaning) =>
        configuration[setting] is { Length: > 0 } value
            ? value
            : throw new UnusableSettingException(
                $"Auth__Mode is jwt: {NameOf(setting)} is missing. It is {meaning}, letter by letter."
            );

    static bool IsTrue(IConfiguration configuration, string setting) =>
        configuration[setting] switch
        {
            "true" => true,
            null or "" or "false" => false,
            var other => throw new UnusableSettingException($"{NameOf(setting)} is true or false, not \"{other}\"."),
        };

    /// <summary>As it is written in the environment.</summary>
    static string NameOf(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);
}
