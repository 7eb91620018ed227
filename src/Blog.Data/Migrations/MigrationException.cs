namespace Blog.Data.Migrations;

/// <summary>Why a run stopped. The values are the exit codes of <c>blog migrate</c>.</summary>
public enum MigrationFailure
{
    /// <summary>A script failed, a guard refused, or the journal could not be read.</summary>
    Failed = 1,

    /// <summary>A script was edited after it was applied.</summary>
    ChecksumMismatch = 3,

    /// <summary>The schema of the database is not what the scripts make.</summary>
    Drift = 4,

    /// <summary>Somebody else kept the migration lock, or is building the index a script wants to build.</summary>
    Locked = 5,

    /// <summary>The review stopped a script: it would hold up those who read and write, or breaks a rule.</summary>
    Unsafe = 6,

    /// <summary>A pending script sorts before one that is already applied.</summary>
    OutOfOrder = 7,

    /// <summary>The journal names a script that no longer exists.</summary>
    VanishedScript = 8,
}

/// <summary>
/// The migrations stopped. The message says what was found, that nothing half done is left, and what to do.
/// </summary>
/// <param name="failure">The reason, and with it the exit code.</param>
/// <param name="message">What an operator reads.</param>
/// <param name="script">The script it is about; null when it is about the server, the lock or the journal.</param>
/// <param name="innerException">The error of the driver or the server, if there was one.</param>
public sealed class MigrationException(
    MigrationFailure failure,
    string message,
    string? script = null,
    Exception? innerException = null
) : Exception(message, innerException)
{
    /// <summary>The reason, and with it the exit code.</summary>
    public MigrationFailure Failure { get; } = failure;

    /// <summary>The script it is about; null when it is about the server, the lock or the journal.</summary>
    public string? Script { get; } = script;
}
