using Blog.Data.Migrations;
using Blog.LocalPostgres;

namespace Blog.Cli.Tests.Migrate;

/// <summary>Dossiers on the command line, on a private server of the test's own: the page beside the script, and the same for a machine.</summary>
public sealed class DossierTests : IAsyncLifetime
{
    readonly BlogProcess blog = new();
    LocalServer server = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var folder = blog.PathOf("data");
        blog.Environment["BLOG_DATA_DIR"] = folder;
        server = await LocalServer.StartAsync(new() { DataDirectory = folder, Durable = false }, Token);
        foreach (var script in MigrationScript.LoadAll())
            await blog.WriteAsync(script.Name, script.Text);
        await blog.WriteAsync(
            "0009_rename_title.sql",
            """
            -- 0009_rename_title: a title is a heading.
            -- locks: none.
            set local role blog_owner;
            alter table blog.post rename column title to heading;
            alter table blog.post add column seed double precision not null default random();
            """
        );
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        blog.Dispose();
    }

    [Fact]
    public async Task Writes_the_page_beside_the_script_and_ends_with_6_where_the_last_release_breaks()
    {
        var ended = await blog.RunAsync("migrate", "dossier", "0009", "--scripts", blog.Folder, "--write", "--json");

        Assert.Equal((6, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(
            ["0009_rename_title.md"],
            blog.Files.Where(file => file.EndsWith(".md", StringComparison.Ordinal))
        );
        var page = await blog.ReadAsync("0009_rename_title.md");
        Assert.StartsWith(
            """
            # 0009_rename_title.sql

            **Blocks reads and writes** of blog.post.

            Its header says of locks: "none."
            """,
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("writes anew table blog.post", page, StringComparison.Ordinal);
        Assert.Contains("- breaks: posts/get_post 1: column p.title does not exist\n", page, StringComparison.Ordinal);

        var script = Assert.Single(ended.Json.GetProperty("scripts").EnumerateArray());
        Assert.Equal("0009_rename_title.sql", script.GetProperty("script").GetString());
        Assert.Equal("reads_and_writes", script.GetProperty("blocks").GetString());
        Assert.Equal(
            [1_000, 100_000],
            script.GetProperty("sizes").EnumerateArray().Select(size => size.GetProperty("posts").GetInt32())
        );
        var left = await ListDatabasesAsync();
        Assert.Equal(["blog", "postgres", "template0", "template1"], left);
    }

    async Task<string[]> ListDatabasesAsync()
    {
        await using var connection = new Npgsql.NpgsqlConnection(server.ConnectionString("postgres"));
        await connection.OpenAsync(Token);
        await using var list = new Npgsql.NpgsqlCommand(
            "select array_agg(datname::text order by datname) from pg_database",
            connection
        );
        return (string[])(await list.ExecuteScalarAsync(Token))!;
    }
}
