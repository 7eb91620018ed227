using System.Text.RegularExpressions;
using Npgsql;

namespace Blog.Data.Migrations;

/// <summary>
/// What an interrupted run of a CREATE INDEX CONCURRENTLY leaves, which no transaction takes back: an INVALID index, which costs every
/// write and serves no read, or a whole one that is in no journal. Both have the name that the next try wants.
/// </summary>
static partial class LeftIndex
{
    /// <summary>Whether the script builds an index concurrently, which may leave one.</summary>
    internal static bool IsBuiltBy(MigrationScript script) => ConcurrentIndex().IsMatch(script.Statements[0].Text);

    /// <summary>Drops the index that <paramref name="script"/> is about to build, if it is there and INVALID.</summary>
    /// <returns>Whether it is there whole and as the script makes it: all that is missing is its row of the journal.</returns>
    /// <exception cref="MigrationException">It is not left over: somebody is building it now, or another index has its name.</exception>
    internal static async Task<bool> ClearAsync(
        string connectionString,
        MigrationScript script,
        CancellationToken cancellationToken
    )
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);
        if (await LookAsync(connection, script, cancellationToken) is not { } found)
        {
            return false;
        }

        if (!found.IsValid)
        {
            await SendAsync(connection, found.Drop, cancellationToken);
            return false;
        }

        var index = ConcurrentIndex().Match(script.Statements[0].Text);
        var wanted = await DescribeAsync(connection, script.Statements[0].Text, index, cancellationToken);
        return wanted == found.Definition
            ? true
            : throw new MigrationException(
                MigrationFailure.Failed,
                $"{script.Name}: there is another index {found.Name} already: {found.Definition}. The script makes: {wanted}. Nothing was run. "
                    + "Drop or rename the one that is there.",
                script.Name
            );
    }

    /// <summary>Reads only. Null where there is none of the name, or the script builds no index.</summary>
    /// <exception cref="MigrationException">Somebody is building it now.</exception>
    internal static async Task<Found?> LookAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        CancellationToken cancellationToken
    )
    {
        if (
            ConcurrentIndex().Match(script.Statements[0].Text) is not { Success: true } index
            || await FindAsync(connection, index, cancellationToken) is not { } found
        )
        {
            return null;
        }

        return found.Builder is not { } pid
            ? found
            : throw new MigrationException(
                MigrationFailure.Locked,
                $"{script.Name}: pid {pid} is building {found.Name} at this moment. Nothing was run. Wait for it to end.",
                script.Name
            );
    }

    static async Task<Found?> FindAsync(NpgsqlConnection connection, Match index, CancellationToken cancellationToken)
    {
        await using var find = new NpgsqlCommand(
            """
            select pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), i.indisvalid,
              pg_catalog.pg_get_indexdef(c.oid), p.pid
            from pg_catalog.pg_class c
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            join pg_catalog.pg_index i on i.indexrelid = c.oid
            left join pg_catalog.pg_stat_progress_create_index p on p.index_relid = c.oid
            where c.relname = $1 and n.nspname = coalesce(nullif($2, ''), pg_catalog.current_schema())
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = Unquoted(index.Groups["name"].Value) },
                new() { Value = Unquoted(index.Groups["schema"].Value) },
            },
        };
        await using var reader = await find.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new(
                reader.GetString(0),
                reader.GetBoolean(1),
                reader.GetString(2),
                await reader.IsDBNullAsync(3, cancellationToken) ? null : reader.GetInt32(3)
            )
            : null;
    }

    /// <summary>
    /// How the server itself writes down the index of a statement: it makes it on an empty table of the same columns, beside the real one and in a
    /// transaction that is rolled back, and the name of that table is put right.
    /// </summary>
    static async Task<string> DescribeAsync(
        NpgsqlConnection connection,
        string statement,
        Match index,
        CancellationToken cancellationToken
    )
    {
        const string Twin = "blog_migrate_twin";
        var schema = index.Groups["schema"];
        var table = index.Groups["table"];
        var where = schema.Success ? $"{schema.Value}." : "";
        var onTwin = string.Concat(
            statement.AsSpan(0, index.Groups["concurrently"].Index),
            "blog_migrate_index on ",
            where,
            Twin + statement[(table.Index + table.Length)..]
        );
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await SendAsync(
            connection,
            $"create table {where}{Twin} (like {where}{table.Value}); {onTwin}",
            cancellationToken
        );
        await using var describe = new NpgsqlCommand(
            "select pg_catalog.pg_get_indexdef(c.oid) from pg_catalog.pg_class c where c.relname = 'blog_migrate_index'",
            connection
        );
        var definition = (string)(await describe.ExecuteScalarAsync(cancellationToken))!;
        await transaction.RollbackAsync(cancellationToken);
        return definition
            .Replace(
                " INDEX blog_migrate_index ON ",
                $" INDEX {Quoted(index.Groups["name"].Value)} ON ",
                StringComparison.Ordinal
            )
            .Replace($".{Twin} USING ", $".{Quoted(table.Value)} USING ", StringComparison.Ordinal);
    }

    static async Task SendAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static string Unquoted(string name) =>
        name.StartsWith('"') ? name[1..^1].Replace("\"\"", "\"", StringComparison.Ordinal) : name.ToLowerInvariant();

    /// <summary>As the server writes a name: in quotes only where it needs them.</summary>
    static string Quoted(string name)
    {
        var plain = Unquoted(name);
        return PlainName().IsMatch(plain) ? plain : $"\"{plain.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    [GeneratedRegex(
        """
            ^create\s+(unique\s+)?index\s+(?<concurrently>concurrently\s+(if\s+not\s+exists\s+)?)(?<name>"([^"]|"")+"|[\w$]+)
            \s+on\s+(only\s+)?((?<schema>"([^"]|"")+"|[\w$]+)\s*\.\s*)?(?<table>"([^"]|"")+"|[\w$]+)
            """,
        RegexOptions.IgnoreCase
            | RegexOptions.CultureInvariant
            | RegexOptions.ExplicitCapture
            | RegexOptions.IgnorePatternWhitespace,
        1000
    )]
    private static partial Regex ConcurrentIndex();

    [GeneratedRegex("^[a-z_][a-z0-9_$]*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex PlainName();

    /// <param name="Name">With its schema, quoted.</param>
    /// <param name="IsValid">False: its build was interrupted.</param>
    /// <param name="Definition">As the server writes it down.</param>
    /// <param name="Builder">Who is building it now; null where nobody is.</param>
    internal sealed record Found(string Name, bool IsValid, string Definition, int? Builder)
    {
        /// <summary>The statement that drops it.</summary>
        public string Drop => $"drop index concurrently {Name}";
    }
}
