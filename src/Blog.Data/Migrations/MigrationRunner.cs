using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>
/// Applies the scripts of <c>sql/migrations</c> to one database, one runner at a time, each script once and whole.
/// </summary>
/// <param name="connectionString">
/// The server itself, not a pooler. A superuser, or a role with createrole that owns the database, for the first
/// script; blog_migrator is enough for all others. Pooling is switched off whatever it says.
/// </param>
/// <param name="options">How to run; null means <see cref="MigrationOptions"/>' defaults.</param>
public sealed class MigrationRunner(string connectionString, MigrationOptions? options = null)
{
    /// <summary>What <see cref="NpgsqlConnectionStringBuilder.ApplicationName"/> becomes when the caller gave none.</summary>
    const string DefaultName = "blog migrate";

    static readonly TimeSpan WatchInterval = TimeSpan.FromMilliseconds(250);

    readonly MigrationOptions options = options ?? new();

    /// <summary>Applies what is pending, in order, each script in a transaction with its row of the journal.</summary>
    /// <returns>What was applied and what was adopted; empty lists when there was nothing to do.</returns>
    /// <exception cref="MigrationException">
    /// Nothing or not everything could be applied. The scripts before the one it names stay applied, that one left nothing behind.
    /// </exception>
    /// <exception cref="OperationCanceledException">
    /// Cancelled; the script under way was rolled back. A no-transaction script leaves an INVALID index that the next run drops.
    /// </exception>
    public Task<MigrationReport> ApplyAsync(CancellationToken cancellationToken) =>
        GuardedAsync(
            async connection =>
            {
                var scripts = Scripts();
                await MigrationGuards.CheckAsync(connection, cancellationToken);
                await MigrationLock.TakeAsync(connection, options, cancellationToken);
                try
                {
                    return await ApplyLockedAsync(connection, scripts, cancellationToken);
                }
                finally
                {
                    await MigrationLock.ReleaseAsync(connection);
                }
            },
            cancellationToken
        );

    /// <summary>What <see cref="ApplyAsync(CancellationToken)"/> would do now, as one text to sign. Reads only, takes no lock; whoever may read the journal may ask it.</summary>
    /// <returns>The plan, which may hold no script.</returns>
    /// <exception cref="MigrationException">What <see cref="ApplyAsync(CancellationToken)"/> would refuse: an edited, late or vanished script, an unreadable journal.</exception>
    public Task<MigrationPlan> PlanAsync(CancellationToken cancellationToken) =>
        GuardedAsync(
            async connection =>
            {
                await using var reading = await connection.BeginTransactionAsync(cancellationToken);
                await MigrationPlanner.ReadOnlyAsync(connection, cancellationToken);
                var scripts = Scripts();
                var found = await MigrationJournal.ReadAsync(connection, cancellationToken);
                Refuse(Compare(scripts, found.Rows));
                return await MigrationPlanner.PlanAsync(connection, scripts, found, options, cancellationToken);
            },
            cancellationToken
        );

    /// <summary>Compares the build with the journal. Reads only and creates nothing; blog_app may ask it.</summary>
    /// <returns>Every script of the build and of the journal, ordinal by name. Without a journal all are pending.</returns>
    /// <exception cref="MigrationException">The journal cannot be read, or is missing although the schema has tables.</exception>
    public Task<IReadOnlyList<MigrationState>> StatusAsync(CancellationToken cancellationToken) =>
        GuardedAsync(
            async connection =>
                Compare(Scripts(), (await MigrationJournal.ReadAsync(connection, cancellationToken)).Rows),
            cancellationToken
        );

