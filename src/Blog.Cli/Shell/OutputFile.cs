namespace Blog.Cli.Shell;

/// <summary>A file that a command makes, or the standard output.</summary>
static class OutputFile
{
    public const string StandardOutput = "-";

    /// <exception cref="CommandFailedException">There is such a file already, or it cannot be made.</exception>
    public static Stream Create(string path)
    {
        if (path == StandardOutput)
        {
            return Console.OpenStandardOutput();
        }

        if (Path.Exists(path))
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                $"{path} is there already. Nothing was written. Name another file."
            );
        }

        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.Failed, $"{path} cannot be written: {failure.Message}");
        }
    }
}
