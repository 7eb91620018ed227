using System.Diagnostics;
using DbUp;
using DbUp.Engine;
using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>Hands one script to DbUp 6, which runs and journals it: compiled with <c>-p:MigrationEngine=DbUp</c> only.</summary>
/// <remarks>
/// DbUp takes no token: a run that is cancelled, or has lost its lock, ends with the script under way. It does not say at which line a script failed,
/// and journals as whichever role the script has ended with. The tests of these have the trait <c>Engine=built-in</c>.
/// </remarks>
static class MigrationEngine
{
    /// <summary>Applies <paramref name="script"/>; the row DbUp wrote is completed right after, or by the next run.</summary>
    internal static async Task<TimeSpan> RunAsync(
        string connectionString,
        MigrationScript script,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        var began = Stopwatch.GetTimestamp();
        var result = await Task.Run(() => Upgrade(Timed(connectionString, script, options), script), cancellationToken);
        if (result.Error?.GetBaseException() is PostgresException refused)
            throw refused;
        if (!result.Successful)
            throw new MigrationException(MigrationFailure.Failed, $"DbUp stopped: {result.Error}", script.Name);
        var duration = Stopwatch.GetElapsedTime(began);
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(CancellationToken.None);
        await MigrationJournal.AdoptAsync(connection, script, duration, CancellationToken.None);
        return duration;
    }

    static DatabaseUpgradeResult Upgrade(string connectionString, MigrationScript script)
    {
        var builder = DeployChanges
            .To.PostgresqlDatabase(connectionString)
            .WithScripts(new SqlScript(script.Name, script.Text))
            .WithVariablesDisabled()
            .JournalToPostgresqlTable("blog", "schemaversions")
            .LogToNowhere();
        builder = script.RunsInTransaction ? builder.WithTransactionPerScript() : builder.WithoutTransaction();
        return builder.Build().PerformUpgrade();
    }

    /// <summary>The timeouts come with the session, because DbUp runs no statement of ours inside its transaction.</summary>
    static string Timed(string connectionString, MigrationScript script, MigrationOptions options)
    {
        var (locks, statement) = script.RunsInTransaction ? (options.LockTimeout, options.StatementTimeout) : default;
        var builder = new NpgsqlConnectionStringBuilder(connectionString);
        builder.Options +=
            $" -c lock_timeout={locks.TotalMilliseconds:0} -c statement_timeout={statement.TotalMilliseconds:0}";
        return builder.ConnectionString;
    }
}
