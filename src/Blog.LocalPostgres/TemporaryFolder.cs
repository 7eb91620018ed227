namespace Blog.LocalPostgres;

/// <summary>The data folders of test runs: a lock that is held says that the run is alive.</summary>
static class TemporaryFolder
{
    const string Prefix = "blog-test-";

    /// <summary>A new folder below the options' data directory, locked.</summary>
    internal static async Task<(DataFolder Folder, FileStream Supervision)> CreateAsync(
        LocalServerOptions options,
        CancellationToken cancellationToken
    )
    {
        var parent = await Folders.ReachableAsync(options.DataDirectory, options.Say, cancellationToken);
        Sweep(parent);
        while (true)
        {
            var path = Path.Combine(
                parent,
                Prefix + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)
            );
            var folder = new DataFolder(await Folders.ReachableAsync(path, options.Say, cancellationToken));
            try
            {
                if (folder.TryLock() is { } supervision)
                    return (folder, supervision);
            }
            catch (DirectoryNotFoundException) { }
            // Another run swept it between the two lines: it was not locked yet.
        }
    }

    static void Sweep(string parent)
    {
        foreach (var path in Directory.EnumerateDirectories(parent, Prefix + "*"))
        {
            try
            {
                using var supervision = new DataFolder(path).TryLock();
                if (supervision is not null)
                    Folders.TryRemove(path);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException) { } // gone meanwhile, or another user's
        }
    }
}
