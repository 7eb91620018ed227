using System.Text.RegularExpressions;
using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>
/// What an interrupted CREATE INDEX CONCURRENTLY leaves: an index that costs every write, serves no read and has the
/// name that the next try wants.
/// </summary>
static partial class InvalidIndex
{
    /// <summary>Drops the index that <paramref name="script"/> is about to build, if it is there and INVALID.</summary>
    /// <exception cref="MigrationException">It is not left over: somebody is building it now.</exception>
    internal static async Task DropAsync(
        string connectionString,
        MigrationScript script,
        CancellationToken cancellationToken
    )
    {
        if (ConcurrentIndex().Match(script.Statements[0].Text) is not { Success: true } index)
            return;
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
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

        await using var drop = new NpgsqlCommand($"drop index concurrently {name}", connection);
        await drop.ExecuteNonQueryAsync(cancellationToken);
    }

    static string Unquoted(string name) =>
        name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name.ToLowerInvariant();

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
