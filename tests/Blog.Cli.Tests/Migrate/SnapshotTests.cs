using Blog.Testing;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate snapshot</c>, as a process.</summary>
public sealed class SnapshotTests(PostgresServer server)
{
    [Fact]
    public async Task Writes_the_schema_as_a_script_and_as_JSON()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var script = await blog.RunAsync("migrate", "snapshot");
        var json = await blog.RunAsync("migrate", "snapshot", "--json");

        Assert.Equal((0, ""), (script.ExitCode, script.Error));
        Assert.StartsWith(
            "-- The schema blog as a whole, as the migrations make it up to 0008_narrow_rights.sql.\n",
            script.Output,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "\n\n---- index blog.users_name_id_idx on table blog.users\n"
                + "create index users_name_id_idx on blog.users using btree (name, id);\n\n",
            script.Output,
            StringComparison.Ordinal
        );
        Assert.Equal((0, ""), (json.ExitCode, json.Error));
        Assert.Equal(["items"], json.Json.EnumerateObject().Select(member => member.Name));
        Assert.Contains(
            """{"kind":"rights","name":"sequence blog.users_id_seq","definition":"grant usage on sequence blog.users_id_seq to blog_app;"}""",
            json.Output,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Says_where_the_journal_ends_before_the_build_does()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("delete from blog.schemaversions where scriptname > '0008'");
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var ended = await blog.RunAsync("migrate", "snapshot");

        Assert.Equal(
            (
                0,
                "The journal of this database ends with 0007_create_idempotency.sql, this build with 0008_narrow_rights.sql.\n"
            ),
            (ended.ExitCode, ended.Error)
        );
    }

    [Fact]
    public async Task An_empty_database_has_nothing_to_write()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var ended = await blog.RunAsync("migrate", "snapshot");

        Assert.Equal(
            (1, "", "There is no schema blog in this database. Nothing was written. Run: blog migrate apply\n"),
            (ended.ExitCode, ended.Output, ended.Error)
        );
    }
}
