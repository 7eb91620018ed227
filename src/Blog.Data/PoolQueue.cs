namespace Blog.Data;

/// <summary>
/// The queue in front of the pool: bounded in length and in time, so that whoever cannot be served soon is told so at once, in place of
/// waiting with everybody else until all of them are late.
/// </summary>
/// <param name="places">How many may have a connection at the same time.</param>
sealed class PoolQueue(int places) : IDisposable
{
    /// <summary>How many may wait, for each that is served.</summary>
    const int WaitingForEach = 32;

    static readonly TimeSpan patience = TimeSpan.FromMilliseconds(750);

    readonly SemaphoreSlim free = new(places);
    int waiting;

    /// <summary>Returns when it is the caller's turn, who leaves again with <see cref="Leave"/>.</summary>
    /// <exception cref="PoolQueueException">The queue is full, or it did not come to its turn.</exception>
    public async ValueTask EnterAsync(CancellationToken cancellationToken)
    {
        if (free.Wait(0, CancellationToken.None))
        {
            return;
        }

        if (Interlocked.Increment(ref waiting) > places * WaitingForEach)
        {
            Interlocked.Decrement(ref waiting);
            throw new PoolQueueException("The queue in front of the pool of connections is full.");
        }

        try
        {
            if (!await free.WaitAsync(patience, cancellationToken))
            {
                throw new PoolQueueException("No connection of the pool became free in time.");
            }
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }
    }

    public void Leave() => free.Release();

    public void Dispose() => free.Dispose();
}
