namespace Blog.Data.Migrations;

/// <summary>How the migrations run. The defaults are what production uses.</summary>
public sealed record MigrationOptions
{
    /// <summary>The scripts, in any order; null means those of this build.</summary>
    public IReadOnlyList<MigrationScript>? Scripts { get; init; }

    /// <summary>
    /// The text of a plan that somebody has signed: what is applied is what it says, or nothing is. Null applies whatever is pending.
    /// </summary>
    public string? SignedPlan { get; init; }

    /// <summary>How long to wait for another runner before giving up; zero tries once.</summary>
    public TimeSpan LockWait { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a statement of a script may queue for a lock, and so make others queue behind it.</summary>
    /// <remarks>
    /// Shorter than the lock_timeout of blog_app, so that a request which queues behind a script waits and does not fail. Does not apply to a
    /// no-transaction script: nobody who reads or writes queues behind one.
    /// </remarks>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a statement of a script may take; does not apply to a no-transaction script.</summary>
    public TimeSpan StatementTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// The pauses before a script that ran into the lock timeout, a deadlock or a race on a catalogue is tried
    /// again; up to a quarter is added to each at random. One more try is made than there are pauses.
    /// </summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get; init; } =
    [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(8)];

    /// <summary>Told of each step as it happens, one at a time and in order, on any thread; null tells nobody.</summary>
    public Action<MigrationProgress>? Progress { get; init; }

    /// <summary>The clock of the waits and of the journal.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>One step of a run; <see cref="object.ToString"/> is the line an operator reads.</summary>
public abstract record MigrationProgress;

/// <summary>Another runner has the lock; reported when the wait begins and whenever the holder changes.</summary>
/// <param name="Holder">Who has it; null when it was released in that moment.</param>
public sealed record WaitingForLock(OtherSession? Holder) : MigrationProgress
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"waiting for the migration lock, held by {Holder?.ToString() ?? "nobody any more"}";
}

/// <summary>A row that DbUp wrote got the checksum of the script as it is today.</summary>
/// <param name="Script">The script's name.</param>
public sealed record ScriptAdopted(string Script) : MigrationProgress
{
    /// <inheritdoc/>
    public override string ToString() => $"{Script}: journalled by DbUp, checksum stored";
}

/// <summary>A script begins.</summary>
/// <param name="Script">The script's name.</param>
/// <param name="Number">Its place among the pending ones, from 1.</param>
/// <param name="Count">How many are pending.</param>
public sealed record ScriptStarted(string Script, int Number, int Count) : MigrationProgress
{
    /// <inheritdoc/>
    public override string ToString() => $"{Script}: {Number} of {Count}";
}

/// <summary>A statement of the script waits for a lock; reported once for each blocker.</summary>
/// <param name="Script">The script's name.</param>
/// <param name="Blocker">Who holds what it waits for.</param>
public sealed record ScriptBlocked(string Script, OtherSession Blocker) : MigrationProgress
{
    /// <inheritdoc/>
    public override string ToString() => $"{Script}: waits for {Blocker}";
}

/// <summary>A try was rolled back and the script is tried again after a pause.</summary>
/// <param name="Script">The script's name.</param>
/// <param name="Attempt">The try that was rolled back, from 1.</param>
/// <param name="Pause">How long until the next one.</param>
/// <param name="Reason">The server's message.</param>
/// <param name="Blocker">Who was in the way; null when it was not seen.</param>
public sealed record ScriptRetried(string Script, int Attempt, TimeSpan Pause, string Reason, OtherSession? Blocker)
    : MigrationProgress
{
    /// <inheritdoc/>
    public override string ToString() =>
        $"{Script}: try {Attempt} rolled back ({Reason}; blocked by {Blocker?.ToString() ?? "nobody that was seen"}), "
        + $"again in {Pause.TotalSeconds:0.0} s";
}

/// <summary>The index that the script makes was there already, whole, and is journalled now: a run that was killed had built it.</summary>
/// <param name="Script">The script's name.</param>
public sealed record ScriptFound(string Script) : MigrationProgress
{
    /// <inheritdoc/>
    public override string ToString() => $"{Script}: its index is there already, as the script makes it; journalled";
}

/// <summary>A script is applied and journalled.</summary>
/// <param name="Script">The script's name.</param>
/// <param name="Duration">How long the try that succeeded took.</param>
public sealed record ScriptDone(string Script, TimeSpan Duration) : MigrationProgress
{
    /// <inheritdoc/>
    public override string ToString() => $"{Script}: applied in {Duration.TotalMilliseconds:0} ms";
}

/// <summary>A session of the server that is in the way.</summary>
/// <param name="Pid">Its process id: what <c>pg_terminate_backend</c> takes.</param>
/// <param name="ApplicationName">What it calls itself; empty when it does not say.</param>
/// <param name="User">Its role; null for a process of the server.</param>
/// <param name="Age">Since its transaction began, or since it connected when it is in none; null when that is hidden from us.</param>
/// <param name="Query">What it runs or ran last; empty when that is hidden from us.</param>
public sealed record OtherSession(int Pid, string ApplicationName, string? User, TimeSpan? Age, string Query)
{
    /// <inheritdoc/>
    public override string ToString()
    {
        var name = ApplicationName.Length > 0 ? $" ({ApplicationName})" : "";
        var age = Age is { } since ? $", for {since.TotalSeconds:0} s" : "";
        var query = Query.Length > 0 ? $": {Query.ReplaceLineEndings(" ")}" : "";
        return $"pid {Pid}{name} as {User ?? "the server"}{age}{query}";
    }
}
