namespace Blog.Data.Tests;

/// <summary>The files of the checkout that the tests were built from.</summary>
static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file below a folder, without what a build makes, as path from the root and text.</summary>
    public static IEnumerable<(string Path, string Text)> CSharpFiles(string folder) =>
        Directory
            .EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
            .Select(path => (Path: Path.GetRelativePath(Root, path).Replace('\\', '/'), FullPath: path))
            .Where(file =>
                !file.Path.Contains("/obj/", StringComparison.Ordinal)
                && !file.Path.Contains("/bin/", StringComparison.Ordinal)
            )
            .Select(file => (file.Path, File.ReadAllText(file.FullPath)));

    /// <summary>A text file by its path from the root, lines ended by a line feed.</summary>
    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path)).ReplaceLineEndings("\n");

    static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Blog.sln")))
        {
            folder =
                folder.Parent
                ?? throw new InvalidOperationException(
                    "The tests do not run inside a checkout: no Blog.sln above them."
                );
        }

        return folder.FullName;
    }
}
