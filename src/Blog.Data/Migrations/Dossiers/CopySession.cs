using System.Diagnostics;
using Npgsql;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>A superuser's session on the copy, outside any pool.</summary>
sealed class CopySession : IAsyncDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(10);
    static readonly TimeSpan glance = TimeSpan.FromMilliseconds(2);

    readonly NpgsqlConnection connection;

    CopySession(NpgsqlConnection connection) => (this.connection, Pid) = (connection, connection.ProcessID);

    /// <summary>The pid of its server process.</summary>
    internal int Pid { get; }

    internal static async Task<CopySession> OpenAsync(
        string connectionString,
        CancellationToken cancellationToken,
        string? database = null
    )
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, CommandTimeout = 0 };
        settings.Database = database ?? settings.Database;
        var opened = new NpgsqlConnection(settings.ConnectionString);
        await opened.OpenAsync(cancellationToken);
        return new(opened);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();

    /// <summary>Sends one statement and waits for its end.</summary>
    internal async Task SendAsync(string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The rows of an answer.</summary>
    internal async Task<List<T>> ReadAsync<T>(
        string statement,
        Func<NpgsqlDataReader, T> row,
        CancellationToken cancellationToken,
        params object[] arguments
    )
    {
        await using var command = new NpgsqlCommand(statement, connection);
        foreach (var argument in arguments)
        {
            command.Parameters.Add(new() { Value = argument });
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(row(reader));
        }

        return rows;
    }

    /// <summary>The first column of the first row.</summary>
    internal async Task<T> AskAsync<T>(string statement, CancellationToken cancellationToken, params object[] arguments)
        where T : notnull =>
        (await ReadAsync(statement, row => row.GetFieldValue<T>(0), cancellationToken, arguments))[0];

    /// <summary>Waits until nobody else is in this database: a session that was closed takes a moment to end and to leave its statistics.</summary>
    internal Task AloneAsync(CancellationToken cancellationToken) =>
        UntilAsync(
            async () =>
                await AskAsync<long>(
                    """
                    select count(*) from pg_catalog.pg_stat_activity
                    where datname = pg_catalog.current_database() and pid <> pg_catalog.pg_backend_pid() and backend_type = 'client backend'
                    """,
                    cancellationToken
                ) == 0,
            "somebody else is connected to the copy that the dossier is measured on",
            cancellationToken
        );

    /// <summary>Looks again and again until something is so.</summary>
    /// <exception cref="TimeoutException">It did not become so.</exception>
    internal static async Task UntilAsync(Func<Task<bool>> isSo, string otherwise, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
            {
                throw new TimeoutException($"For {patience.TotalSeconds:0} s {otherwise}.");
            }

            await Task.Delay(glance, cancellationToken);
        }
    }
}
