namespace Blog.LocalPostgres;

/// <summary>Where the private server keeps its data, and how it treats them.</summary>
public sealed record LocalServerOptions
{
    /// <summary>
    /// The folder that holds <c>pg&lt;major&gt;</c>; created when missing. As root in a folder that no other user can enter,
    /// a folder in /var/tmp that belongs to this path is used instead, and announced.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>False turns fsync, synchronous_commit, full_page_writes and jit off: fast, and lost when the machine stops.</summary>
    public bool Durable { get; init; } = true;

    /// <summary>Settings of the server besides, each <c>name=value</c>; the last one of a name counts.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>Receives one line for each step that a person may wait for; null says nothing. May be called from any thread.</summary>
    public Action<string>? Announce { get; init; }

    internal ServerSearch Binaries { get; init; } = ServerSearch.OfThisMachine();

    /// <summary>How long a server that still uses the data directory may take to stop.</summary>
    internal TimeSpan PatienceForPredecessor { get; init; } = TimeSpan.FromSeconds(10);

    internal void Say(string line) => Announce?.Invoke(line);

    /// <summary>
    /// The durable server of this checkout: <c>BLOG_DATA_DIR</c>, else <c>.data</c> beside the nearest Blog.sln above the
    /// working directory or the program, else <c>.data</c> in the working directory.
    /// </summary>
    public static LocalServerOptions ForCheckout(Action<string>? announce = null) =>
        new()
        {
            Announce = announce,
            DataDirectory = DirectoryOf(
                Environment.GetEnvironmentVariable("BLOG_DATA_DIR"),
                Environment.CurrentDirectory,
                AppContext.BaseDirectory
            ),
        };

    internal static string DirectoryOf(string? chosen, string workingDirectory, string program) =>
        string.IsNullOrEmpty(chosen)
            ? Path.Combine(CheckoutAbove(workingDirectory) ?? CheckoutAbove(program) ?? workingDirectory, ".data")
            : Path.GetFullPath(chosen, workingDirectory);

    static string? CheckoutAbove(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Blog.sln")))
                return folder.FullName;
        return null;
    }
}
