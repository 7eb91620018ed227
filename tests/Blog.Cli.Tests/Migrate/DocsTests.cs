using Blog.Testing;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate docs</c>, as a process.</summary>
public sealed class DocsTests(PostgresServer server)
{
    [Fact]
    public async Task Writes_Markdown_and_JSON_with_it()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var text = await blog.RunAsync("migrate", "docs");
        var json = await blog.RunAsync("migrate", "docs", "--json");

        Assert.Equal((0, ""), (text.ExitCode, text.Error));
        Assert.StartsWith("# The schema\n", text.Output, StringComparison.Ordinal);
        Assert.Contains(
            "\n```mermaid\nerDiagram\n  users ||--o{ post : \"author_id\"\n",
            text.Output,
            StringComparison.Ordinal
        );
        Assert.Equal((0, ""), (json.ExitCode, json.Error));
        Assert.Equal(["markdown"], json.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal(text.Output, json.Json.GetProperty("markdown").GetString());
    }

    [Fact]
    public async Task An_empty_database_has_nothing_to_write()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var ended = await blog.RunAsync("migrate", "docs");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
    }
}
