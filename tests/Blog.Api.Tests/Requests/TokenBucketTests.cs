using System.Diagnostics;
using Blog.Api.Requests;

namespace Blog.Api.Tests.Requests;

/// <summary>A quota as time goes by, on a clock that the test moves.</summary>
public sealed class TokenBucketTests
{
    readonly Clock clock = new();

    [Fact]
    public void A_minute_s_worth_is_there_at_first_and_then_one_more_a_second()
    {
        using var bucket = new TokenBucket(perMinute: 60, clock);
        Assert.Equal((60, TimeSpan.Zero), bucket.Look());

        Assert.Equal(60, Taken(bucket, 100));
        Assert.Equal((0, TimeSpan.FromSeconds(1)), bucket.Look());

        clock.Pass(0.4);
        Assert.Equal((0, TimeSpan.FromSeconds(0.6)), bucket.Look());
        Assert.Equal(0, Taken(bucket, 10));

        clock.Pass(0.6);
        Assert.Equal((1, TimeSpan.FromSeconds(1)), bucket.Look());
        Assert.Equal(1, Taken(bucket, 10));

        clock.Pass(10.5);
        Assert.Equal((10, TimeSpan.FromSeconds(0.5)), bucket.Look());
        Assert.Equal(10, Taken(bucket, 100));
    }

    [Fact]
    public void Nobody_saves_up_more_than_a_minute_s_worth()
    {
        using var bucket = new TokenBucket(perMinute: 60, clock);
        Taken(bucket, 60);

        clock.Pass(3600);

        Assert.Equal((60, TimeSpan.Zero), bucket.Look());
        Assert.Equal(60, Taken(bucket, 100));
    }

    [Fact]
    public void What_is_given_back_is_there_again()
    {
        using var bucket = new TokenBucket(perMinute: 2, clock);
        Taken(bucket, 2);

        bucket.GiveBack();

        Assert.Equal((1, TimeSpan.FromSeconds(30)), bucket.Look());
        Assert.Equal(1, Taken(bucket, 10));
    }

    [Fact]
    public void It_is_idle_from_when_all_of_it_is_there_again()
    {
        using var bucket = new TokenBucket(perMinute: 60, clock);
        Taken(bucket, 3);

        clock.Pass(3);
        Assert.Null(bucket.IdleDuration);

        clock.Pass(2);
        Assert.Equal(TimeSpan.FromSeconds(2), bucket.IdleDuration);
    }

    static int Taken(TokenBucket bucket, int times) =>
        Enumerable.Range(0, times).Count(_ => bucket.AttemptAcquire().IsAcquired);

    sealed class Clock : TimeProvider
    {
        long now = Stopwatch.Frequency;

        public void Pass(double seconds) => now += (long)(seconds * Stopwatch.Frequency);

        public override long GetTimestamp() => now;

        public override long TimestampFrequency => Stopwatch.Frequency;
    }
}
