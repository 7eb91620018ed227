using System.Data;
using Npgsql;

namespace Blog.Data.Migrations.Released;

/// <summary>Whether the statements of a release still work on a database: they are prepared and planned there, and not executed.</summary>
public static class ReleasedCheck
{
    /// <summary>The statements that this schema, or these rights, no longer serve.</summary>
    /// <param name="connectionString">Of the role that the service connects as.</param>
    /// <param name="released">The statements.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>In their order, each with the first reason found; empty where all of them work.</returns>
    /// <exception cref="NpgsqlException">The database cannot be reached.</exception>
    public static async Task<IReadOnlyList<BrokenStatement>> FindAsync(
        string connectionString,
        ReleasedCatalogue released,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(released);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        // A script may have made types that the driver has not heard of.
        await connection.ReloadTypesAsync(cancellationToken);
        await SendAsync(connection, "set plan_cache_mode = force_generic_plan", cancellationToken);
        var denied = await DeniedAsync(connection, released, cancellationToken);
        var broken = new List<BrokenStatement>();
        foreach (var statement in released.Statements)
        {
            if (await ReasonAsync(connection, statement, denied, cancellationToken) is { } reason)
            {
                broken.Add(new(statement.Name, reason));
            }
        }

        return broken;
    }

    static async Task<string?> ReasonAsync(
        NpgsqlConnection connection,
        ReleasedStatement statement,
        HashSet<string> denied,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await SendAsync(connection, statement.Prepare, cancellationToken);
        }
        catch (PostgresException refused)
        {
            return refused.MessageText;
        }

        try
        {
            var returns = await DescribeAsync(connection, statement, cancellationToken);
            if (!returns.SequenceEqual(statement.Returns.Select(column => column.ToString()), StringComparer.Ordinal))
            {
                return Differing(returns, [.. statement.Returns.Select(column => column.ToString())]);
            }

            // Preparing asks for no right to a table; making its plan ready to run does.
            await SendAsync(connection, $"explain {statement.Execute}", cancellationToken);
        }
        catch (PostgresException refused)
        {
            return refused.MessageText;
        }
        finally
        {
            await SendAsync(connection, statement.Deallocate, CancellationToken.None);
        }

        // What is called for an index, or by another function, is looked at when a row is written; a sequence when it is drawn from.
        return statement
            .Functions.Select(name => $"function {name}")
            .Concat(statement.Sequences.Select(name => $"sequence {name}"))
            .Where(denied.Contains)
            .Select(name => $"permission denied for {name}")
            .FirstOrDefault();
    }

    static string Differing(IReadOnlyList<string> now, IReadOnlyList<string> then)
    {
        var gone = string.Join(", ", then.Except(now, StringComparer.Ordinal));
        var come = string.Join(", ", now.Except(then, StringComparer.Ordinal));
        return (gone, come) switch
        {
            (_, "") => $"does not return {gone} any more",
            ("", _) => $"also returns {come}",
            _ => $"returns {come} in place of {gone}",
        };
    }

    static async Task<IReadOnlyList<string>> DescribeAsync(
        NpgsqlConnection connection,
        ReleasedStatement statement,
        CancellationToken cancellationToken
    )
    {
        await using var execute = new NpgsqlCommand(statement.Execute, connection);
        await using var reader = await execute.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
        return
        [
            .. Enumerable
                .Range(0, reader.FieldCount)
                .Select(field => $"{reader.GetName(field)} {reader.GetDataTypeName(field)}"),
        ];
    }

    /// <summary>The functions and sequences that are there and that this role may not use; one that is missing is found by preparing.</summary>
    static async Task<HashSet<string>> DeniedAsync(
        NpgsqlConnection connection,
        ReleasedCatalogue released,
        CancellationToken cancellationToken
    )
    {
        await using var select = new NpgsqlCommand(
            """
            select 'function ' || p.proname
            from pg_catalog.pg_proc p
            where p.pronamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog') and p.proname = any ($1)
            group by p.proname
            having not bool_or(pg_catalog.has_function_privilege(p.oid, 'execute'))
            union all
            select 'sequence ' || c.relname
            from pg_catalog.pg_class c
            where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'blog') and c.relname = any ($2)
              and case when c.relkind = 'S' then not pg_catalog.has_sequence_privilege(c.oid, 'usage') else false end
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = Names(statement => statement.Functions) },
                new() { Value = Names(statement => statement.Sequences) },
            },
        };
        await using var reader = await select.ExecuteReaderAsync(cancellationToken);
        var denied = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            denied.Add(reader.GetString(0));
        }

        return denied;

        string[] Names(Func<ReleasedStatement, IEnumerable<string>> of) =>
            [.. released.Statements.SelectMany(of).Distinct(StringComparer.Ordinal)];
    }

    static async Task SendAsync(NpgsqlConnection connection, string command, CancellationToken cancellationToken)
    {
        await using var sent = new NpgsqlCommand(command, connection);
        await sent.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>A statement of the last release that no longer works.</summary>
/// <param name="Name">As in its comment: <c>users/get_user 1</c>.</param>
/// <param name="Reason">What the server says, or what it returns now; without a full stop.</param>
public sealed record BrokenStatement(string Name, string Reason)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name}: {Reason}";
}