    /// <summary>What the journal's rows say about the scripts; ordinal by name.</summary>
    internal static IReadOnlyList<MigrationState> Compare(
        IReadOnlyList<MigrationScript> scripts,
        IReadOnlyList<MigrationJournal.Row> rows
    )
    {
        var journal = rows.ToDictionary(row => row.Script, StringComparer.Ordinal);
        var last = rows.Select(row => row.Script).Max(StringComparer.Ordinal);
        var known = scripts.Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. scripts
                .Select(script =>
                    journal.TryGetValue(script.Name, out var row)
                        ? new MigrationState(
                            script.Name,
                            row.Checksum is null || Same(row.Checksum, script.Checksum)
                                ? MigrationStatus.Applied
                                : MigrationStatus.Edited,
                            row.Applied,
                            script.Checksum,
                            row.Checksum
                        )
                        : new MigrationState(
                            script.Name,
                            string.CompareOrdinal(script.Name, last) < 0
                                ? MigrationStatus.OutOfOrder
                                : MigrationStatus.Pending,
                            null,
                            script.Checksum,
                            null
                        )
                )
                .Concat(
                    rows.Where(row => !known.Contains(row.Script))
                        .Select(row => new MigrationState(
                            row.Script,
                            MigrationStatus.Vanished,
                            row.Applied,
                            null,
                            row.Checksum
                        ))
                )
                .OrderBy(state => state.Script, StringComparer.Ordinal),
        ];
    }

    async Task<MigrationReport> ApplyLockedAsync(
        NpgsqlConnection connection,
        IReadOnlyList<MigrationScript> scripts,
        CancellationToken cancellationToken
    )
    {
        var found = await MigrationJournal.ReadAsync(connection, cancellationToken);
        var states = Compare(scripts, found.Rows);
        Refuse(states);
        if (options.SignedPlan is { } signed)
            (await MigrationPlanner.PlanAsync(connection, scripts, found, options, cancellationToken)).Require(signed);
        var adopted = await PrepareJournalAsync(connection, scripts, found, cancellationToken);
        var pending = scripts.Where(script => !found.Rows.Any(row => Same(row.Script, script.Name))).ToList();
        var applied = new List<AppliedScript>();
        foreach (var script in pending)
        {
            options.Progress?.Invoke(new ScriptStarted(script.Name, applied.Count + 1, pending.Count));
            applied.Add(await ApplyAsync(connection, script, cancellationToken));
            options.Progress?.Invoke(new ScriptDone(script.Name, applied[^1].Duration));
        }

        return new(applied, adopted);
    }

    async Task<IReadOnlyList<string>> PrepareJournalAsync(
        NpgsqlConnection connection,
        IReadOnlyList<MigrationScript> scripts,
        MigrationJournal.Found found,
        CancellationToken cancellationToken
    )
    {
        var adopt = scripts
            .Where(script => found.Rows.Any(row => Same(row.Script, script.Name) && row.Checksum is null))
            .ToList();
        if (found.Complete && adopt.Count == 0)
            return [];
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await MigrationJournal.CompleteAsync(connection, found, options.LockTimeout, cancellationToken);
        foreach (var script in adopt)
            await MigrationJournal.AdoptAsync(connection, script, null, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        foreach (var script in adopt)
            options.Progress?.Invoke(new ScriptAdopted(script.Name));
        return [.. adopt.Select(script => script.Name)];
    }

    async Task<AppliedScript> ApplyAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            var (duration, error, blocker) = await TryAsync(connection, script, cancellationToken);
            if (error is null)
                return new(script.Name, duration, attempt);
            if (!MayPass(error) || attempt > options.RetryDelays.Count)
                throw Failed(script, error, attempt, blocker);
            var pause = options.RetryDelays[attempt - 1];
            // Jitter: runners of several databases that collided should not collide again.
#pragma warning disable CA5394 // A pause is no secret.
            pause += pause * (Random.Shared.NextDouble() / 4);
#pragma warning restore CA5394
            options.Progress?.Invoke(new ScriptRetried(script.Name, attempt, pause, error.MessageText, blocker));
            await Task.Delay(pause, options.Clock, cancellationToken);
        }
    }

    /// <summary>One try, watched from the connection that holds the lock, which has nothing else to do meanwhile.</summary>
    async Task<(TimeSpan Duration, PostgresException? Error, OtherSession? Blocker)> TryAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        CancellationToken cancellationToken
    )
    {
        var session = SessionString(connection);
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var watch = new CancellationTokenSource();
        var watching = WatchAsync(connection, script, session.ApplicationName!, run, watch.Token);
        TimeSpan duration = default;
        PostgresException? error = null;
        try
        {
            duration = await RunAsync(session.ConnectionString, script, run.Token);
        }
        catch (PostgresException refused)
        {
            error = refused;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Cancelled by the watcher, whose own error says why.
        }
        finally
        {
            await watch.CancelAsync();
            await ((Task)watching).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        try
        {
            return (duration, error, await watching);
        }
        catch (NpgsqlException lost)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"The migration lock was lost with its connection while {script.Name} ran, and so the script was stopped: {lost.Message} "
                    + "Ask for the status, then run again.",
                script.Name,
                lost
            );
        }
    }

    /// <returns>How long it took; nothing where it was done already, and only its row of the journal was missing.</returns>
    async Task<TimeSpan> RunAsync(string session, MigrationScript script, CancellationToken cancellationToken)
    {
        if (script.RunsInTransaction || !await LeftIndex.ClearAsync(session, script, cancellationToken))
            return await MigrationEngine.RunAsync(session, script, options, cancellationToken);
        await using var connection = new NpgsqlConnection(session);
        await connection.OpenAsync(cancellationToken);
        var localNow = options.Clock.GetLocalNow().DateTime;
        await MigrationJournal.AddAsync(connection, script, TimeSpan.Zero, localNow, cancellationToken);
        options.Progress?.Invoke(new ScriptFound(script.Name));
        return TimeSpan.Zero;
    }

    /// <returns>The last session seen in the way of the script; null when none was.</returns>
    async Task<OtherSession?> WatchAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        string session,
        CancellationTokenSource run,
        CancellationToken stop
    )
    {
        // Often enough to see a blocker before the lock timeout ends the wait; zero would be no timeout.
        var quarter = options.LockTimeout / 4;
        var interval = quarter > TimeSpan.Zero && quarter < WatchInterval ? quarter : WatchInterval;
        OtherSession? last = null;
        try
        {
            while (true)
            {
                await Task.Delay(interval, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (stop.IsCancellationRequested)
                    return last;
                if (await MigrationLock.BlockerAsync(connection, session) is not { } blocker)
                    continue;
                if (blocker.Pid != last?.Pid)
                    options.Progress?.Invoke(new ScriptBlocked(script.Name, blocker));
                last = blocker;
            }
        }
        catch (NpgsqlException)
        {
            // The lock went with its connection: stop before somebody else begins.
            await run.CancelAsync();
            throw;
        }
    }

    /// <summary>Whether the same script may pass in a moment: a lock timeout, a deadlock, a race on a shared catalogue.</summary>
    /// <remarks>
    /// XX000 from simple_heap_update is "tuple concurrently updated": two databases of one cluster changed the same
    /// role. The name of the function does not depend on the server's language, as the message does.
    /// </remarks>
    static bool MayPass(PostgresException error) =>
        error
            is { SqlState: PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected }
                or {
                    SqlState: PostgresErrorCodes.InternalError,
                    Routine: "simple_heap_update" or "simple_heap_delete"
                };

    static MigrationException Failed(
        MigrationScript script,
        PostgresException error,
        int attempts,
        OtherSession? blocker
    )
    {
        var statement = script.Statements.FirstOrDefault(one => Same(one.Text, error.BatchCommand?.CommandText));
        var line = statement is null
            ? ""
            : $" at line {statement.Line + statement.Text.AsSpan(0, Math.Clamp(error.Position - 1, 0, statement.Text.Length)).Count('\n')}";
        var tries = attempts > 1 ? $" after {attempts} tries" : "";
        var inTheWay = blocker is null ? "" : $" In the way: {blocker}.";
        var hint = error.Hint is null ? "" : $" {error.Hint}";
        var left =
            script.RunsInTransaction ? "It left nothing behind; the scripts before it stay applied."
            : LeftIndex.IsBuiltBy(script)
                ? "Its index may be left INVALID; the next run drops it. The scripts before it stay applied."
            : "What it has committed stays, and so do the scripts before it; the next run begins it again.";
        return new(
            MigrationFailure.Failed,
            $"{script.Name} failed{line}{tries}: {error.SqlState} {error.MessageText}.{hint}{inTheWay} {left}",
            script.Name,
            error
        );
    }

    static void Refuse(IReadOnlyList<MigrationState> states)
    {
        if (First(MigrationStatus.Edited) is { } edited)
        {
            throw new MigrationException(
                MigrationFailure.ChecksumMismatch,
                $"{edited.Script} was edited after it was applied on {edited.AppliedAt:yyyy-MM-dd HH:mm:ss}: the journal has {edited.AppliedChecksum}, "
                    + $"the file is {edited.Checksum}. Nothing was run. Restore the file and make the change in a new script.",
                edited.Script
            );
        }

        if (First(MigrationStatus.Vanished) is { } vanished)
        {
            throw new MigrationException(
                MigrationFailure.VanishedScript,
                $"{vanished.Script} was applied on {vanished.AppliedAt:yyyy-MM-dd HH:mm:ss} and is missing from this build. Nothing was run. "
                    + "Either it was renamed or removed: restore it; or this build is older than the database: use the newer one.",
                vanished.Script
            );
        }

        if (First(MigrationStatus.OutOfOrder) is { } late)
        {
            throw new MigrationException(
                MigrationFailure.OutOfOrder,
                $"{late.Script} is pending, but {states.Last(state => state.AppliedAt is not null).Script}, which sorts after it, is applied. "
                    + "Nothing was run. Give it the next free number.",
                late.Script
            );
        }

        MigrationState? First(MigrationStatus status) => states.FirstOrDefault(state => state.Status == status);
    }

    static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.Ordinal);

    IReadOnlyList<MigrationScript> Scripts() =>
        options.Scripts is null ? MigrationScript.LoadAll() : MigrationScript.Ordered(options.Scripts);

    /// <summary>The connection string of the session that runs a script; its name is how the watcher finds it.</summary>
    NpgsqlConnectionStringBuilder SessionString(NpgsqlConnection holder)
    {
        var session = ConnectionString();
        session.ApplicationName = $"{session.ApplicationName} {holder.ProcessID}";
        session.CommandTimeout = 0;
        // Without it an error does not say which statement of the script it is about.
        session.IncludeFailedBatchedCommand = true;
        return session;
    }

    NpgsqlConnectionStringBuilder ConnectionString()
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Multiplexing = false };
        var name = builder.ApplicationName is { Length: > 0 } given ? given : DefaultName;
        // The server cuts names at 63 bytes, and the process id has to fit behind it.
        builder.ApplicationName = name[..Math.Min(name.Length, 40)];
        return builder;
    }

    async Task<T> GuardedAsync<T>(Func<NpgsqlConnection, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString().ConnectionString);
            await connection.OpenAsync(cancellationToken);
            return await work(connection);
        }
        catch (NpgsqlException error)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"The migrations stopped: {error.Message}",
                innerException: error
            );
        }
    }
}
