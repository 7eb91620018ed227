using System.Diagnostics;
using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>Runs one script and journals it: the only part that <c>-p:MigrationEngine=DbUp</c> replaces.</summary>
/// <remarks>
/// The statements go to the server as one batch, one round trip. Without parameters Npgsql leaves <c>:name</c> and
/// <c>@name</c> as they are and knows quotes, dollar quotes and comments (<c>SqlQueryParser.cs</c>, "does not match a
/// parameter on this command. Leave the text as it was"), so a script is never taken for a template.
/// </remarks>
static class MigrationEngine
{
    /// <summary>Applies <paramref name="script"/> in a session of its own, so that no setting outlives it.</summary>
    /// <returns>How long it took.</returns>
    internal static async Task<TimeSpan> RunAsync(
        string connectionString,
        MigrationScript script,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        var began = Stopwatch.GetTimestamp();
        if (!script.RunsInTransaction)
            await RunAloneAsync(connection, script, options, cancellationToken);

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (script.RunsInTransaction)
        {
            await ExecuteAsync(connection, ScriptFrame.Before(script, options), cancellationToken);
            await ExecuteAsync(connection, script.Statements.Select(statement => statement.Text), cancellationToken);
            await ExecuteAsync(connection, ScriptFrame.After, cancellationToken);
        }

        var duration = Stopwatch.GetElapsedTime(began);
        var localNow = options.Clock.GetLocalNow().DateTime;
        await MigrationJournal.AddAsync(connection, script, duration, localNow, cancellationToken);
        // From here on the answer is waited for: a commit that was cancelled might have happened.
        await transaction.CommitAsync(CancellationToken.None);
        return duration;
    }

    static async Task RunAloneAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        await ExecuteAsync(connection, ScriptFrame.Before(script, options), cancellationToken);
        await ExecuteAsync(connection, [script.Statements[0].Text], cancellationToken);
    }

    static async Task ExecuteAsync(
        NpgsqlConnection connection,
        IEnumerable<string> statements,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var statement in statements)
            batch.BatchCommands.Add(new NpgsqlBatchCommand(statement));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
