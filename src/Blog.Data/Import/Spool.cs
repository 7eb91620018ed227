namespace Blog.Data.Import;

/// <summary>Temporary files that nobody else can open and that are gone when they are closed, or when the process ends.</summary>
static class Spool
{
    const int BufferBytes = 64 * 1024;

    /// <summary>All that a stream still has to give, from the beginning.</summary>
    public static async Task<FileStream> ReceiveAsync(Stream source, CancellationToken cancellationToken)
    {
        var file = Create();
        try
        {
            await source.CopyToAsync(file, BufferBytes, cancellationToken);
            file.Position = 0;
            return file;
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    public static FileStream Create()
    {
        var path = Path.Combine(Path.GetTempPath(), $"blog-{Path.GetRandomFileName()}");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            BufferSize = BufferBytes,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (OperatingSystem.IsWindows())
        {
            return new(path, options);
        }

        options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var file = new FileStream(path, options);
        // Without a name it cannot outlive the process, however that ends.
        File.Delete(path);
        return file;
    }
}

/// <summary>Outcomes that are told only after the commit, kept outside the memory.</summary>
sealed class OutcomeSpool : IAsyncDisposable
{
    const long Skipped = 0;

    readonly FileStream file = Spool.Create();
    readonly BinaryWriter writer;
    long count;

    public OutcomeSpool() => writer = new(file);

    public void Add(LineOutcome outcome)
    {
        var created = outcome as LineCreated;
        writer.Write(outcome.Line);
        writer.Write(created?.Id ?? Skipped);
        writer.Write(created?.Posts ?? 0);
        writer.Write(created?.TagLinks ?? 0);
        writer.Write(created?.TagsCreated ?? 0);
        count++;
    }

    /// <summary>All of them, in the order in which they were added.</summary>
    public IEnumerable<LineOutcome> ReadAll()
    {
        writer.Flush();
        file.Position = 0;
        using var reader = new BinaryReader(file, System.Text.Encoding.UTF8, leaveOpen: true);
        for (var read = 0L; read < count; read++)
        {
            var (line, id) = (reader.ReadInt64(), reader.ReadInt64());
            var (posts, tagLinks, tagsCreated) = (reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt32());
            yield return id == Skipped
                ? new LineSkipped(line)
                : new LineCreated(line, id, posts, tagLinks, tagsCreated);
        }
    }

    public ValueTask DisposeAsync() => writer.DisposeAsync();
}
