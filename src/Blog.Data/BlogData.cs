using System.Diagnostics;
using Blog.Data.Catalogue;
using Dapper;
using Npgsql;

namespace Blog.Data;

/// <summary>
/// The one door to the database. What goes through it is a query of the catalogue, its arguments, a transaction and a token;
/// each passage is counted in the current <see cref="SqlUsage"/> and is a span of the activity source <see cref="SourceName"/>.
/// </summary>
public sealed class BlogData : IAsyncDisposable
{
    /// <summary>Name of the activity source and of the meter.</summary>
    public const string SourceName = "Blog.Data";

    readonly NpgsqlDataSource database;

    static BlogData() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Connects nothing yet.</summary>
    /// <param name="connectionString">An Npgsql connection string, of the role blog_app.</param>
    /// <exception cref="ArgumentException">The text is not a connection string.</exception>
    public BlogData(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        settings.ApplicationName ??= "blog";
        Role = settings.Username ?? "";
        // The name stands in metrics in place of the connection string.
        database = new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = "blog" }.Build();
    }

    /// <summary>The role that it connects as; empty where the connection string names none.</summary>
    public string Role { get; }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => database.DisposeAsync();

    internal ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) =>
        database.OpenConnectionAsync(cancellationToken);

    /// <summary>Sends a query; the round trip ends when the result sets are disposed.</summary>
    internal static Task<ResultSets> QueryAsync(
        NpgsqlConnection connection,
        Query query,
        object? arguments,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            connection,
            query,
            arguments,
            transaction,
            async (command, passage) => new ResultSets(await connection.QueryMultipleAsync(command), passage),
            cancellationToken
        );

    /// <summary>Sends a query once more, because the first time another write was at the same rows.</summary>
    /// <exception cref="WriteConflictException">Strict budgets do not allow it once more; it is for the client to send it again.</exception>
    internal static async Task<ResultSets> QueryAgainAsync(
        NpgsqlConnection connection,
        Query query,
        object? arguments,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await QueryAsync(connection, query, arguments, transaction, cancellationToken);
        }
        catch (BudgetExceededException exceeded)
        {
            throw new WriteConflictException($"Another write was at the same rows. {exceeded.Message}.");
        }
    }

    /// <summary>Sends a query whose rows are read as they come, for as long as it takes; the round trip ends when they are disposed.</summary>
    internal static Task<ResultSets> StreamAsync(
        NpgsqlConnection connection,
        Query query,
        object? arguments,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            connection,
            query,
            arguments,
            null,
            async (command, passage) => new ResultSets(await connection.QueryMultipleAsync(command), passage),
            cancellationToken,
            secondsToWait: 0
        );

    /// <summary>Sends a query that returns no rows.</summary>
    /// <returns>The affected count.</returns>
    internal static Task<int> ExecuteAsync(
        NpgsqlConnection connection,
        Query query,
        object? arguments,
        NpgsqlTransaction? transaction,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            connection,
            query,
            arguments,
            transaction,
            async (command, passage) =>
            {
                var affected = await connection.ExecuteAsync(command);
                passage.End(rows: 0);
                return affected;
            },
            cancellationToken
        );

    /// <summary>Commits; what was done is durable when this returns.</summary>
    /// <exception cref="OutcomeUnknownException">The connection was lost meanwhile.</exception>
    internal static async Task CommitAsync(NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        SqlUsage.Current?.Admit("commit", statements: 0);
        var span = DoorSignals.BeginCommit(transaction.Connection!);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            DoorSignals.EndCommit(span, Stopwatch.GetElapsedTime(start), failure);
            if (DatabaseFailure.IsLossOfConnection(failure))
            {
                throw new OutcomeUnknownException(failure);
            }

            throw;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        DoorSignals.EndCommit(span, elapsed, failure: null);
        SqlUsage.Current?.RecordCommit(elapsed);
    }

    static async Task<T> PassAsync<T>(
        NpgsqlConnection connection,
        Query query,
        object? arguments,
        NpgsqlTransaction? transaction,
        Func<CommandDefinition, Passage, Task<T>> send,
        CancellationToken cancellationToken,
        int? secondsToWait = null
    )
    {
        SqlUsage.Current?.Admit(query.Id, query.Statements.Count);
        var passage = new Passage(connection, query, arguments, isCommitted: query.Commits || transaction is null);
        try
        {
            return await send(
                new(query.Text, arguments, transaction, secondsToWait, cancellationToken: cancellationToken),
                passage
            );
        }
        catch (Exception failure)
        {
            passage.Note(failure);
            passage.End(rows: 0);
            passage.ThrowIfUnknown(failure);
            throw;
        }
    }

    /// <summary>One round trip on its way: its span, its clock, and where it is counted in the end, whether it succeeded or not.</summary>
    /// <param name="connection">The way it takes.</param>
    /// <param name="query">What is sent.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="isCommitted">Whether what it writes is committed when it ends.</param>
    internal sealed class Passage(NpgsqlConnection connection, Query query, object? arguments, bool isCommitted)
    {
        readonly long allowedRows = query.Rows.For(arguments);
        readonly long start = Stopwatch.GetTimestamp();
        readonly Activity? span = DoorSignals.Begin(query.Id, connection);
        Exception? failed;

        /// <summary>To be told how it failed, before it ends.</summary>
        public void Note(Exception failure) => failed ??= failure;

        /// <inheritdoc cref="SqlUsage.AdmitRows" />
        public void Admit(long rows) => SqlUsage.Current?.AdmitRows(query, rows, allowedRows, isCommitted);

        public void End(long rows)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            span?.SetTag("db.response.returned_rows", rows);
            DoorSignals.End(span, query.Id, elapsed, failed);
            if (rows > allowedRows)
            {
                DoorSignals.CountRowsOverBudget(query.Id);
            }

            SqlUsage.Current?.Record(
                query,
                arguments,
                rows,
                allowedRows,
                elapsed,
                isStored: isCommitted && failed is null
            );
        }

        public void ThrowIfUnknown(Exception failure)
        {
            if (isCommitted && query.Writes && DatabaseFailure.IsLossOfConnection(failure))
            {
                throw new OutcomeUnknownException(failure);
            }
        }
    }
}
