using Blog.Data.Migrations;
using Npgsql;
using Xunit;

namespace Blog.Testing;

/// <summary>
/// One PostgreSQL for a test assembly, with a template database that the real runner migrated once.
/// A test project asks for it with <c>[assembly: AssemblyFixture(typeof(PostgresServer))]</c>.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    const string Template = "blog_template";

    readonly SemaphoreSlim copying = new(1, 1);
    readonly Lazy<Task> template;
    TestServer? server;

    public PostgresServer() => template = new(MigrateTemplateAsync);

    /// <summary>What migrating the template took; null until a test has asked for a migrated database.</summary>
    public MigrationReport? TemplateReport { get; private set; }

    /// <summary>A connection string for a role: postgres, blog_migrator, blog_app or blog_readonly.</summary>
    public string ConnectionString(string role, string database) =>
        (server ?? throw new InvalidOperationException("The server is not started.")).ConnectionString(role, database);

    public async ValueTask InitializeAsync() =>
        server = await TestServer.StartAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        copying.Dispose();
        if (server is not null)
            await server.DisposeAsync();
    }

    /// <summary>A database without anything in it, as <c>create database</c> makes it.</summary>
    internal async Task<string> CreateEmptyAsync()
    {
        var name = NewName();
        await ExecuteAsync($"create database {name} template template0");
        return name;
    }

    /// <summary>A database in which every migration is applied, with the rights production has.</summary>
    internal async Task<string> CreateMigratedAsync()
    {
        await template.Value;
        var name = NewName();
        // Two copies at once would share two cores and gain nothing.
        await copying.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            await ExecuteAsync($"create database {name} template {Template}");
        }
        finally
        {
            copying.Release();
        }

        await CopyGrantsAsync(name);
        return name;
    }

    internal Task DropAsync(string database) => ExecuteAsync($"drop database if exists {database} with (force)");

    static string NewName() => $"test_{Guid.NewGuid():n}";

    async Task MigrateTemplateAsync()
    {
        await ExecuteAsync($"create database {Template} template template0");
        var runner = new MigrationRunner(ConnectionString("postgres", Template));
        TemplateReport = await runner.ApplyAsync(TestContext.Current.CancellationToken);
        // A database somebody is connected to cannot be copied; now nobody can be.
        await ExecuteAsync($"alter database {Template} with is_template true allow_connections false");
    }

    /// <summary>A copy begins with the default rights on the database itself: give it those the migrations gave the template.</summary>
    Task CopyGrantsAsync(string database) =>
        ExecuteAsync(
            $"""
            do $$
            declare
              right_given record;
            begin
              revoke all on database {database} from public;
              for right_given in
                select a.privilege_type, a.grantee
                from pg_catalog.pg_database d, pg_catalog.aclexplode(d.datacl) a
                where d.datname = '{Template}'
              loop
                execute format('grant %s on database {database} to %s', right_given.privilege_type,
                  case right_given.grantee when 0 then 'public' else right_given.grantee::regrole::text end);
              end loop;
            end
            $$
            """
        );

    async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres", "postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
