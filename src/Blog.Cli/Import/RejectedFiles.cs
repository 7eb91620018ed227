using Blog.Cli.Shell;
using Blog.Data.Import;
using Blog.Data.Input;

namespace Blog.Cli.Import;

/// <summary>What is wrong with a rejected line: a line of the file of problems.</summary>
sealed record RejectedLine(long Line, int Status, string Code, string Detail, IReadOnlyList<InputError> Errors);

/// <summary>
/// Two files that line up: the rejected lines as they were sent, and what is wrong with each. They are made with the first
/// rejected line, and what was added is in them when the process is killed.
/// </summary>
sealed class RejectedFiles : IAsyncDisposable
{
    const string Ending = ".ndjson";
    const string LinesEnding = ".rejected" + Ending;
    const string ProblemsEnding = ".problems" + Ending;

    readonly bool overwrite;
    FileStream? lines;
    FileStream? problems;

    RejectedFiles(string linesPath, string problemsPath, bool overwrite)
    {
        LinesPath = linesPath;
        ProblemsPath = problemsPath;
        this.overwrite = overwrite;
    }

    public string LinesPath { get; }

    public string ProblemsPath { get; }

    /// <summary>Whether anything was rejected.</summary>
    public bool Exist => lines is not null;

    /// <summary>Chooses the names and makes no file yet.</summary>
    /// <exception cref="CommandFailedException">One of the two is there and must not be replaced, or is the file that is imported.</exception>
    public static RejectedFiles Prepare(ImportSource source, string? chosen, bool overwrite)
    {
        var linesPath =
            chosen ?? (source.Path is null ? "stdin" : Path.GetFileNameWithoutExtension(source.Path)) + LinesEnding;
        var problemsPath =
            linesPath.EndsWith(LinesEnding, StringComparison.Ordinal)
                ? linesPath[..^LinesEnding.Length] + ProblemsEnding
            : linesPath.EndsWith(Ending, StringComparison.Ordinal) ? linesPath[..^Ending.Length] + ProblemsEnding
            : linesPath + ProblemsEnding;
        foreach (var path in (string[])[linesPath, problemsPath])
        {
            if (Path.GetFullPath(path) == source.Path)
            {
                throw new CommandFailedException(
                    ExitCode.Usage,
                    $"{path} is the file to import. Nothing was imported. Name another file with --rejected."
                );
            }

            if (Directory.Exists(path))
            {
                throw new CommandFailedException(
                    ExitCode.Usage,
                    $"{path} is a folder. Nothing was imported. Name a file with --rejected."
                );
            }

            if (File.Exists(path) && !overwrite)
            {
                throw new CommandFailedException(
                    ExitCode.Usage,
                    $"{path} is there from an earlier import. Nothing was imported. Move it, name another file with --rejected, or replace it with --overwrite."
                );
            }
        }

        var folder = Path.GetDirectoryName(Path.GetFullPath(linesPath));
        return Directory.Exists(folder)
            ? new(linesPath, problemsPath, overwrite)
            : throw new CommandFailedException(
                ExitCode.Usage,
                $"{folder} is not a folder. Nothing was imported. Name a file in an existing one with --rejected."
            );
    }

    /// <summary>A part of a line that is too long to be held.</summary>
    public async ValueTask AddPieceAsync(ReadOnlyMemory<byte> piece, CancellationToken cancellationToken)
    {
        Open();
        await lines!.WriteAsync(piece, cancellationToken);
    }

    /// <summary>The line, unless its pieces are there already, and what is wrong with it.</summary>
    public async Task AddAsync(LineRejected rejected)
    {
        Open();
        await WriteLineAsync(lines!, rejected.Text);
        var problem = new RejectedLine(rejected.Line, rejected.Status, rejected.Code, rejected.Detail, rejected.Errors);
        await WriteLineAsync(problems!, CliJson.WriteUtf8(problem));
    }

    public async ValueTask DisposeAsync()
    {
        if (Exist)
        {
            await lines!.DisposeAsync();
            await problems!.DisposeAsync();
        }
    }

    static async Task WriteLineAsync(FileStream file, ReadOnlyMemory<byte> text)
    {
        await file.WriteAsync(text);
        await file.WriteAsync("\n"u8.ToArray());
        await file.FlushAsync();
    }

    void Open()
    {
        if (!Exist)
        {
            var mode = overwrite ? FileMode.Create : FileMode.CreateNew;
            lines = new(LinesPath, mode, FileAccess.Write, FileShare.Read);
            problems = new(ProblemsPath, mode, FileAccess.Write, FileShare.Read);
        }
    }
}
