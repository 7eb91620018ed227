namespace Blog.Testing;

/// <summary>The data that lies beside the checkout, in <c>../shared/data</c>.</summary>
public static class SharedData
{
    /// <summary>182 authors of a real blog, a line each; 53 of them break a limit.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string RealBlog => Find("18f-blog.ndjson");

    static string Find(string name)
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "Blog.sln")))
            root = root.Parent;
        var path = Path.GetFullPath(Path.Combine(root?.FullName ?? ".", "..", "shared", "data", name));
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"These tests need {path}: put the folder shared beside the checkout.",
                path
            );
    }
}
