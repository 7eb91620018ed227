using Blog.Testing;

namespace Blog.Data.Tests;

/// <summary>What the clock of a unit of work does where everybody is busy.</summary>
public sealed class DeadlineTests
{
    [Fact]
    public async Task Who_is_left_behind_is_cancelled_though_the_pause_at_a_hang_up_has_not_ended()
    {
        using var hangUp = new CancellationTokenSource();
        var deadline = Deadline.Begin(TimeSpan.FromMinutes(1), hangUp.Token);

        HangUpWhereNothingGoesOn(hangUp);
        await deadline.Lost;
        Assert.False(deadline.Token.IsCancellationRequested);
        deadline.Dispose();

        await Eventually.HoldsAsync(() => deadline.Token.IsCancellationRequested, "it is cancelled");
    }

    [Fact]
    public async Task Who_has_ended_is_not_cancelled()
    {
        using var hangUp = new CancellationTokenSource();
        var deadline = Deadline.Begin(TimeSpan.FromMinutes(1), hangUp.Token);
        var bystander = Deadline.Begin(TimeSpan.FromMinutes(1), hangUp.Token);

        deadline.Dispose();
        await hangUp.CancelAsync();
        await bystander.Lost;
        bystander.Dispose();

        await Eventually.HoldsAsync(() => bystander.Token.IsCancellationRequested, "the other one is cancelled");
        Assert.False(deadline.Token.IsCancellationRequested);
    }

    static void HangUpWhereNothingGoesOn(CancellationTokenSource hangUp)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Busy());
        try
        {
            hangUp.Cancel();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// <summary>Never comes to what waits for it.</summary>
    sealed class Busy : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) { }
    }
}
