using Blog.Testing;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate drift</c>, as a process.</summary>
public sealed class DriftTests(PostgresServer server)
{
    [Theory]
    [InlineData("blog_app")]
    [InlineData("blog_readonly")]
    public async Task A_migrated_database_is_as_the_file_says(string role)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.ConnectionString(role) };

        var ended = await blog.RunAsync("migrate", "drift");

        Assert.Equal((0, "The schema is as sql/schema.sql says.\n", ""), (ended.ExitCode, ended.Output, ended.Error));
    }

    [Fact]
    public async Task Names_what_differs()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            "drop index blog.users_name_id_idx; alter table blog.idempotency_key alter column status type smallint"
        );
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var ended = await blog.RunAsync("migrate", "drift");
        var json = await blog.RunAsync("migrate", "drift", "--json");

        Assert.Equal(
            (
                4,
                """
                column blog.idempotency_key.status: smallint, not integer
                index blog.users_name_id_idx: missing
                  - create index users_name_id_idx on blog.users using btree (name, id);
                2 things are not as sql/schema.sql says.

                """,
                ""
            ),
            (ended.ExitCode, ended.Output, ended.Error)
        );
        Assert.Equal((4, ""), (json.ExitCode, json.Error));
        Assert.Equal(["scripts", "compared", "differences"], json.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("0001_create_roles.sql", json.Json.GetProperty("scripts")[0].GetProperty("script").GetString());
        Assert.True(json.Json.GetProperty("compared").GetBoolean());
        Assert.Equal(
            """
            [{"kind":"column","name":"blog.idempotency_key.status","change":"changed","expected":"integer","found":"smallint"},{"kind":"index","name":"blog.users_name_id_idx","change":"missing","expected":"create index users_name_id_idx on blog.users using btree (name, id);","found":null}]
            """,
            json.Json.GetProperty("differences").GetRawText()
        );
    }

    [Fact]
    public async Task A_database_that_is_behind_has_scripts_pending()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            "delete from blog.schemaversions where scriptname > '0008'; drop index blog.users_name_id_idx"
        );
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var ended = await blog.RunAsync("migrate", "drift");

        Assert.Equal(
            (
                2,
                """
                0008_narrow_rights.sql  pending
                The schema was not compared: scripts are pending. Run: blog migrate apply

                """,
                ""
            ),
            (ended.ExitCode, ended.Output, ended.Error)
        );
    }
}
