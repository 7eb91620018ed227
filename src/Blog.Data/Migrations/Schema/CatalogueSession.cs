using System.Data;
using Npgsql;

namespace Blog.Data.Migrations.Schema;

/// <summary>A session in which the catalogue reads the same wherever it is asked: one snapshot, and no setting of the role or the server.</summary>
static class CatalogueSession
{
    /// <exception cref="MigrationException">It did not go.</exception>
    internal static async Task<T> AskAsync<T>(
        string connectionString,
        Func<NpgsqlConnection, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var unpooled = new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = false,
                Multiplexing = false,
            };
            await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(
                IsolationLevel.RepeatableRead,
                cancellationToken
            );
            await SettleAsync(connection, cancellationToken);
            return await ask(connection, cancellationToken);
        }
        catch (NpgsqlException error)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"The catalogue cannot be read: {error.Message}",
                innerException: error
            );
        }
    }

    /// <summary>Every row of a query.</summary>
    internal static async Task<IReadOnlyList<T>> ListAsync<T>(
        this NpgsqlConnection connection,
        string sql,
        Func<NpgsqlDataReader, T> read,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }

    internal static string? TextOrNull(this NpgsqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Until the transaction ends: names with their schemas, constants in one spelling.</summary>
    internal static async Task SettleAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var settle = new NpgsqlCommand(
            """
            set local search_path = pg_catalog;
            set local quote_all_identifiers = off;
            set local standard_conforming_strings = on;
            set local datestyle = 'ISO, MDY';
            set local intervalstyle = postgres;
            set local timezone = 'UTC';
            set local extra_float_digits = 1;
            set local bytea_output = hex;
            """,
            connection
        );
        await settle.ExecuteNonQueryAsync(cancellationToken);
    }
}
