using Npgsql;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>
/// The locks of a statement that runs outside of a transaction, which are gone when it has ended. It is run twice, each time on a copy of
/// the copy, and made to wait: once wherever it asks for a table, because others hold all of them; once wherever it waits for those who
/// write, because somebody always does. Each time it waits, its locks are read, and who is in its way is relieved by another.
/// </summary>
sealed class LockRelay
{
    readonly string connectionString;
    readonly string statement;
    readonly CancellationToken cancellationToken;
    readonly HashSet<(uint Relation, string Mode)> seen = [];
    readonly List<Holder> holders = [];

    LockRelay(string connectionString, string statement, CancellationToken cancellationToken) =>
        (this.connectionString, this.statement, this.cancellationToken) = (
            connectionString,
            statement,
            cancellationToken
        );

    /// <summary>Somebody who holds tables or has asked for them.</summary>
    sealed record Holder(CopySession Session, Task Holding, string Tables);

    /// <summary>Runs the statement on copies of the copy, which are dropped.</summary>
    /// <param name="connectionString">Of a superuser, to the copy.</param>
    /// <param name="statement">Complete, without its semicolon.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The relations, as they are in the copy, and the modes that it held or waited for.</returns>
    internal static async Task<IReadOnlySet<(uint Relation, string Mode)>> WatchAsync(
        string connectionString,
        string statement,
        CancellationToken cancellationToken
    )
    {
        var locks = new HashSet<(uint, string)>();
        foreach (var mode in (string[])["access exclusive", "row exclusive"])
        {
            await WithCopyAsync(
                connectionString,
                async copy =>
                {
                    var relay = new LockRelay(copy, statement, cancellationToken);
                    await relay.RunAsync(mode);
                    locks.UnionWith(relay.seen);
                },
                cancellationToken
            );
        }

        return locks;
    }

    static async Task WithCopyAsync(
        string connectionString,
        Func<string, Task> work,
        CancellationToken cancellationToken
    )
    {
        var original = new NpgsqlConnectionStringBuilder(connectionString).Database!;
        var copy = new NpgsqlConnectionStringBuilder(connectionString) { Database = $"{original}_locks" };
        await using var server = await CopySession.OpenAsync(connectionString, cancellationToken, "postgres");
        await CopySession.UntilAsync(
            async () =>
                await server.AskAsync<long>(
                    "select count(*) from pg_catalog.pg_stat_activity where datname = $1",
                    cancellationToken,
                    original
                ) == 0,
            "somebody else was connected to the copy that is to be copied",
            cancellationToken
        );
        await server.SendAsync($"drop database if exists {copy.Database} with (force)", cancellationToken);
        await server.SendAsync($"create database {copy.Database} template {original}", cancellationToken);
        try
        {
            await work(copy.ConnectionString);
        }
        finally
        {
            await server.SendAsync($"drop database if exists {copy.Database} with (force)", CancellationToken.None);
        }
    }

    async Task RunAsync(string mode)
    {
        await using var watcher = await CopySession.OpenAsync(connectionString, cancellationToken);
        var session = await CopySession.OpenAsync(connectionString, cancellationToken);
        var tables = await watcher.ReadAsync(
            """
            select n.oid::regnamespace || '.' || pg_catalog.quote_ident(c.relname)
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)' and c.relkind in ('r', 'p')
            order by 1
            """,
            row => row.GetString(0),
            cancellationToken
        );
        var running = Task.CompletedTask;
        try
        {
            // Who asks for a table waits behind those that have asked for it: each holds one alone, lest two of them stop each other.
            foreach (var held in mode == "access exclusive" ? tables : [string.Join(", ", tables)])
            {
                await (await HoldAsync(held, mode)).Holding;
            }

            running = session.SendAsync(statement, cancellationToken);
            while (await WaitsAsync(watcher, session, running) is { } blocker)
            {
                seen.UnionWith(await CopyState.LocksAsync(watcher, session.Pid, cancellationToken));
                await RelieveAsync(watcher, blocker, session, mode, running);
            }

            await running;
        }
        finally
        {
            await EndAsync(watcher, session, running);
            foreach (var holder in holders)
            {
                await EndAsync(watcher, holder.Session, holder.Holding);
            }
        }
    }

    async Task<Holder> HoldAsync(string tables, string mode)
    {
        var session = await CopySession.OpenAsync(connectionString, cancellationToken);
        await session.SendAsync("begin", cancellationToken);
        var holder = new Holder(
            session,
            session.SendAsync($"lock table {tables} in {mode} mode", cancellationToken),
            tables
        );
        holders.Add(holder);
        return holder;
    }

    /// <summary>Waits until the statement has ended or waits for a holder.</summary>
    /// <returns>Who is in its way; null when it has ended.</returns>
    async Task<Holder?> WaitsAsync(CopySession watcher, CopySession session, Task running)
    {
        Holder? blocker = null;
        await CopySession.UntilAsync(
            async () =>
            {
                var pids = await BlockersAsync(watcher, session);
                blocker = holders.FirstOrDefault(holder => pids.Contains(holder.Session.Pid));
                return blocker is not null || running.IsCompleted;
            },
            "a statement neither ended nor waited for those who were to stop it",
            cancellationToken
        );
        return running.IsCompleted ? null : blocker;
    }

    async Task RelieveAsync(CopySession watcher, Holder blocker, CopySession session, string mode, Task running)
    {
        // One that has asked and got nothing yet stands between the statement and a table that it holds already: nobody is to follow.
        if (blocker.Holding.IsCompleted)
        {
            var next = await HoldAsync(blocker.Tables, mode);
            await CopySession.UntilAsync(
                async () => next.Holding.IsCompleted || (await BlockersAsync(watcher, next.Session)).Length > 0,
                "nobody could queue behind a statement",
                cancellationToken
            );
        }

        holders.Remove(blocker);
        await EndAsync(watcher, blocker.Session, blocker.Holding);
        await CopySession.UntilAsync(
            async () => running.IsCompleted || !(await BlockersAsync(watcher, session)).Contains(blocker.Session.Pid),
            "a lock that was given back stayed in the way",
            cancellationToken
        );
    }

    /// <summary>Ends a session; one that waits cannot be closed, but its server process can be told to go.</summary>
    static async Task EndAsync(CopySession watcher, CopySession session, Task waiting)
    {
        await watcher.AskAsync<bool>("select pg_catalog.pg_terminate_backend($1)", CancellationToken.None, session.Pid);
        await waiting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await session.DisposeAsync();
    }

    Task<int[]> BlockersAsync(CopySession watcher, CopySession of) =>
        watcher.AskAsync<int[]>("select pg_catalog.pg_blocking_pids($1)", cancellationToken, of.Pid);
}
