using Npgsql;

namespace Blog.LocalPostgres;

/// <summary>A database of its own beside <c>blog</c> on the private server, kept until what it was made for changes.</summary>
/// <param name="server">Running.</param>
/// <param name="name">Lower-case letters and underscores.</param>
public sealed class LocalDatabase(LocalServer server, string name)
{
    /// <summary>What it is called on the server.</summary>
    public string Name => name;

    /// <summary>As <see cref="LocalServer.ConnectionString"/>, for this database.</summary>
    public string ConnectionString(string role) => server.ConnectionString(role, name);

    /// <summary>Whether it is there and was marked so when it was complete.</summary>
    public async Task<bool> HasMarkAsync(string mark, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync("postgres", cancellationToken);
        await using var find = new NpgsqlCommand(
            "select pg_catalog.shobj_description(oid, 'pg_database') from pg_catalog.pg_database where datname = $1",
            connection
        )
        {
            Parameters = { new() { Value = name } },
        };
        return await find.ExecuteScalarAsync(cancellationToken) is string found && found == mark;
    }

    /// <summary>Drops it, whoever is connected, and makes it anew and empty.</summary>
    public async Task RecreateAsync(CancellationToken cancellationToken)
    {
        await using (var connection = await OpenAsync("postgres", cancellationToken))
        {
            await SendAsync(connection, $"drop database if exists {name} with (force)", cancellationToken);
            await SendAsync(connection, $"create database {name} template template0", cancellationToken);
        }

        await LocalServer.CreateExtensionAsync(ConnectionString("postgres"), cancellationToken);
    }

    /// <summary>Drops it, whoever is connected.</summary>
    public async Task DropAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync("postgres", cancellationToken);
        await SendAsync(connection, $"drop database if exists {name} with (force)", cancellationToken);
    }

    /// <summary>Sends statements one after the other as a superuser, each outside of a transaction, for as long as they take.</summary>
    /// <param name="statements">Complete, without semicolons.</param>
    /// <param name="step">Called before each of them.</param>
    /// <param name="cancellationToken">Ends the one under way.</param>
    public async Task SendAsync(IReadOnlyList<string> statements, Action<int> step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentNullException.ThrowIfNull(step);
        await using var connection = await OpenAsync(name, cancellationToken);
        for (var at = 0; at < statements.Count; at++)
        {
            step(at);
            await SendAsync(connection, statements[at], cancellationToken);
        }
    }

    /// <summary>Says that it is complete, and what it was made for.</summary>
    /// <param name="mark">Letters and digits.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task MarkAsync(string mark, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(name, cancellationToken);
        await SendAsync(connection, $"comment on database {name} is '{mark}'", cancellationToken);
    }

    /// <summary>Takes away what rolled back writes have left, in the indexes too: else their pages would have to be looked at.</summary>
    public async Task VacuumAsync(CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(name, cancellationToken);
        await SendAsync(connection, "vacuum (index_cleanup on)", cancellationToken);
    }

    async Task<NpgsqlConnection> OpenAsync(string database, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(server.ConnectionString("postgres", database) + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    static async Task SendAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
