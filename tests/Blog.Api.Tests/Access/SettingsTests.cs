using System.Security.Cryptography;
using Blog.Api.Access;
using Microsoft.Extensions.Configuration;

namespace Blog.Api.Tests.Access;

/// <summary>What the section Auth may say.</summary>
public sealed class SettingsTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("blog-settings-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("Mode=JWT", "Auth__Mode is none or jwt, not \"JWT\".")]
    [InlineData("AllowAnonymous=yes", "Auth__AllowAnonymous is true or false, not \"yes\".")]
    [InlineData(
        "KeyFile=/keys",
        "Auth__KeyFile is set and Auth__Mode is not: nobody would be asked for a token. Set Auth__Mode=jwt, or Auth__Mode=none."
    )]
    [InlineData(
        "Mode=jwt AllowAnonymous=true",
        "Auth__Mode is jwt and Auth__AllowAnonymous is true: only one of the two can be meant. Reads without a token are Auth__AnonymousReads=true."
    )]
    [InlineData(
        "Mode=jwt",
        "Auth__Mode is jwt: Auth__Issuer is missing. It is the claim iss of the tokens, letter by letter."
    )]
    [InlineData(
        "Mode=jwt Issuer=i",
        "Auth__Mode is jwt: Auth__Audience is missing. It is the claim aud of the tokens, letter by letter."
    )]
    [InlineData(
        "Mode=jwt Issuer=i Audience=a",
        "The keys are missing: Auth__KeyFile names a file with a JWKS document or a secret of at least 32 bytes, or Auth__Secret holds the secret."
    )]
    [InlineData(
        "Mode=jwt Issuer=i Audience=a Secret=0123456789012345678901234567890",
        "Auth__Secret: holds a secret of 31 bytes; HS256 needs at least 32."
    )]
    [InlineData(
        "Mode=jwt Issuer=i Audience=a Secret=01234567890123456789012345678901 KeyFile=/keys",
        "Auth__KeyFile and Auth__Secret are both set: only one of the two can be meant."
    )]
    [InlineData(
        "Mode=jwt Issuer=i Audience=a Secret=01234567890123456789012345678901 AnonymousReads=1",
        "Auth__AnonymousReads is true or false, not \"1\"."
    )]
    [InlineData(
        "Mode=jwt Issuer=i Audience=a KeyFile=/nowhere/keys",
        "Auth__KeyFile: /nowhere/keys cannot be read: DirectoryNotFoundException."
    )]
    public void One_that_makes_no_sense_is_named(string settings, string said) =>
        Assert.Equal(said, Assert.Throws<UnusableSettingException>(() => Read(settings)).Message);

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData(" \n", "is empty.")]
    [InlineData("short\n", "holds a secret of 5 bytes; HS256 needs at least 32.")]
    [InlineData("{\"keys\":[}", "is no JWKS document: it is not whole JSON.")]
    [InlineData("{\"keys\":[]}", "is a JWKS document without a key that signs: RSA, or EC with P-256, P-384 or P-521.")]
    [InlineData(
        "{\"keys\":[{\"kty\":\"oct\",\"k\":\"MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE\"}]}",
        "is a JWKS document with a private or secret key in it. Only public keys belong there."
    )]
    [InlineData(
        "{\"keys\":[{\"kty\":\"RSA\",\"n\":\"??\",\"e\":\"AQAB\"}]}",
        "holds an RSA key of less than 2048 bits, or one that cannot be read."
    )]
    public void A_file_without_a_key_is_named(string text, string said) => Assert.Equal(said, WhatIsWrongWith(text));

    [Fact]
    public void A_weak_key_and_a_private_one_are_refused()
    {
        using var weak = RSA.Create(1024);
        using var good = RSA.Create(2048);
        var numbers = good.ExportParameters(includePrivateParameters: true);
        var secret = new
        {
            kty = "RSA",
            n = Convert.ToBase64String(numbers.Modulus!),
            e = "AQAB",
            d = Convert.ToBase64String(numbers.D!),
        };

        Assert.Equal(
            "holds an RSA key of less than 2048 bits, or one that cannot be read.",
            WhatIsWrongWith(Tokens.Document(Tokens.Public(good, "a"), Tokens.Public(weak, "b")))
        );
        Assert.Equal(
            "is a JWKS document with a private or secret key in it. Only public keys belong there.",
            WhatIsWrongWith(Tokens.Document(Tokens.Public(good, "a"), secret))
        );
    }

    [Fact]
    public void A_secret_in_appsettings_or_on_the_command_line_is_refused()
    {
        const string said =
            "Auth__Secret stands where others can read it, in appsettings.json or on the command line. Set it in the environment, or write it to a file and name that: Auth__KeyFile.";
        File.WriteAllText(
            Path.Combine(folder, "appsettings.json"),
            $$$"""{"Auth":{"Mode":"jwt","Issuer":"i","Audience":"a","Secret":"{{{Tokens.Secret}}}"}}"""
        );
        var inFile = new ConfigurationBuilder().SetBasePath(folder).AddJsonFile("appsettings.json").Build();
        var onLine = new ConfigurationBuilder()
            .AddCommandLine([
                "--Auth:Mode=jwt",
                "--Auth:Issuer=i",
                "--Auth:Audience=a",
                $"--Auth:Secret={Tokens.Secret}",
            ])
            .Build();

        Assert.Equal(said, Assert.Throws<UnusableSettingException>(() => AccessSettings.Of(inFile)).Message);
        Assert.Equal(said, Assert.Throws<UnusableSettingException>(() => AccessSettings.Of(onLine)).Message);
        Assert.NotNull(Read($"Mode=jwt Issuer=i Audience=a Secret={new string('x', 32)}").Tokens);
    }

    [Fact]
    public void Without_any_nobody_signs_in()
    {
        Assert.Equal(new AccessSettings(Tokens: null, AllowAnonymous: false), Read(""));
        Assert.Equal(new AccessSettings(Tokens: null, AllowAnonymous: true), Read("AllowAnonymous=true"));
        // What is said aloud counts, whatever else is there.
        Assert.Equal(new AccessSettings(Tokens: null, AllowAnonymous: false), Read("Mode=none KeyFile=/keys"));
    }

    static AccessSettings Read(string settings) =>
        AccessSettings.Of(
            new ConfigurationBuilder()
                .AddInMemoryCollection(
                    settings
                        .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                        .Select(setting => setting.Split('=', 2))
                        .Select(pair => KeyValuePair.Create($"Auth:{pair[0]}", (string?)pair[1]))
                )
                .Build()
        );

    static string WhatIsWrongWith(string text) =>
        Assert.Throws<UnusableKeysException>(() => TokenKeys.Of(text)).Message;
}
