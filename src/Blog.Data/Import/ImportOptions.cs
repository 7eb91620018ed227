namespace Blog.Data.Import;

/// <summary>What belongs together when a line is bad.</summary>
public enum ImportMode
{
    /// <summary>Each line is all or nothing, in a transaction of its own.</summary>
    Lines,

    /// <summary>The whole stream is all or nothing, in one transaction.</summary>
    Atomic,
}

/// <summary>How an import runs.</summary>
public sealed record ImportOptions
{
    /// <summary>Lines unless it is said otherwise.</summary>
    public ImportMode Mode { get; init; }

    /// <summary>
    /// Skips a line whose name, in normalisation form C, some user already had when the line was reached: one that was there
    /// before the import or that an earlier line of it created. Names are not unique: without this a second import doubles
    /// everything, and of two imports at the same time neither sees what the other has not committed.
    /// </summary>
    public bool SkipExisting { get; init; }

    /// <summary>Rejects a line with a member that the shape does not have, but for the <c>id</c> of the user; ignored otherwise.</summary>
    public bool RefuseUnknownMembers { get; init; }

    /// <summary>Told after each line, on the thread that reads; null tells nobody.</summary>
    public Action<ImportProgress>? Progress { get; init; }

    /// <summary>
    /// Given the bytes of a line above <see cref="Limits.ImportLineBytes"/>, piece by piece and before the outcome of that line,
    /// which has no text. Null lets them go by. A piece is valid until the returned task ends.
    /// </summary>
    public Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? OnTooLong { get; init; }
}

/// <summary>How far an import is.</summary>
/// <param name="Phase">What is being done with the lines.</param>
/// <param name="Bytes">Read in this phase, line feeds included.</param>
/// <param name="Lines">Read in this phase, blank ones included.</param>
public readonly record struct ImportProgress(ImportPhase Phase, long Bytes, long Lines);

/// <summary>What an import does with the lines that it reads.</summary>
public enum ImportPhase
{
    /// <summary>Sends them.</summary>
    Storing,

    /// <summary>Reads all of them once to find those that break a rule; nothing is sent. Only in <see cref="ImportMode.Atomic"/>.</summary>
    Checking,
}
