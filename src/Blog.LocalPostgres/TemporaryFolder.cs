namespace Blog.LocalPostgres;

/// <summary>The data folders of test runs: a lock that is held says that the run is alive.</summary>
static class TemporaryFolder
{
    const string Prefix = "blog-test-";

    internal static async Task<(DataFolder Folder, FileStream Supervision)> CreateAsync(
        string parent,
        Action<string> announce,
        CancellationToken cancellationToken
    )
    {
        parent = Folders.ServerUser is null
            ? parent
            : await Folders.ReachableAsync(parent, announce, cancellationToken);
        Sweep(parent);
        while (true)
        {
            var path = Path.Combine(
                parent,
                Prefix + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal)
            );
            var folder = new DataFolder(await Folders.ReachableAsync(path, announce, cancellationToken));
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

    internal static void Remove(DataFolder folder) => Directory.Delete(folder.Path, recursive: true);
}
