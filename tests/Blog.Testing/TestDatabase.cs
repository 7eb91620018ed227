using Npgsql;
using Xunit;

namespace Blog.Testing;

/// <summary>
/// A migrated database of its own for one test class (<c>IClassFixture&lt;TestDatabase&gt;</c>), dropped after its last test.
/// </summary>
public sealed class TestDatabase(PostgresServer server) : IAsyncLifetime
{
    readonly bool migrated = true;

    TestDatabase(PostgresServer server, bool migrated)
        : this(server) => this.migrated = migrated;

    public string Name { get; private set; } = "";

    /// <summary>As the service connects: reads and writes rows, nothing else.</summary>
    public string AppConnectionString => ConnectionString("blog_app");

    /// <summary>As an analyst connects: reads only.</summary>
    public string ReadOnlyConnectionString => ConnectionString("blog_readonly");

    /// <summary>As the migrations connect: a member of blog_owner, which owns every table.</summary>
    public string OwnerConnectionString => ConnectionString("blog_migrator");

    /// <summary>The superuser, for what no role of the blog may do.</summary>
    public string SuperuserConnectionString => ConnectionString("postgres");

    public string ConnectionString(string role) => server.ConnectionString(role, Name);

    /// <summary>A database without any migration, for one test: <c>await using</c> drops it.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(PostgresServer server)
    {
        var database = new TestDatabase(server, migrated: false);
        await database.InitializeAsync();
        return database;
    }

    /// <summary>A migrated database for one test that must not share its class's: <c>await using</c> drops it.</summary>
    public static async Task<TestDatabase> CreateMigratedAsync(PostgresServer server)
    {
        var database = new TestDatabase(server);
        await database.InitializeAsync();
        return database;
    }

    public async ValueTask InitializeAsync() =>
        Name = migrated ? await server.CreateMigratedAsync() : await server.CreateEmptyAsync();

    public async ValueTask DisposeAsync() => await server.DropAsync(Name);

    /// <summary>Opens a connection of its own, outside any pool.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string role = "postgres")
    {
        var connection = new NpgsqlConnection(ConnectionString(role) + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>Runs statements as <paramref name="role"/>: how a test arranges its rows and its bystanders.</summary>
    /// <returns>The number of rows they changed.</returns>
    public async Task<int> ExecuteAsync(string sql, string role = "postgres")
    {
        await using var connection = await OpenAsync(role);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Until so many sessions of this database wait for a lock.</summary>
    public Task<TimeSpan> UntilWaitingAsync(int sessions) =>
        Eventually.HoldsAsync(
            async () =>
                await ListAsync(
                    "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
                )
                    is [var count]
                && count == $"{sessions}",
            $"{sessions} wait",
            seconds: 30
        );

    /// <summary>The first column of every row, as text; a null is "null".</summary>
    public async Task<string[]> ListAsync(string sql, string role = "postgres")
    {
        await using var connection = await OpenAsync(role);
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var values = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            values.Add(reader.IsDBNull(0) ? "null" : reader.GetString(0));
        return [.. values];
    }
}
