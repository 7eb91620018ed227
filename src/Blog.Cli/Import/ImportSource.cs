using System.IO.Pipelines;
using Blog.Cli.Shell;

namespace Blog.Cli.Import;

/// <summary>The file that is imported, or the standard input.</summary>
sealed class ImportSource : IAsyncDisposable
{
    const string StandardInput = "-";

    ImportSource(Stream stream, string name, string? path)
    {
        Stream = stream;
        Name = name;
        Path = path;
    }

    public Stream Stream { get; }

    /// <summary>As it was given.</summary>
    public string Name { get; }

    /// <summary>In full; null for the standard input.</summary>
    public string? Path { get; }

    /// <summary>In bytes; null where nobody knows before the end.</summary>
    public long? Length => Stream.CanSeek ? Stream.Length : null;

    /// <exception cref="CommandFailedException">There is no such file, or it cannot be read.</exception>
    public static ImportSource Open(string file)
    {
        if (file == StandardInput)
        {
            return new(OpenStandardInput(), file, null);
        }

        try
        {
            var path = System.IO.Path.GetFullPath(file);
            if (Directory.Exists(path))
            {
                throw new CommandFailedException(
                    ExitCode.Usage,
                    $"{file} is a folder; name a file in it, or - for the standard input."
                );
            }

            return new(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1, useAsync: true),
                file,
                path
            );
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new CommandFailedException(ExitCode.Usage, $"The file cannot be read: {failure.Message}", failure);
        }
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();

    /// <summary>A read of the standard input cannot be cancelled; one of a pipe that it is pumped into can.</summary>
    static Stream OpenStandardInput()
    {
        var pipe = new Pipe();
        _ = Task.Run(async () =>
        {
            try
            {
                await Console.OpenStandardInput().CopyToAsync(pipe.Writer);
                await pipe.Writer.CompleteAsync();
            }
            catch (IOException failure)
            {
                await pipe.Writer.CompleteAsync(failure);
            }
        });
        return pipe.Reader.AsStream();
    }
}
