namespace Blog.Api.Tests;

/// <summary>A file of the repository that this assembly carries.</summary>
static class CarriedFile
{
    public static string Read(string file)
    {
        using var reader = new StreamReader(typeof(CarriedFile).Assembly.GetManifestResourceStream(file)!);
        return reader.ReadToEnd();
    }
}
