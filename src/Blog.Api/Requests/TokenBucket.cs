using System.Threading.RateLimiting;

namespace Blog.Api.Requests;

/// <summary>
/// What one client may still ask: at first as much as in a minute, and from then on one request more every so many seconds.
/// Unlike <see cref="TokenBucketRateLimiter"/> it takes back what was not needed, knows when there is more, and has no timer.
/// </summary>
/// <param name="perMinute">Requests a minute; at least 1.</param>
/// <param name="clock">What tells the time.</param>
sealed class TokenBucket(int perMinute, TimeProvider clock) : RateLimiter
{
    readonly Lock gate = new();
    readonly long start = clock.GetTimestamp();
    readonly long interval = TimeSpan.TicksPerMinute / perMinute;

    // Ticks since the start at which everything is there again. All else follows from it.
    long fullAt;

    /// <inheritdoc />
    public override TimeSpan? IdleDuration
    {
        get
        {
            lock (gate)
            {
                return Now is var now && now > fullAt ? TimeSpan.FromTicks(now - fullAt) : null;
            }
        }
    }

    long Now => clock.GetElapsedTime(start).Ticks;

    /// <inheritdoc />
    public override RateLimiterStatistics GetStatistics() => new() { CurrentAvailablePermits = Look().Remaining };

    /// <summary>How many requests there still are, and after how long there is one more; no time where there are all.</summary>
    public (int Remaining, TimeSpan Wait) Look()
    {
        lock (gate)
        {
            var missing = Math.Max(0, fullAt - Now);
            var taken = (missing + interval - 1) / interval;
            var wait = taken == 0 ? 0 : missing - ((taken - 1) * interval);
            return (perMinute - (int)taken, TimeSpan.FromTicks(wait));
        }
    }

    /// <summary>One request was free.</summary>
    public void GiveBack()
    {
        lock (gate)
        {
            fullAt -= interval;
        }
    }

    /// <inheritdoc />
    protected override RateLimitLease AttemptAcquireCore(int permitCount)
    {
        lock (gate)
        {
            var after = Math.Max(fullAt, Now) + (permitCount * interval);
            if (after - Now > perMinute * interval)
            {
                return new Token(this, isAcquired: false);
            }

            fullAt = after;
            return new Token(this, isAcquired: true);
        }
    }

    /// <inheritdoc />
    protected override ValueTask<RateLimitLease> AcquireAsyncCore(
        int permitCount,
        CancellationToken cancellationToken
    ) => ValueTask.FromResult(AttemptAcquireCore(permitCount));

    /// <summary>One request, where there was one.</summary>
    internal sealed class Token(TokenBucket bucket, bool isAcquired) : RateLimitLease
    {
        /// <summary>Whose it is.</summary>
        public TokenBucket Bucket => bucket;

        /// <inheritdoc />
        public override bool IsAcquired => isAcquired;

        /// <inheritdoc />
        public override IEnumerable<string> MetadataNames => [];

        /// <inheritdoc />
        public override bool TryGetMetadata(string metadataName, out object? metadata)
        {
            metadata = null;
            return false;
        }
    }
}
