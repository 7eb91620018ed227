using System.Diagnostics;
using System.Text.RegularExpressions;
using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>Runs one script and journals it: the only part that <c>-p:MigrationEngine=DbUp</c> replaces.</summary>
/// <remarks>
/// The statements go to the server as one batch, one round trip. Without parameters Npgsql leaves <c>:name</c> and
/// <c>@name</c> as they are and knows quotes, dollar quotes and comments (<c>SqlQueryParser.cs</c>, "does not match a
/// parameter on this command. Leave the text as it was"), so a script is never taken for a template.
/// </remarks>
static partial class MigrationEngine
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
            await RunAloneAsync(connection, script, cancellationToken);

        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        if (script.RunsInTransaction)
        {
            await SetTimeoutsAsync(connection, options.LockTimeout, options.StatementTimeout, cancellationToken);
            await ExecuteAsync(connection, script.Statements.Select(statement => statement.Text), cancellationToken);
            // A script may end as blog_owner or as anybody; the journal is written as the role that connected.
            await ExecuteAsync(connection, ["reset role"], cancellationToken);
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
        CancellationToken cancellationToken
    )
    {
        var statement = script.Statements[0];
        // CONCURRENTLY waits for old transactions, which blocks nobody and may take longer than any timeout.
        await SetTimeoutsAsync(connection, TimeSpan.Zero, TimeSpan.Zero, cancellationToken);
        if (ConcurrentIndex().Match(statement.Text) is { Success: true } index)
            await DropInvalidIndexAsync(connection, script, index, cancellationToken);
        await ExecuteAsync(connection, [statement.Text], cancellationToken);
    }

    /// <summary>A CONCURRENTLY that was interrupted leaves an index that costs every write and serves no read.</summary>
    static async Task DropInvalidIndexAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        Match index,
        CancellationToken cancellationToken
    )
    {
        var schema = Unquoted(index.Groups["schema"].Value);
        await using var find = new NpgsqlCommand(
            """
            select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), p.pid
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_index i on i.indexrelid = c.oid and not i.indisvalid
            left join pg_catalog.pg_stat_progress_create_index p on p.index_relid = c.oid
            where c.relname = $1 and n.nspname = coalesce(nullif($2, ''), pg_catalog.current_schema())
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = Unquoted(index.Groups["name"].Value) },
                new() { Value = schema },
            },
        };
        string name;
        await using (var reader = await find.ExecuteReaderAsync(cancellationToken))
        {
            if (!await reader.ReadAsync(cancellationToken))
                return;
            name = reader.GetString(0);
            if (!await reader.IsDBNullAsync(1, cancellationToken))
            {
                throw new MigrationException(
                    MigrationFailure.Locked,
                    $"{script.Name}: pid {reader.GetInt32(1)} is building {name} at this moment. Nothing was run. Wait for it to end.",
                    script.Name
                );
            }
        }

        await ExecuteAsync(connection, [$"drop index concurrently {name}"], cancellationToken);
    }

    static string Unquoted(string name) =>
        name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name.ToLowerInvariant();

    static async Task SetTimeoutsAsync(
        NpgsqlConnection connection,
        TimeSpan locks,
        TimeSpan statement,
        CancellationToken cancellationToken
    ) =>
        await ExecuteAsync(
            connection,
            // The session ends with the script, and these settings with it.
            [
                $"set lock_timeout = {locks.TotalMilliseconds:0}",
                $"set statement_timeout = {statement.TotalMilliseconds:0}",
            ],
            cancellationToken
        );

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

    [GeneratedRegex(
        """
            ^create\s+(unique\s+)?index\s+concurrently\s+(if\s+not\s+exists\s+)?(?<name>"([^"]|"")+"|[\w$]+)
            \s+on\s+(only\s+)?((?<schema>"([^"]|"")+"|[\w$]+)\s*\.)?
            """,
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.IgnorePatternWhitespace,
        1000
    )]
    private static partial Regex ConcurrentIndex();
}
