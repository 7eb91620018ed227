using System.Diagnostics;
using Blog.Data.Catalogue;
using Blog.Data.Tags;
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

    readonly Pools pools;
    readonly PoolQueue queue;
    long failedInside;

    static BlogData() => DefaultTypeMap.MatchNamesWithUnderscores = true;

    /// <summary>Streams that run at once, where nobody says otherwise.</summary>
    public const int UsualStreams = 4;

    /// <summary>Connects nothing yet.</summary>
    /// <param name="connectionString">An Npgsql connection string, of the role blog_app.</param>
    /// <param name="streams">For how many imports and exports at once connections are kept, at most for half of those that the connection string allows.</param>
    /// <exception cref="ArgumentException">The text is not a connection string.</exception>
    public BlogData(string connectionString, int streams = UsualStreams)
        : this(connectionString, streams, tellsDetails: false) { }

    /// <inheritdoc cref="BlogData(string, int)" />
    /// <param name="connectionString">An Npgsql connection string.</param>
    /// <param name="streams">As there.</param>
    /// <param name="tellsDetails">Whether the messages of the server have their details, which may hold values.</param>
    internal BlogData(string connectionString, int streams, bool tellsDetails)
    {
        var settings = ConnectionText.Complete(connectionString, tellsDetails);
        Role = settings.Username ?? "";
        pools = new(settings, streams);
        queue = new(pools.Places);
    }

    /// <summary>How many connections it may have at once, of all kinds.</summary>
    public int Connections => pools.Connections;

    /// <summary>How many of them streams may have: no more run at once.</summary>
    public int Streams => pools.OfStreams;

    /// <summary>How many requests may have a connection at the same time.</summary>
    internal int Places => pools.Places;

    /// <summary>The role that it connects as; empty where the connection string names none.</summary>
    public string Role { get; }

    /// <summary>The names of tags that were read before.</summary>
    internal TagMemory TagMemory { get; } = new();

    /// <summary>When the server last said of itself that something in it is wrong (class XX); null where it never did.</summary>
    internal TimeSpan? SinceFailureInside =>
        Volatile.Read(ref failedInside) is > 0 and var then ? Stopwatch.GetElapsedTime(then) : null;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await pools.DisposeAsync();
        queue.Dispose();
    }

    /// <summary>A connection of the pool, when it is the caller's turn.</summary>
    /// <exception cref="PoolQueueException">Too many wait for one, or it took too long.</exception>
    /// <exception cref="NoConnectionException">The database took none.</exception>
    internal async ValueTask<Session> OpenAsync(CancellationToken cancellationToken, long? since = null)
    {
        await queue.EnterAsync(cancellationToken, since);
        try
        {
            if (Deadline.Current is { HasGone: true })
            {
                throw new OperationCanceledException(cancellationToken);
            }

            return new(this, await ConnectAsync(pools.Requests, cancellationToken), queue);
        }
        catch
        {
            queue.Leave();
            throw;
        }
    }

    /// <inheritdoc cref="PoolQueue.WaitAsync{T}(Task{T}, CancellationToken)" />
    internal Task<T> WaitInQueueAsync<T>(Task<T> turn, CancellationToken cancellationToken) =>
        queue.WaitAsync(turn, cancellationToken);

    /// <summary>A connection past the queue, for those who have it for as long as a client likes.</summary>
    /// <exception cref="NoConnectionException">The database took none, or there are more streams than connections for them.</exception>
    internal async ValueTask<Session> OpenStreamAsync(CancellationToken cancellationToken) =>
        new(this, await ConnectAsync(pools.Streams, cancellationToken), queue: null);

    /// <summary>A connection past the queue, with nothing prepared on it, for those who look whether the service can work.</summary>
    /// <exception cref="NoConnectionException">The database took none.</exception>
    internal async ValueTask<Session> OpenWatchAsync(CancellationToken cancellationToken) =>
        new(this, await ConnectAsync(pools.Watch, cancellationToken), queue: null);

    /// <summary>To be told how a query failed: some failures say more than that.</summary>
    internal void Note(Exception failure)
    {
        switch (failure)
        {
            case PostgresException { SqlState: PostgresErrorCodes.ReadOnlySqlTransaction }:
                // The server is not the one that takes writes any more, and the driver remembers otherwise.
                pools.ForgetHosts();
                // The one that does may not have heard of the last renames.
                TagMemory.Forget();
                break;
            case not null when DatabaseFailure.IsLossOfConnection(failure):
                // What ended one has seldom ended that one alone: another attempt does not go through all that are dead.
                pools.Clear();
                // Behind another connection may be another server, which has not heard of the last renames.
                TagMemory.Forget();
                break;
            case PostgresException postgres:
                if (postgres.SqlState.StartsWith("XX", StringComparison.Ordinal))
                {
                    Volatile.Write(ref failedInside, Stopwatch.GetTimestamp());
                }

                if (DatabaseFailure.IsOfAnotherSchema(postgres))
                {
                    // What is prepared was prepared for another. Nor does the driver remember what a statement returns that failed before
                    // it ran for the first time: its answers are misread from then on (https://github.com/npgsql/npgsql/issues/6391).
                    pools.Clear();
                }

                break;
        }
    }

    /// <exception cref="UnansweredException">It did not open until the deadline, nor end when it was cancelled.</exception>
    static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource pool, CancellationToken cancellationToken)
    {
        var opening = pool.OpenConnectionAsync(cancellationToken).AsTask();
        if (
            !opening.IsCompleted
            && Deadline.Current is { } deadline
            && await Task.WhenAny(opening, deadline.Lost) != opening
        )
        {
            _ = CloseAsync(opening);
            throw new UnansweredException();
        }

        try
        {
            return await opening;
        }
        catch (NpgsqlException failure) when (failure is not PostgresException)
        {
            throw new NoConnectionException(failure);
        }
    }

    /// <summary>Nobody waits for it any longer; where it opens all the same it goes to the pool.</summary>
    static async Task CloseAsync(Task<NpgsqlConnection> opening)
    {
        await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (opening.IsCompletedSuccessfully)
        {
            await (await opening).DisposeAsync();
        }
    }

    /// <summary>Sends a query; the round trip ends when the result sets are disposed.</summary>
    internal static Task<ResultSets> QueryAsync(
        Session session,
        Query query,
        object? arguments,
        Transaction? transaction,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            session,
            query,
            arguments,
            transaction,
            async (command, passage) => new ResultSets(await session.Connection.QueryMultipleAsync(command), passage),
            cancellationToken
        );

    /// <summary>Sends a query once more, because the first time another write was at the same rows.</summary>
    /// <exception cref="WriteConflictException">Strict budgets do not allow it once more; it is for the client to send it again.</exception>
    internal static async Task<ResultSets> QueryAgainAsync(
        Session session,
        Query query,
        object? arguments,
        Transaction? transaction,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await QueryAsync(session, query, arguments, transaction, cancellationToken);
        }
        catch (BudgetExceededException exceeded)
        {
            throw new WriteConflictException($"Another write was at the same rows. {exceeded.Message}.");
        }
    }

    /// <summary>Sends a query whose rows are read as they come, for as long as it takes; the round trip ends when they are disposed.</summary>
    internal static Task<ResultSets> StreamAsync(
        Session session,
        Query query,
        object? arguments,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            session,
            query,
            arguments,
            null,
            async (command, passage) => new ResultSets(await session.Connection.QueryMultipleAsync(command), passage),
            cancellationToken,
            secondsToWait: 0
        );

    /// <summary>Sends a query that returns no rows.</summary>
    /// <returns>The affected count.</returns>
    internal static Task<int> ExecuteAsync(
        Session session,
        Query query,
        object? arguments,
        Transaction? transaction,
        CancellationToken cancellationToken
    ) =>
        PassAsync(
            session,
            query,
            arguments,
            transaction,
            async (command, passage) =>
            {
                var affected = await session.Connection.ExecuteAsync(command);
                passage.ThrowIfInDoubt();
                passage.End(rows: 0);
                return affected;
            },
            cancellationToken
        );

    /// <summary>Commits; what was done is durable when this returns.</summary>
    /// <exception cref="OutcomeUnknownException">The connection was lost meanwhile, the deadline came, or the copies of the server were not waited for.</exception>
    internal static async Task CommitAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        SqlUsage.Current?.Admit("commit", statements: 0);
        var session = transaction.Session;
        var span = DoorSignals.BeginCommit(session.Connection);
        var start = Stopwatch.GetTimestamp();
        try
        {
            await session.WithinAsync(transaction.Driver.CommitAsync(cancellationToken));
            session.ThrowIfInDoubt();
        }
        catch (Exception failure)
        {
            DoorSignals.EndCommit(span, Stopwatch.GetElapsedTime(start), failure);
            session.Note(failure);
            session.ThrowIfUnknown(failure);
            throw;
        }

        var elapsed = Stopwatch.GetElapsedTime(start);
        DoorSignals.EndCommit(span, elapsed, failure: null);
        SqlUsage.Current?.RecordCommit(elapsed);
    }

    static async Task<T> PassAsync<T>(
        Session session,
        Query query,
        object? arguments,
        Transaction? transaction,
        Func<CommandDefinition, Passage, Task<T>> send,
        CancellationToken cancellationToken,
        int? secondsToWait = null
    )
    {
        SqlUsage.Current?.Admit(query.Id, query.Statements.Count);
        var passage = new Passage(session, query, arguments, isCommitted: query.Commits || transaction is null);
        try
        {
            return await session.WithinAsync(
                send(
                    new(
                        query.TextWithin(Deadline.Current?.Rest, isInTransaction: transaction is not null),
                        arguments,
                        transaction?.Driver,
                        secondsToWait,
                        cancellationToken: cancellationToken
                    ),
                    passage
                )
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
    /// <param name="session">The way it takes.</param>
    /// <param name="query">What is sent.</param>
    /// <param name="arguments">What it is given.</param>
    /// <param name="isCommitted">Whether what it writes is committed when it ends.</param>
    internal sealed class Passage(Session session, Query query, object? arguments, bool isCommitted)
    {
        readonly long allowedRows = query.Rows.For(arguments);
        readonly long start = Stopwatch.GetTimestamp();
        readonly Activity? span = DoorSignals.Begin(query.Id, session.Connection);
        Exception? failed;

        /// <summary>The way it takes.</summary>
        public Session Session => session;

        /// <summary>What it came to; null until it ends.</summary>
        public EndedTrip? Trip { get; private set; }

        /// <summary>To be told how it failed, before it ends.</summary>
        public void Note(Exception failure)
        {
            failed ??= failure;
            session.Note(failure);
        }

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

            Trip = new(new(query, arguments, rows, elapsed), allowedRows, isCommitted && failed is null, span?.Context);
            SqlUsage.Current?.Record(Trip);
        }

        /// <exception cref="OutcomeUnknownException">What it has written may be stored, and this failure does not say.</exception>
        public void ThrowIfUnknown(Exception failure)
        {
            if (isCommitted && query.Writes)
            {
                session.ThrowIfUnknown(failure);
            }
        }

        /// <exception cref="OutcomeUnknownException">What it has written is stored, and may not stay.</exception>
        public void ThrowIfInDoubt()
        {
            if (isCommitted && query.Writes)
            {
                session.ThrowIfInDoubt();
            }
        }
    }
}
