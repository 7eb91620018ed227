namespace Blog.Fault.Tests;

/// <summary>The checkout that this program was built in.</summary>
static class Checkout
{
    public static string Root { get; } = Find(new(AppContext.BaseDirectory));

    static string Find(DirectoryInfo folder) =>
        File.Exists(Path.Combine(folder.FullName, "Blog.sln")) ? folder.FullName : Find(folder.Parent!);
}
