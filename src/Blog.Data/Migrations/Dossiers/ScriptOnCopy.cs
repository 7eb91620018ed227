using System.Diagnostics;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>Runs one script on the copy, as the runner would, and looks at the copy between its statements.</summary>
/// <param name="connectionString">Of a superuser, to the copy.</param>
/// <param name="watchesLocks">Whether a no-transaction statement runs on a copy of the copy first, only to see its locks.</param>
sealed class ScriptOnCopy(string connectionString, bool watchesLocks)
{
    // Nothing that differs between servers may choose how a statement is done. The fill leaves the rest of the settings.
    static readonly string[] settings =
    [
        "set max_parallel_maintenance_workers = 0",
        "set enable_seqscan = on",
        "set enable_hashjoin = on",
        "set enable_mergejoin = on",
        "set enable_material = on",
        "set enable_memoize = on",
    ];

    /// <summary>Applies it for good.</summary>
    /// <exception cref="MigrationException">A statement failed; the script is rolled back.</exception>
    internal async Task<IReadOnlyList<StatementMeasure>> RunAsync(
        MigrationScript script,
        CancellationToken cancellationToken
    )
    {
        var watched =
            !script.RunsInTransaction && watchesLocks
                ? await LockRelay.WatchAsync(connectionString, script.Statements[0].Text, cancellationToken)
                : null;
        await using var session = await CopySession.OpenAsync(connectionString, cancellationToken);
        foreach (var setting in settings)
        {
            await session.SendAsync(setting, cancellationToken);
        }

        await session.AloneAsync(cancellationToken);
        // Every block that is changed for the first time from here on goes into the log as a whole: the most that it can be.
        await session.SendAsync("checkpoint", cancellationToken);
        if (script.RunsInTransaction)
        {
            await session.SendAsync("begin", cancellationToken);
        }

        var first = await CopyState.ReadAsync(session, script.RunsInTransaction, cancellationToken);
        var (before, measures) = (first, new List<StatementMeasure>());
        foreach (var statement in script.Statements)
        {
            var milliseconds = await TimeAsync(session, script, statement, cancellationToken);
            var after = await CopyState.ReadAsync(session, script.RunsInTransaction, cancellationToken);
            measures.Add(
                Measure(measures.Count + 1, statement, first, before, watched ?? after.Locks, after) with
                {
                    Milliseconds = milliseconds,
                }
            );
            before = after;
        }

        if (script.RunsInTransaction)
        {
            await session.SendAsync("commit", cancellationToken);
        }

        return measures;
    }

    static async Task<double> TimeAsync(
        CopySession session,
        MigrationScript script,
        SqlStatement statement,
        CancellationToken cancellationToken
    )
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            await session.SendAsync(statement.Text, cancellationToken);
        }
        catch (Npgsql.PostgresException refused)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"{script.Name} failed on the copy at line {statement.Line}: {refused.SqlState} {refused.MessageText}. "
                    + "No database but the copy was touched.",
                script.Name,
                refused
            );
        }

        return Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    static StatementMeasure Measure(
        int number,
        SqlStatement statement,
        CopyState first,
        CopyState before,
        IReadOnlySet<(uint Relation, string Mode)> locks,
        CopyState after
    )
    {
        var existed = before.Relations.Where(one => after.Relations.ContainsKey(one.Key)).ToArray();
        return new(
            number,
            statement.Line,
            statement.Text,
            [
                .. locks
                    .Except(before.Locks)
                    .Where(one => first.Relations.ContainsKey(one.Relation))
                    .GroupBy(one => one.Relation, one => one.Mode)
                    .Select(one => (Relation: first.Relations[one.Key], Modes: one))
                    .Select(one => new RelationLock(
                        one.Relation.Kind,
                        one.Relation.Name,
                        LockMode.Strongest(one.Modes),
                        [.. one.Modes.Order(StringComparer.Ordinal)],
                        one.Relation.Table
                    ))
                    .OrderBy(one => one.Kind == "table" ? 0 : 1)
                    .ThenBy(one => one.Relation, StringComparer.Ordinal),
            ],
            Named(existed.Where(one => after.Relations[one.Key].FileNode != one.Value.FileNode)),
            Named(after.Relations.Where(one => !before.Relations.ContainsKey(one.Key))),
            Named(before.Relations.Where(one => !after.Relations.ContainsKey(one.Key))),
            Rows(counts => counts.Read),
            Rows(counts => counts.Written),
            after.Wal - before.Wal,
            0
        );

        static string[] Named(IEnumerable<KeyValuePair<uint, CopyRelation>> relations) =>
            [
                .. relations
                    .Select(one => one.Value)
                    .OrderBy(one => one.Table, StringComparer.Ordinal)
                    .ThenBy(one => one.Kind == "table" ? 0 : 1)
                    .ThenBy(one => one.Name, StringComparer.Ordinal)
                    .Select(one => $"{one.Kind} {one.Name}"),
            ];

        TableRows[] Rows(Func<(long Read, long Written), long> count) =>
            [
                .. first
                    .Relations.Where(one => one.Value.Kind == "table")
                    .Select(one => new TableRows(
                        one.Value.Name,
                        count(after.Rows.GetValueOrDefault(one.Key)) - count(before.Rows.GetValueOrDefault(one.Key))
                    ))
                    .Where(one => one.Rows > 0)
                    .OrderBy(one => one.Table, StringComparer.Ordinal),
            ];
    }
}
