namespace Blog.Bench.Shell;

/// <summary>The checkout that this program was built in.</summary>
static class Checkout
{
    public static string Root { get; } = Find(new(AppContext.BaseDirectory));

    /// <summary>A path below the checkout, or an absolute one as it is.</summary>
    public static string At(string path) => Path.Combine(Root, path);

    static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "Blog.sln"))
            ? folder.FullName
            : Find(
                folder.Parent
                    ?? throw new BenchException(
                        ExitCode.Missing,
                        "This program has to lie below the checkout: there is no Blog.sln above it."
                    )
            );
}
