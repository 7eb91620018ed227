using System.Diagnostics;

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
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="since">Since when the caller has waited for something else before, which counts; null where it has not.</param>
    /// <exception cref="PoolQueueException">The queue is full, or it did not come to its turn.</exception>
    public ValueTask EnterAsync(CancellationToken cancellationToken, long? since = null) =>
        free.Wait(0, CancellationToken.None) ? default : new(EnterLaterAsync(since, cancellationToken));

    /// <summary>Waits for somebody who is in the queue, as if in it.</summary>
    /// <exception cref="PoolQueueException">The queue is full, or it took too long.</exception>
    public async Task<T> WaitAsync<T>(Task<T> turn, CancellationToken cancellationToken)
    {
        await WaitAsync(EndsAsync, since: null);
        return await turn;

        async Task<bool> EndsAsync(TimeSpan rest)
        {
            try
            {
                await turn.WaitAsync(rest, cancellationToken);
                return true;
            }
            catch (TimeoutException) when (!turn.IsFaulted)
            {
                return false;
            }
        }
    }

    Task EnterLaterAsync(long? since, CancellationToken cancellationToken) =>
        WaitAsync(rest => free.WaitAsync(rest, cancellationToken), since);

    async Task WaitAsync(Func<TimeSpan, Task<bool>> comes, long? since)
    {
        if (Interlocked.Increment(ref waiting) > places * WaitingForEach)
        {
            Interlocked.Decrement(ref waiting);
            throw new PoolQueueException("The queue in front of the pool of connections is full.");
        }

        try
        {
            var rest = since is { } start ? patience - Stopwatch.GetElapsedTime(start) : patience;
            if (!await comes(rest > TimeSpan.Zero ? rest : TimeSpan.Zero))
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
