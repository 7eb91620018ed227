using Blog.Testing;

namespace Blog.Api.Tests.Access;

/// <summary>The service where callers sign in, and a token for each of them.</summary>
public sealed class SignedInApi(PostgresServer server) : IAsyncLifetime
{
    readonly string folder = Directory.CreateTempSubdirectory("blog-owners-").FullName;
    string connectionOptions = "";
    BlogApi? api;

    public BlogApi Api => api ?? throw new InvalidOperationException("Not started.");

    /// <summary>For one test that breaks or holds its database.</summary>
    public static async Task<SignedInApi> StartAsync(PostgresServer server, string connectionOptions = "")
    {
        var signedIn = new SignedInApi(server) { connectionOptions = connectionOptions };
        await signedIn.InitializeAsync();
        return signedIn;
    }

    /// <summary>The header of a caller who may write what is theirs.</summary>
    public static (string, string) As(string subject) => Bearer(subject, "blog:read blog:write");

    /// <summary>The header of a caller who may write whoever's rows, and is no user.</summary>
    public static (string, string) AsAdministrator() => Bearer("operator", "blog:admin");

    public async ValueTask InitializeAsync()
    {
        var keys = Path.Combine(folder, "keys");
        await File.WriteAllTextAsync(keys, Tokens.Secret, TestContext.Current.CancellationToken);
        api = await BlogApi.StartAsync(
            server,
            connectionOptions,
            ("Auth:Mode", "jwt"),
            ("Auth:Issuer", Tokens.Issuer),
            ("Auth:Audience", Tokens.Audience),
            ("Auth:KeyFile", keys)
        );
    }

    public async ValueTask DisposeAsync()
    {
        if (api is not null)
            await api.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    static (string, string) Bearer(string subject, string scope) =>
        Tokens.Bearer(Tokens.Sign(Tokens.Claims(DateTimeOffset.UtcNow, subject, scope)));
}
