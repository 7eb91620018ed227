using System.Text.Json.Nodes;
using Blog.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Blog.Api.Tests.Access;

/// <summary>The service with tokens, a key file of its own and a clock that can be turned.</summary>
sealed class SecuredApi : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("blog-access-").FullName;

    SecuredApi() { }

    public BlogApi Api { get; private set; } = null!;

    public TurnableClock Clock { get; } = new();

    /// <summary>Where the service reads its keys.</summary>
    public string KeyFile => Path.Combine(folder, "keys");

    public static async Task<SecuredApi> StartAsync(
        PostgresServer server,
        string keys = Tokens.Secret,
        params (string Key, string Value)[] settings
    )
    {
        var secured = new SecuredApi();
        await secured.WriteKeysAsync(keys);
        secured.Api = await BlogApi.StartAsync(
            server,
            services => services.AddSingleton<TimeProvider>(secured.Clock),
            [
                ("Auth:Mode", "jwt"),
                ("Auth:Issuer", Tokens.Issuer),
                ("Auth:Audience", Tokens.Audience),
                ("Auth:KeyFile", secured.KeyFile),
                .. settings,
            ]
        );
        return secured;
    }

    public Task WriteKeysAsync(string text) =>
        File.WriteAllTextAsync(KeyFile, text, TestContext.Current.CancellationToken);

    public JsonObject Claims(
        string subject = "7",
        string? scope = "blog:read",
        params (string Name, JsonNode? Value)[] changes
    ) => Tokens.Claims(Clock.GetUtcNow(), subject, scope, changes);

    /// <summary>A token that counts.</summary>
    public (string, string) Bearer(string subject = "7", string? scope = "blog:read") =>
        Tokens.Bearer(Tokens.Sign(Claims(subject, scope)));

    /// <summary>Status and WWW-Authenticate of a read with this token.</summary>
    public async Task<(int Status, string? Challenge)> ReadAsync(string token)
    {
        var answer = await Api.GetAsync("/tags", Tokens.Bearer(token));
        return (answer.Status, answer["WWW-Authenticate"]);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
