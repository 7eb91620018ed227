using System.CommandLine;

namespace Blog.Cli.Shell;

/// <summary>A command whose help ends with exit codes and examples.</summary>
sealed class DocumentedCommand(string name, string description) : Command(name, description)
{
    /// <summary>Each exit code and what it means; empty for a group of commands.</summary>
    public IReadOnlyList<(int Code, string Meaning)> ExitCodes { get; init; } = [];

    /// <summary>Lines that can be typed as they stand.</summary>
    public IReadOnlyList<string> Examples { get; init; } = [];
}
