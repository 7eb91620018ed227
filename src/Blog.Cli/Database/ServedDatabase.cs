using System.CommandLine;
using System.Data.Common;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Health;
using Blog.Data.Migrations;
using Blog.LocalPostgres;

namespace Blog.Cli.Database;

/// <summary>The database a command works on, and the private server it is on where there is one, which ends with the command that started it.</summary>
sealed class ServedDatabase : IAsyncDisposable
{
    const string Variable = "ConnectionStrings__Blog";

    readonly LocalServer? server;

    ServedDatabase(string connectionString, LocalServer? server)
    {
        ConnectionString = connectionString;
        this.server = server;
    }

    public string ConnectionString { get; }

    public static Option<string?> CreateOption(string role) =>
        new("--connection")
        {
            HelpName = "connection string",
            Description =
                $"Which database, as {role}: \"Host=...;Database=blog;Username=...\". Default: {Variable}, else the private "
                + "PostgreSQL of this checkout, attached to or started for the duration of the command.",
        };

    /// <summary>The database as its migrations connect: a superuser on the private server. It may be empty.</summary>
    public static Task<ServedDatabase> FindForMigrationsAsync(
        string? chosen,
        Action<string>? announce,
        CancellationToken cancellationToken
    ) => FindAsync(chosen, "postgres", announce, cancellationToken);

    /// <summary>The database as its operator connects, who sees what every role has sent: a superuser on the private server.</summary>
    public static Task<ServedDatabase> FindForOperatorAsync(
        string? chosen,
        Action<string>? announce,
        CancellationToken cancellationToken
    ) => FindAsync(chosen, "postgres", announce, cancellationToken);

    /// <summary>The database as the service connects, ready for this build; a private server is migrated first.</summary>
    /// <exception cref="CommandFailedException">It cannot be reached, or migrations are missing.</exception>
    public static async Task<ServedDatabase> FindReadyAsync(
        string? chosen,
        Action<string>? announce,
        CancellationToken cancellationToken
    )
    {
        var database = await FindAsync(chosen, "blog_app", announce, cancellationToken);
        try
        {
            if (database.server is { } local)
            {
                var options = new MigrationOptions { Progress = progress => announce?.Invoke(progress.ToString()) };
                await new MigrationRunner(local.ConnectionString("postgres"), options).ApplyAsync(cancellationToken);
            }

            await database.RequireReadyAsync(cancellationToken);
            return database;
        }
        catch (MigrationException failure)
        {
            await database.DisposeAsync();
            throw new CommandFailedException(ExitCode.Failed, failure.Message, failure);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    static async Task<ServedDatabase> FindAsync(
        string? chosen,
        string role,
        Action<string>? announce,
        CancellationToken cancellationToken
    )
    {
        if ((chosen ?? Environment.GetEnvironmentVariable(Variable)) is { Length: > 0 } connectionString)
        {
            return new(connectionString, null);
        }

        var local = await LocalServer.StartAsync(LocalServerOptions.ForCheckout(announce), cancellationToken);
        announce?.Invoke(
            local.Supervises
                ? $"Started the private PostgreSQL {local.Major} of this checkout; it stops with this command."
                : $"Attached to the private PostgreSQL {local.Major} of this checkout, which runs already."
        );
        return new(local.ConnectionString(role), local);
    }

    async Task RequireReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var data = new BlogData(ConnectionString);
            var report = await new Readiness(data).CheckAsync(cancellationToken);
            if (report.MissingMigrations is [var first, ..] missing)
            {
                throw new CommandFailedException(
                    ExitCode.Failed,
                    $"The database misses {missing.Count} of this build's migrations, from {first} on. Nothing was done. Run: blog migrate apply"
                );
            }

            if (!report.IsReady)
            {
                throw new CommandFailedException(
                    ExitCode.Failed,
                    $"The database is not as the statements need it. Nothing was done.\n{string.Join('\n', report.Drift)}"
                );
            }
        }
        catch (ArgumentException invalid)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                $"The connection string is not one: {invalid.Message}",
                invalid
            );
        }
        catch (DbException failure) when (DatabaseFailure.Of(failure) is { Kind: FailureKind.SchemaMismatch })
        {
            throw new CommandFailedException(
                ExitCode.Failed,
                "The database has no blog in it yet. Nothing was done. Run: blog migrate apply",
                failure
            );
        }
        catch (DbException failure)
        {
            throw new CommandFailedException(
                ExitCode.NoDatabase,
                $"No database: {failure.Message}\nNothing was done. Check --connection or {Variable}.",
                failure
            );
        }
    }
}
