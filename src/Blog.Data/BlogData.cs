using System.Diagnostics;
using System.Diagnostics.Metrics;
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

    static readonly ActivitySource source = new(SourceName);
    internal static readonly Meter Meter = new(SourceName);
    static readonly Histogram<double> durations = Meter.CreateHistogram<double>(
        "db.client.operation.duration",
        "s",
        "Round trips to the database, by query."
    );
    static readonly Counter<long> overBudget = Meter.CreateCounter<long>(
        "blog.sql.rows_over_budget",
        "{round trip}",
        "Round trips that returned more rows than the header of their query allows."
    );

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
        database = NpgsqlDataSource.Create(settings);
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
            query,
            arguments,
            transaction,
            async (command, passage) => new ResultSets(await connection.QueryMultipleAsync(command), passage),
            cancellationToken
        );

    /// <summary>Sends a query whose rows are read as they come, for as long as it takes; the round trip ends when they are disposed.</summary>
    internal static Task<ResultSets> StreamAsync(
        NpgsqlConnection connection,
        Query query,
        object? arguments,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
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
        var start = Stopwatch.GetTimestamp();
        try
        {
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception failure) when (DatabaseFailure.IsLossOfConnection(failure))
        {
            throw new OutcomeUnknownException(failure);
        }

        SqlUsage.Current?.RecordCommit(Stopwatch.GetElapsedTime(start));
    }

    static async Task<T> PassAsync<T>(
        Query query,
        object? arguments,
        NpgsqlTransaction? transaction,
        Func<CommandDefinition, Passage, Task<T>> send,
        CancellationToken cancellationToken,
        int? secondsToWait = null
    )
    {
        var passage = new Passage(query, arguments, isCommitted: query.Commits || transaction is null);
        try
        {
            return await send(
                new(query.Text, arguments, transaction, secondsToWait, cancellationToken: cancellationToken),
                passage
            );
        }
        catch (Exception failure)
        {
            passage.Fail(failure);
            passage.ThrowIfUnknown(failure);
            throw;
        }
    }

    /// <summary>One round trip on its way: its span, its clock, and where it is counted in the end, whether it succeeded or not.</summary>
    /// <param name="query">What is sent.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="isCommitted">Whether what it writes is committed when it ends.</param>
    internal sealed class Passage(Query query, object? arguments, bool isCommitted)
    {
        readonly long start = Stopwatch.GetTimestamp();
        readonly Activity? span = source
            .StartActivity(query.Id, ActivityKind.Client)
            ?.SetTag("db.system.name", "postgresql")
            .SetTag("db.query.summary", query.Id);

        public void End(long rows)
        {
            var elapsed = Stopwatch.GetElapsedTime(start);
            var allowed = query.Rows.For(arguments);
            var summary = new KeyValuePair<string, object?>("db.query.summary", query.Id);

            span?.SetTag("db.response.returned_rows", rows).Dispose();
            durations.Record(elapsed.TotalSeconds, summary);
            if (rows > allowed)
            {
                overBudget.Add(1, summary);
            }

            SqlUsage.Current?.Record(query, rows, allowed, elapsed);
        }

        public void ThrowIfUnknown(Exception failure)
        {
            if (isCommitted && query.Writes && DatabaseFailure.IsLossOfConnection(failure))
            {
                throw new OutcomeUnknownException(failure);
            }
        }

        public void Fail(Exception failure)
        {
            span?.SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            End(rows: 0);
        }
    }
}
