using System.Diagnostics;

namespace Blog.Data;

/// <summary>
/// The end of one unit of work, which comes whatever the database does. Whoever opens one with <see cref="Begin"/> bounds everything that
/// is asked until it is disposed, from this flow of control and those it starts: at the end what is under way is cancelled on the server,
/// and where nothing comes back of that within <see cref="Grace"/> nobody waits for it any longer.
/// </summary>
public sealed class Deadline : IDisposable
{
    /// <summary>
    /// Between a hang-up and what is cancelled for it. Many hang up together: those who wait for a connection have all gone before the first one gets free, and
    /// none of them sends what the server would be asked to cancel before it has begun it, which it forgets.
    /// </summary>
    static readonly TimeSpan pauseAtHangUp = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the driver may take to cancel what is under way.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    static readonly AsyncLocal<Deadline?> current = new();

    readonly long start = Stopwatch.GetTimestamp();
    readonly TimeSpan time;
    readonly CancellationTokenSource timer;
    readonly CancellationTokenSource either = new();
    readonly CancellationTokenSource grace;
    readonly TaskCompletionSource lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly CancellationTokenRegistration atEnd;
    volatile bool hasGone;
    volatile bool hasEnded;
    readonly CancellationTokenRegistration atHangUp;
    readonly CancellationTokenRegistration graceAtHangUp;
    readonly CancellationTokenRegistration afterGrace;

    Deadline(TimeSpan time, CancellationToken hangUp)
    {
        this.time = time;
        timer = new(time);
        // A clock of its own, because what is cancelled may keep the one that cancels it.
        grace = new(time + Grace);
        afterGrace = grace.Token.UnsafeRegister(static deadline => ((Deadline)deadline!).lost.TrySetResult(), this);
        atEnd = timer.Token.UnsafeRegister(static deadline => ((Deadline)deadline!).Cancel(), this);
        atHangUp = hangUp.UnsafeRegister(static deadline => _ = ((Deadline)deadline!).HangUpAsync(), this);
        graceAtHangUp = hangUp.UnsafeRegister(static deadline => ((Deadline)deadline!).grace.CancelAfter(Grace), this);
    }

    /// <summary>That of the current unit of work; null where it may take as long as it takes.</summary>
    public static Deadline? Current => current.Value;

    /// <summary>Cancelled at the end, or when nobody waits for the answer any longer.</summary>
    public CancellationToken Token => either.Token;

    /// <summary>What is left; not below zero.</summary>
    public TimeSpan Rest => time - Stopwatch.GetElapsedTime(start) is { Ticks: > 0 } rest ? rest : TimeSpan.Zero;

    /// <summary>Whether its time has run out; not where only the caller has gone.</summary>
    public bool IsOver => timer.IsCancellationRequested;

    /// <summary>Whether nobody waits for the answer any longer; <see cref="Token"/> follows a moment later.</summary>
    internal bool HasGone => hasGone;

    /// <summary>Completes where something that was cancelled has not ended within <see cref="Grace"/>.</summary>
    internal Task Lost => lost.Task;

    /// <summary>Starts the clock.</summary>
    /// <param name="time">How long it may take.</param>
    /// <param name="hangUp">Cancelled when nobody waits for the answer any longer.</param>
    public static Deadline Begin(TimeSpan time, CancellationToken hangUp) => current.Value = new Deadline(time, hangUp);

    /// <summary>Stops the clock, and does not wait for what is being cancelled.</summary>
    public void Dispose()
    {
        current.Value = null;
        hasEnded = true;
        atEnd.Unregister();
        atHangUp.Unregister();
        graceAtHangUp.Dispose();
        afterGrace.Dispose();
        timer.Dispose();
        grace.Dispose();
        // Where all are busy one clock may be late and the other not: who is left behind is cancelled all the same.
        if (lost.Task.IsCompleted && !either.IsCancellationRequested)
        {
            Cancel();
        }
    }

    async Task HangUpAsync()
    {
        hasGone = true;
        await Task.Delay(pauseAtHangUp);
        if (!hasEnded)
        {
            Cancel();
        }
    }

    /// <summary>
    /// On a thread of its own: the driver asks the server to cancel while it is called, and keeps the thread for seconds where nothing comes
    /// back. Many of those at once would be all that the thread pool has.
    /// </summary>
    void Cancel() => new Thread(CancelAll) { IsBackground = true, Name = "deadline" }.Start();

    void CancelAll()
    {
        try
        {
            either.Cancel();
        }
        catch (AggregateException)
        {
            // Of whoever is cancelled: how that ended is heard where it is waited for, and no thread of nobody's may end the process.
        }
    }
}
