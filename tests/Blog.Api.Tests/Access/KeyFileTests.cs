using System.Security.Cryptography;
using Blog.Api.Access;
using Blog.Testing;

namespace Blog.Api.Tests.Access;

/// <summary>A key file that is changed while the service runs.</summary>
public sealed class KeyFileTests(PostgresServer server)
{
    const string Next = "the next secret of the tests, as long as it must be";

    [Fact]
    public async Task A_new_secret_counts_and_the_old_one_ceases_to_within_five_seconds()
    {
        await using var secured = await SecuredApi.StartAsync(server);
        var (old, young) = (Tokens.Sign(secured.Claims()), Tokens.Sign(secured.Claims(), Next));

        await secured.WriteKeysAsync(Next + "\n");
        secured.Clock.Turn(KeyRing.Freshness - TimeSpan.FromMilliseconds(1));
        Assert.Equal((200, 401), (await StatusAsync(secured, old), await StatusAsync(secured, young)));
        secured.Clock.Turn(TimeSpan.FromMilliseconds(1));
        Assert.Equal((401, 200), (await StatusAsync(secured, old), await StatusAsync(secured, young)));

        Assert.Equal(TimeSpan.FromSeconds(5), KeyRing.Freshness);
    }

    [Fact]
    public async Task Two_keys_of_a_document_count_beside_each_other_until_one_is_taken_away()
    {
        using var old = RSA.Create(2048);
        using var young = RSA.Create(2048);
        await using var secured = await SecuredApi.StartAsync(server, Tokens.Document(Tokens.Public(old, "1")));
        var (first, second) = (Tokens.Sign(secured.Claims(), old, "1"), Tokens.Sign(secured.Claims(), young, "2"));
        Assert.Equal((200, 401), await BothAsync());

        await secured.WriteKeysAsync(Tokens.Document(Tokens.Public(old, "1"), Tokens.Public(young, "2")));
        secured.Clock.Turn(KeyRing.Freshness);
        Assert.Equal((200, 200), await BothAsync());

        await secured.WriteKeysAsync(Tokens.Document(Tokens.Public(young, "2")));
        secured.Clock.Turn(KeyRing.Freshness);
        Assert.Equal((401, 200), await BothAsync());

        async Task<(int, int)> BothAsync() => (await StatusAsync(secured, first), await StatusAsync(secured, second));
    }

    [Theory]
    [InlineData("", "is empty.")]
    [InlineData("{\"keys\":[", "is no JWKS document: it is not whole JSON.")]
    [InlineData("short", "holds a secret of 5 bytes; HS256 needs at least 32.")]
    [InlineData(null, "cannot be read: FileNotFoundException.")]
    public async Task A_broken_file_leaves_the_keys_before_it_and_is_logged_once(string? text, string reason)
    {
        await using var secured = await SecuredApi.StartAsync(server);
        var token = Tokens.Sign(secured.Claims());

        if (text is null)
            File.Delete(secured.KeyFile);
        else
            await secured.WriteKeysAsync(text);
        for (var look = 0; look < 3; look++)
        {
            secured.Clock.Turn(KeyRing.Freshness);
            Assert.Equal(200, await StatusAsync(secured, token));
        }

        Assert.Equal(
            [$"Error: The keys before go on counting: {secured.KeyFile} {reason} "],
            secured.Api.Log.Where(line => line.Contains("The keys", StringComparison.Ordinal))
        );
        await secured.WriteKeysAsync(Next);
        secured.Clock.Turn(KeyRing.Freshness);
        Assert.Equal(401, await StatusAsync(secured, token));
        Assert.Contains($"Information: The keys of {secured.KeyFile} count from now on ", secured.Api.Log);
    }

    static async Task<int> StatusAsync(SecuredApi secured, string token) => (await secured.ReadAsync(token)).Status;
}
