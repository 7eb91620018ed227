namespace Blog.LocalPostgres;

/// <summary>The private server cannot be started or attached. The message is written for a terminal: what is wrong, then what to do.</summary>
public sealed class LocalServerException : Exception
{
    /// <summary>An error that ends the process with <paramref name="exitCode"/> when nobody handles it better.</summary>
    public LocalServerException(int exitCode, string message, Exception? innerException = null)
        : base(message, innerException) => ExitCode = exitCode;

    /// <summary>
    /// The exit code of sysexits.h: 69 no PostgreSQL to be had, 70 PostgreSQL failed, 73 a folder cannot be used,
    /// 75 the data directory is busy (the same start may work later).
    /// </summary>
    public int ExitCode { get; }

    internal const int Unavailable = 69;
    internal const int Failed = 70;
    internal const int CannotCreate = 73;
    internal const int Busy = 75;
}
