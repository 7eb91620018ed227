using Blog.Testing;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate verify</c>, as a process.</summary>
public sealed class VerifyTests(PostgresServer server)
{
    const string Drift = "; alter table blog.tag_epoch owner to postgres";
    const string Edited = "update blog.schemaversions set checksum = 'x' where scriptname like '0002%'";
    const string OutOfOrder = "delete from blog.schemaversions where scriptname like '0002%'";
    const string Vanished =
        "insert into blog.schemaversions (scriptname, applied) values ('9999_gone.sql', '2020-01-02 03:04:05')";
    const string Pending = "delete from blog.schemaversions where scriptname like '0008%'";

    [Fact]
    public async Task A_migrated_database_is_what_this_build_needs()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var ended = await blog.RunAsync("migrate", "verify");

        Assert.Equal(
            (
                0,
                """
                8 of 8 scripts are applied as this build has them.
                The schema is as sql/schema.sql says.

                """,
                ""
            ),
            (ended.ExitCode, ended.Output, ended.Error)
        );
    }

    [Theory]
    [InlineData(Pending, 2)]
    [InlineData(Pending + Drift, 2)]
    [InlineData(Edited, 3)]
    [InlineData(Edited + "; " + Pending, 3)]
    [InlineData(Edited + Drift, 3)]
    [InlineData("select 1" + Drift, 4)]
    [InlineData(OutOfOrder, 7)]
    [InlineData(Vanished, 8)]
    [InlineData(Vanished + Drift, 8)]
    public async Task Ends_with_the_code_of_the_worst(string change, int exitCode)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(change);
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var ended = await blog.RunAsync("migrate", "verify");

        Assert.Equal((exitCode, ""), (ended.ExitCode, ended.Error));
    }

    [Fact]
    public async Task Says_everything_at_once()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(Vanished + Drift);
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var ended = await blog.RunAsync("migrate", "verify");
        var json = await blog.RunAsync("migrate", "verify", "--json");

        Assert.Equal(
            """
            8 of 9 scripts are applied as this build has them.
            9999_gone.sql  vanished      2020-01-02 03:04:05
            owner of table blog.tag_epoch: postgres, not blog_owner
            1 thing is not as sql/schema.sql says.

            """,
            ended.Output
        );
        Assert.Equal((8, ""), (json.ExitCode, json.Error));
        Assert.Equal(["scripts", "compared", "differences"], json.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("vanished", json.Json.GetProperty("scripts")[8].GetProperty("state").GetString());
        Assert.Equal("owner", json.Json.GetProperty("differences")[0].GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_schema_without_a_journal_fails()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("drop table blog.schemaversions");
        using var blog = new BlogProcess { ConnectionString = database.ReadOnlyConnectionString };

        var ended = await blog.RunAsync("migrate", "verify");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.Contains("no journal blog.schemaversions", ended.Error, StringComparison.Ordinal);
    }
}
