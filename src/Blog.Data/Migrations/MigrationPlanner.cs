using Blog.Data.Migrations.Review;
using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>Makes a plan of the state in which a database is, by the same texts that the runner sends.</summary>
static class MigrationPlanner
{
    /// <summary>From here to the end of the transaction nothing can be written, whatever is asked.</summary>
    internal static async Task ReadOnlyAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var set = new NpgsqlCommand("set transaction read only", connection);
        await set.ExecuteNonQueryAsync(cancellationToken);
    }

    internal static async Task<MigrationPlan> PlanAsync(
        NpgsqlConnection connection,
        IReadOnlyList<MigrationScript> scripts,
        MigrationJournal.Found found,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        var journalled = found.Rows.Select(row => row.Script).ToHashSet(StringComparer.Ordinal);
        MigrationScript[] pending = [.. scripts.Where(script => !journalled.Contains(script.Name))];
        var preparation = Preparation(scripts, found, options);
        var blocks = new List<string>();
        foreach (var script in pending)
        {
            var left = script.RunsInTransaction
                ? null
                : await LeftIndex.LookAsync(connection, script, cancellationToken);
            blocks.Add(MigrationPlanText.Block(script, options, left));
        }

        var names = pending.Select(script => script.Name).ToHashSet(StringComparer.Ordinal);
        var review = MigrationReview.Of(scripts);
        review = new(
            [.. review.Findings.Where(one => names.Contains(one.Script))],
            [.. review.Allowances.Where(one => names.Contains(one.Script))]
        );
        var server = $"{connection.Host}:{connection.Port}, PostgreSQL {connection.ServerVersion}";
        var text = MigrationPlanText.Of(connection.Database, server, found, pending, review, preparation, blocks);
        return new(
            connection.Database,
            server,
            [.. found.Rows.Select(row => row.Script)],
            Statements(preparation),
            [
                .. pending.Zip(
                    blocks,
                    (script, block) =>
                        new PlannedScript(script.Name, script.Checksum, script.RunsInTransaction, Statements(block))
                ),
            ],
            review,
            text,
            MigrationPlanText.ChecksumOf(text)
        );
    }

    /// <summary>What the runner does to the journal before the first script; empty where there is nothing to do.</summary>
    static string Preparation(
        IReadOnlyList<MigrationScript> scripts,
        MigrationJournal.Found found,
        MigrationOptions options
    )
    {
        var adopted = found
            .Rows.Where(row => row.Checksum is null)
            .Select(row => row.Script)
            .ToHashSet(StringComparer.Ordinal);
        MigrationScript[] adopt = [.. scripts.Where(script => adopted.Contains(script.Name))];
        if (found.Complete && adopt.Length == 0)
            return "";
        return MigrationPlanText.Transaction([
            ScriptFrame.LockTimeout(options.LockTimeout) + ";",
            MigrationJournal.Completion(found),
            .. adopt.Select(script =>
                MigrationJournal.Adoption($"'{script.Name}'", $"'{script.Checksum}'", "null::bigint") + ";"
            ),
        ]);
    }

    static IReadOnlyList<string> Statements(string sql) => [.. SqlText.Split(sql).Select(statement => statement.Text)];
}
