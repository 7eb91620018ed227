namespace Blog.Bench.Shell;

/// <summary>How the command ends; 64 and 69 are those of sysexits.h.</summary>
static class ExitCode
{
    public const int Done = 0;
    public const int Different = 1;
    public const int Usage = 64;
    public const int Missing = 69;
    public const int Failed = 70;
    public const int Interrupted = 130;
}

/// <summary>Ends the command; the message is for a terminal and says what to do.</summary>
sealed class BenchException(int exitCode, string message, Exception? cause = null) : Exception(message, cause)
{
    public int ExitCode => exitCode;
}
