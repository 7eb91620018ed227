namespace Blog.Cli.Shell;

/// <summary>How a command ends; what each means is in its help. A migrate command also ends with the values of MigrationFailure.</summary>
static class ExitCode
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int Pending = 2;
    public const int SomeRejected = 3;
    public const int NoDatabase = 69;
    public const int Interrupted = 130;
}

/// <summary>Ends the command; the message is for a terminal and says what to do.</summary>
sealed class CommandFailedException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode => exitCode;
}
