using System.Data;
using System.Data.Common;
using Npgsql;

namespace Blog.Data;

/// <summary>
/// A connection of the pool for as long as somebody has it. What is asked over it ends with the current <see cref="Deadline"/>, also where the
/// driver would wait longer: then the session is abandoned, and the connection is closed behind the caller's back when the driver lets go of it.
/// </summary>
sealed class Session : IAsyncDisposable
{
    readonly BlogData owner;
    readonly PoolQueue? queue;
    readonly Deadline? deadline = Deadline.Current;
    readonly List<Func<ValueTask>> left = [];
    Task? abandoned;
    bool isInDoubt;

    /// <param name="owner">Whose pool it is.</param>
    /// <param name="connection">Open.</param>
    /// <param name="queue">Left when the session ends; null where nobody had to wait in it.</param>
    public Session(BlogData owner, NpgsqlConnection connection, PoolQueue? queue)
    {
        this.owner = owner;
        this.queue = queue;
        Connection = connection;
        connection.Notice += Read;
    }

    /// <summary>The driver's own.</summary>
    public NpgsqlConnection Connection { get; }

    /// <summary>Begins a transaction; the server learns of it with the first query in it.</summary>
    public async Task<Transaction> BeginTransactionAsync(IsolationLevel isolation, CancellationToken cancellationToken)
    {
        return new(this, await WithinAsync(BeginAsync()));

        async Task<NpgsqlTransaction> BeginAsync() =>
            await Connection.BeginTransactionAsync(isolation, cancellationToken);
    }

    /// <inheritdoc cref="WithinAsync{T}" />
    public Task WithinAsync(Task work) => WithinAsync(Returning(work));

    /// <summary>Waits for the driver, until the deadline and its grace.</summary>
    /// <param name="work">Given the token of the deadline, at whose end it should end by itself.</param>
    /// <exception cref="UnansweredException">It did not.</exception>
    /// <exception cref="ConnectionLostException">The connection is gone.</exception>
    public Task<T> WithinAsync<T>(Task<T> work) => work.IsCompletedSuccessfully ? work : WaitAsync(work);

    /// <summary>Ends something that belongs to the connection: now, or after what nobody waits for any longer.</summary>
    public async ValueTask EndAsync(Func<ValueTask> end)
    {
        if (abandoned is not null)
        {
            left.Add(end);
            return;
        }

        var ended = end();
        if (ended.IsCompletedSuccessfully)
        {
            await ended;
            return;
        }

        var work = ended.AsTask();
        if (await EndsInTimeAsync(work))
        {
            await HearAsync(Returning(work));
        }
        else
        {
            abandoned = work;
        }
    }

    /// <summary>To be told how a query failed.</summary>
    public void Note(Exception failure) => owner.Note(failure);

    /// <summary>To be asked after something that commits has failed.</summary>
    /// <exception cref="OutcomeUnknownException">Nobody has heard whether it is stored.</exception>
    public void ThrowIfUnknown(Exception failure)
    {
        if (failure is UnansweredException || DatabaseFailure.IsLossOfConnection(failure) || IsCutOff(failure))
        {
            throw new OutcomeUnknownException(failure);
        }
    }

    /// <summary>To be asked after something that commits has succeeded.</summary>
    /// <exception cref="OutcomeUnknownException">It is stored on this server, and nobody knows whether on its copies.</exception>
    public void ThrowIfInDoubt()
    {
        if (isInDoubt)
        {
            throw new OutcomeUnknownException(cause: null);
        }
    }

    /// <summary>Gives the connection back.</summary>
    public async ValueTask DisposeAsync()
    {
        Connection.Notice -= Read;
        try
        {
            await EndAsync(Connection.DisposeAsync);
        }
        finally
        {
            if (abandoned is { } work)
            {
                _ = EndLeftAsync(work);
            }

            // Who is served next does not wait for a connection that is lost: the pool has its own count of those.
            queue?.Leave();
        }
    }

    async Task<T> WaitAsync<T>(Task<T> work)
    {
        if (!await EndsInTimeAsync(work))
        {
            abandoned = work;
            throw new UnansweredException();
        }

        return await HearAsync(work);
    }

    /// <summary>
    /// Where a connection breaks between two rows, Dapper asks for the next set all the same, and where it breaks before the last it is asked
    /// to end what is not there any more: that these fail hides the failure that came first.
    /// </summary>
    async Task<T> HearAsync<T>(Task<T> work)
    {
        try
        {
            return await work;
        }
        catch (Exception closed)
            when (closed is not (DbException or OperationCanceledException)
                && Connection.State is not ConnectionState.Open
            )
        {
            throw new ConnectionLostException(closed);
        }
    }

    async ValueTask<bool> EndsInTimeAsync(Task work) =>
        deadline is null || work.IsCompleted || await Task.WhenAny(work, deadline.Lost) == work;

    /// <summary>Nobody hears how it ends: the caller was told that nobody knows.</summary>
    async Task EndLeftAsync(Task work)
    {
        await work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var end in left)
        {
            await end().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Cancelled, or too late for the driver, and the server has not said that it was: the driver has given the connection up.</summary>
    bool IsCutOff(Exception failure) =>
        failure switch
        {
            OperationCanceledException { InnerException: not PostgresException and var cause } => cause is not null
                || IsBroken,
            NpgsqlException { InnerException: TimeoutException } => IsBroken,
            _ => false,
        };

    bool IsBroken => Connection.FullState.HasFlag(ConnectionState.Broken);

    /// <summary>
    /// A commit was cancelled while it waited for the copies of the server, and is done all the same. No other warning of this class comes
    /// of what is sent here (https://www.postgresql.org/docs/current/warm-standby.html#SYNCHRONOUS-REPLICATION).
    /// </summary>
    void Read(object sender, NpgsqlNoticeEventArgs said) =>
        isInDoubt |= said.Notice.SqlState == PostgresErrorCodes.Warning;

    static async Task<bool> Returning(Task work)
    {
        await work;
        return true;
    }
}

/// <summary>A transaction of a session: left without a commit it is rolled back.</summary>
/// <param name="session">Whose it is.</param>
/// <param name="transaction">The driver's own.</param>
sealed class Transaction(Session session, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public Session Session => session;

    /// <summary>The driver's own.</summary>
    public NpgsqlTransaction Driver => transaction;

    public ValueTask DisposeAsync() => session.EndAsync(transaction.DisposeAsync);
}
