using Blog.Testing;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate baseline</c>, as a process.</summary>
public sealed class BaselineTests(PostgresServer server)
{
    [Fact]
    public async Task Journals_what_is_there_and_then_refuses()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("drop table blog.schemaversions");
        using var blog = new BlogProcess { ConnectionString = database.OwnerConnectionString };

        var status = await blog.RunAsync("migrate", "status");
        var baseline = await blog.RunAsync("migrate", "baseline");
        var again = await blog.RunAsync("migrate", "baseline", "--json");
        var after = await blog.RunAsync("migrate", "verify");

        Assert.Equal(1, status.ExitCode);
        Assert.EndsWith("run: blog migrate baseline\n", status.Error, StringComparison.Ordinal);
        Assert.Equal(
            (0, "The schema is as sql/schema.sql says: 8 scripts journalled as applied.\n", ""),
            (baseline.ExitCode, baseline.Output, baseline.Error)
        );
        Assert.Equal((1, ""), (again.ExitCode, again.Output));
        Assert.StartsWith("The journal lists 8 scripts already", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, after.ExitCode);
    }

    [Fact]
    public async Task Writes_JSON()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("drop table blog.schemaversions");
        using var blog = new BlogProcess { ConnectionString = database.OwnerConnectionString };

        var ended = await blog.RunAsync("migrate", "baseline", "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        Assert.Equal(["journalled", "differences"], ended.Json.EnumerateObject().Select(member => member.Name));
        Assert.Equal("0001_create_roles.sql", ended.Json.GetProperty("journalled")[0].GetString());
        Assert.Equal(0, ended.Json.GetProperty("differences").GetArrayLength());
    }

    [Fact]
    public async Task Names_what_differs_and_writes_nothing()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("drop table blog.schemaversions; alter table blog.tag_epoch owner to postgres");
        using var blog = new BlogProcess { ConnectionString = database.OwnerConnectionString };

        var ended = await blog.RunAsync("migrate", "baseline");

        Assert.Equal(
            (
                4,
                """
                owner of table blog.tag_epoch: postgres, not blog_owner
                1 thing is not as sql/schema.sql says.
                Nothing was written.

                """,
                ""
            ),
            (ended.ExitCode, ended.Output, ended.Error)
        );
        Assert.Equal(
            ["0"],
            await database.ListAsync(
                "select count(*) from pg_tables where schemaname = 'blog' and tablename = 'schemaversions'"
            )
        );
    }
}
