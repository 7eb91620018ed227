using Blog.LocalPostgres;

namespace Blog.Testing;

/// <summary>The server of a test run from <see cref="LocalServer"/>: what <c>-p:TestDatabase=Testcontainers</c> replaces.</summary>
sealed class TestServer : IAsyncDisposable
{
    readonly LocalServer server;

    TestServer(LocalServer server) => this.server = server;

    internal static async Task<TestServer> StartAsync(CancellationToken cancellationToken) =>
        new(await LocalServer.StartTemporaryAsync(Console.Error.WriteLine, cancellationToken));

    internal string ConnectionString(string role, string database) => server.ConnectionString(role, database);

    public ValueTask DisposeAsync() => server.DisposeAsync();
}
