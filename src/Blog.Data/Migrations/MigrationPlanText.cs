using System.Security.Cryptography;
using System.Text;
using Blog.Data.Migrations.Review;

namespace Blog.Data.Migrations;

/// <summary>A plan as a file: a header of comments, the statements in order, and the checksum of both in the last line.</summary>
static class MigrationPlanText
{
    const string ServerLine = "-- server:   ";
    const string ChecksumLine = "-- sha256 of everything above: ";

    const string Head = """
        -- The plan of blog migrate: what "blog migrate apply" would do on this database, statement by statement.
        -- The same scripts for a database in the same state give the same bytes, and there is no date in them: a signature is of what is done.
        -- run:      blog migrate apply --plan FILE; or psql -X -v ON_ERROR_STOP=1 -f FILE, which does not try again where a lock is not to be had
        """;

    /// <summary>
    /// In no other database than the one that was planned, and only one at a time, by the lock that the runner takes; asked for and not waited for, as a
    /// runner does.
    /// </summary>
    static string Lock(string database) =>
        $$"""
            do $plan$
            begin
              if pg_catalog.current_database() <> '{{database.Replace("'", "''", StringComparison.Ordinal)}}' then
                raise exception 'this is the plan of another database';
              end if;
              if not pg_catalog.pg_try_advisory_lock({{MigrationLock.Key}}) then
                raise exception 'another runner has the migration lock';
              end if;
            end
            $plan$;
            """;

    const string Unlock = $"select pg_catalog.pg_advisory_unlock({MigrationLock.Key});";

    /// <summary>The runner gives each script a session of its own.</summary>
    const string FreshSession = "reset session authorization;\nreset all;\ndiscard temp;";

    internal static string Of(
        string database,
        string server,
        MigrationJournal.Found found,
        IReadOnlyList<MigrationScript> pending,
        MigrationReview review,
        string preparation,
        IReadOnlyList<string> blocks
    )
    {
        var text = new StringBuilder();
        Line(Head);
        Line($"-- database: {database.ReplaceLineEndings(" ")}");
        Line(ServerLine + server.ReplaceLineEndings(" "));
        Line($"-- journal:  {found.Rows.Count} applied{(found.Exists ? "" : "; it is made below")}");
        foreach (var row in found.Rows)
            Line($"--   {row.Script} {row.Checksum ?? "by DbUp: its checksum is stored below"}");
        Line($"-- scripts:  {pending.Count} to apply");
        foreach (var script in pending)
            Line($"--   {script.Name} {script.Checksum}{(script.RunsInTransaction ? "" : " without a transaction")}");
        Line($"-- review:   {review.Findings.Count} found, {review.Allowances.Count} allowed");
        foreach (var one in review.Findings)
            Line($"--   {one.Script}:{one.Line} {one.Rule}: {one.Problem.ReplaceLineEndings(" ")}");
        foreach (var one in review.Allowances)
            Line($"--   {one.Script}:{one.Line} {one.Rule} is allowed: {one.Reason}");
        if (preparation.Length > 0 || blocks.Count > 0)
        {
            Line($"\n{Lock(database)}");
            if (preparation.Length > 0)
                Line($"\n-- The journal\n{preparation}");
            foreach (var (script, block) in pending.Zip(blocks))
                Line($"\n-- {script.Name}\n{block}\n{FreshSession}");
            Line($"\n{Unlock}");
        }

        text.Append('\n');
        return $"{text}{ChecksumLine}{Sha256(text.ToString())}\n";

        void Line(string line) => text.Append(line).Append('\n');
    }

    /// <summary>All that is sent for a script.</summary>
    /// <param name="left">The index that an interrupted try has left; null where it left none.</param>
    internal static string Block(MigrationScript script, MigrationOptions options, LeftIndex.Found? left)
    {
        if (left is { IsValid: true })
        {
            return $"-- {left.Name} is there already, whole: apply compares it with the script, and stops where it is another.\n"
                + Transaction([Journalled(script, "0")]);
        }

        var before = ScriptFrame.Before(script, options).Select(statement => statement + ";");
        return script.RunsInTransaction
            ? Transaction([
                .. before,
                Closed(script.Text),
                .. ScriptFrame.After.Select(statement => statement + ";"),
                Journalled(script, "(extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)::bigint"),
            ])
            : string.Join(
                '\n',
                [
                    .. left is null ? before : before.Append(left.Drop + ";"),
                    Closed(script.Text),
                    Transaction([Journalled(script, "null")]),
                ]
            );
    }

    internal static string Transaction(IReadOnlyList<string> statements) =>
        string.Join('\n', ["begin;", .. statements.Where(statement => statement.Length > 0), "commit;"]);

    internal static bool IsServer(string? line) => line?.StartsWith(ServerLine, StringComparison.Ordinal) ?? false;

    /// <summary>Whether the last line is the checksum of those above it.</summary>
    internal static bool IsWhole(string text)
    {
        var at = text.LastIndexOf(ChecksumLine, StringComparison.Ordinal);
        return at >= 0
            && string.Equals(
                text[(at + ChecksumLine.Length)..].TrimEnd('\n'),
                Sha256(text[..at]),
                StringComparison.Ordinal
            );
    }

    /// <summary>What the last line says.</summary>
    internal static string ChecksumOf(string plan) =>
        plan[(plan.LastIndexOf(ChecksumLine, StringComparison.Ordinal) + ChecksumLine.Length)..].TrimEnd('\n');

    static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    static string Journalled(MigrationScript script, string duration) =>
        MigrationJournal.Addition($"'{script.Name}'", "localtimestamp", $"'{script.Checksum}'", duration) + ";";

    /// <summary>The text as it is, with a semicolon where its last statement has none.</summary>
    static string Closed(string text)
    {
        var isClosed = SqlText.Split(text + "\nselect 1").Count > SqlText.Split(text).Count;
        return isClosed ? text.TrimEnd('\n') : $"{text.TrimEnd('\n')}\n;";
    }
}
