using Npgsql;
using Testcontainers.PostgreSql;

namespace Blog.Testing;

/// <summary>The server of a test run from a container: compiled with <c>-p:TestDatabase=Testcontainers</c> only.</summary>
sealed class TestServer : IAsyncDisposable
{
    readonly PostgreSqlContainer container;

    TestServer(PostgreSqlContainer container) => this.container = container;

    internal static async Task<TestServer> StartAsync(CancellationToken cancellationToken)
    {
        var postgres = new PostgreSqlBuilder("postgres:18")
            .WithUsername("postgres")
            .WithCommand("-c", "shared_preload_libraries=pg_stat_statements", "-c", "max_connections=200")
            .Build();
        var server = new TestServer(postgres);
        await server.container.StartAsync(cancellationToken);
        // The first migration makes the login roles without passwords; here they get the one of the superuser.
        await server.CreateRolesAsync(cancellationToken);
        return server;
    }

    internal string ConnectionString(string role, string database) =>
        new NpgsqlConnectionStringBuilder(container.GetConnectionString())
        {
            Username = role,
            Database = database,
            IncludeErrorDetail = true,
        }.ConnectionString;

    public ValueTask DisposeAsync() => container.DisposeAsync();

    async Task CreateRolesAsync(CancellationToken cancellationToken)
    {
        var superuser = new NpgsqlConnectionStringBuilder(container.GetConnectionString());
        await using var connection = new NpgsqlConnection(superuser.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var role in (string[])["blog_migrator", "blog_app", "blog_readonly"])
            batch.BatchCommands.Add(new($"create role {role} login password '{superuser.Password}'"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
