using Blog.Data.Migrations.Released;

namespace Blog.Cli.Tests.Sql;

/// <summary>The statements of a build as the file that later builds are held against.</summary>
public sealed class ReleasedTests : IDisposable
{
    readonly BlogProcess blog = new();

    public void Dispose() => blog.Dispose();

    [Fact]
    public async Task Writes_a_file_that_is_read_back()
    {
        var text = await blog.RunAsync("sql", "released", "7.1");
        var json = await blog.RunAsync("sql", "released", "7.1", "--json");

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.Contains("-- release: 7.1\n-- script:  0", text.Output, StringComparison.Ordinal);
        var read = ReleasedCatalogue.Parse(text.Output);
        Assert.Equal(("7.1", text.Output), (read.Release, read.Write()));
        Assert.Equal(["release", "script", "statements"], json.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(
            ["name", "types", "text", "functions", "sequences", "returns"],
            json.Json.GetProperty("statements")[0].EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(read.Statements.Count, json.Json.GetProperty("statements").GetArrayLength());
    }

    [Theory]
    [InlineData("digits, letters, dots and hyphens", "sql", "released", "the first")]
    [InlineData("Required argument missing", "sql", "released")]
    public async Task Refuses_a_name_that_is_none(string expected, params string[] arguments)
    {
        var ended = await blog.RunAsync(arguments);

        Assert.Equal((2, ""), (ended.ExitCode, ended.Output));
        Assert.Contains(expected, ended.Error, StringComparison.Ordinal);
    }
}
