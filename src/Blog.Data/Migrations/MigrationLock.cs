using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>
/// The one runner at a time: a session-level advisory lock, asked for again and again instead of waited for.
/// </summary>
/// <remarks>
/// A runner blocked inside <c>pg_advisory_lock()</c> would hold a snapshot, and a CREATE INDEX CONCURRENTLY of the one
/// that works waits for every old snapshot: the two would deadlock. A transaction-level lock has the same fault.
/// </remarks>
static class MigrationLock
{
    /// <summary>The lock's key, "Blog" in ASCII and 1, in the two-number form.</summary>
    internal const string Key = "1114402663, 1";

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);

    /// <summary>Takes the lock on <paramref name="connection"/>, which keeps it until released or closed.</summary>
    /// <exception cref="MigrationException">Somebody else held it all the time; names them.</exception>
    internal static async Task TakeAsync(
        NpgsqlConnection connection,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        var began = options.Clock.GetTimestamp();
        OtherSession? last = null;
        for (var asked = 0; !await TryAsync(connection, cancellationToken); asked++)
        {
            var holder = await HolderAsync(connection, cancellationToken);
            if (asked == 0 || (holder is not null && holder.Pid != last?.Pid))
                options.Progress?.Invoke(new WaitingForLock(holder));
            last = holder ?? last;
            if (options.Clock.GetElapsedTime(began) >= options.LockWait)
            {
                throw new MigrationException(
                    MigrationFailure.Locked,
                    $"Another runner kept the migration lock for {options.LockWait.TotalSeconds:0.#} s: {last?.ToString() ?? "nobody that was seen"}. Nothing was run. "
                        + "Wait for it to end, or end it with pg_terminate_backend if nobody is behind it."
                );
            }

            await Task.Delay(Poll, options.Clock, cancellationToken);
        }
    }

    /// <summary>Gives the lock back at once; closing the connection would, a moment later.</summary>
    internal static async Task ReleaseAsync(NpgsqlConnection connection)
    {
        if (connection.State is not System.Data.ConnectionState.Open)
            return;
        try
        {
            await using var unlock = new NpgsqlCommand($"select pg_catalog.pg_advisory_unlock({Key})", connection);
            await unlock.ExecuteScalarAsync();
        }
        catch (NpgsqlException)
        {
            // The connection is gone, and the lock with it; what the run itself has to say matters more.
        }
    }

    /// <summary>Who blocks the session named <paramref name="applicationName"/>; null when it does not wait for a lock.</summary>
    internal static Task<OtherSession?> BlockerAsync(NpgsqlConnection connection, string applicationName) =>
        SessionAsync(
            connection,
            """
            join lateral (
              select from pg_catalog.pg_stat_activity w
              where w.application_name = $1 and w.datname = pg_catalog.current_database()
                and s.pid = any (pg_catalog.pg_blocking_pids(w.pid))
            ) waiting on true
            """,
            applicationName,
            CancellationToken.None
        );

    static async Task<bool> TryAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var take = new NpgsqlCommand($"select pg_catalog.pg_try_advisory_lock({Key})", connection);
        return (bool)(await take.ExecuteScalarAsync(cancellationToken))!;
    }

    static Task<OtherSession?> HolderAsync(NpgsqlConnection connection, CancellationToken cancellationToken) =>
        SessionAsync(
            connection,
            """
            join pg_catalog.pg_locks l on l.pid = s.pid and l.locktype = 'advisory' and l.granted
              and (l.classid::bigint, l.objid::bigint, l.objsubid) = (1114402663, 1, 2)
              and l.database = (select oid from pg_catalog.pg_database where datname = pg_catalog.current_database())
            """,
            null,
            cancellationToken
        );

    static async Task<OtherSession?> SessionAsync(
        NpgsqlConnection connection,
        string which,
        string? argument,
        CancellationToken cancellationToken
    )
    {
        await using var select = new NpgsqlCommand(
            $"""
            select s.pid, coalesce(s.application_name, ''), s.usename::text,
              pg_catalog.clock_timestamp() - coalesce(s.xact_start, s.backend_start), coalesce(s.query, '')
            from pg_catalog.pg_stat_activity s
            {which}
            order by coalesce(s.xact_start, s.backend_start), s.pid
            limit 1
            """,
            connection
        );
        if (argument is not null)
            select.Parameters.Add(new() { Value = argument });
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetInt32(0),
                reader.GetString(1),
                await reader.IsDBNullAsync(2, cancellationToken) ? null : reader.GetString(2),
                await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetTimeSpan(3),
                reader.GetString(4)
            )
            : null;
    }
}
