namespace Blog.Api.Tests.Access;

/// <summary>A clock that stands until it is turned.</summary>
sealed class TurnableClock : TimeProvider
{
    readonly Lock turning = new();
    DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (turning)
            return now;
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public void Turn(TimeSpan by)
    {
        lock (turning)
            now += by;
    }
}
