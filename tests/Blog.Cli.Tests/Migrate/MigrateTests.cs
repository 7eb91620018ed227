using Blog.Data.Migrations;
using Blog.Testing;
using Npgsql;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate</c>, as a process.</summary>
public sealed class MigrateTests(PostgresServer server)
{
    [Fact]
    public async Task Applies_what_is_pending_and_then_has_nothing_to_do()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var before = await blog.RunAsync("migrate", "status");
        var apply = await blog.RunAsync("migrate", "apply");
        var again = await blog.RunAsync("migrate", "apply", "--json");
        var after = await blog.RunAsync("migrate", "status", "--json");

        Assert.Equal(2, before.ExitCode);
        Assert.Matches(@"^0002_create_users\.sql +pending$", before.Output.Split('\n')[1]);
        Assert.Equal(0, apply.ExitCode);
        Assert.Contains("0002_create_users.sql: 2 of ", apply.Error, StringComparison.Ordinal);
        Assert.Contains("0002_create_users.sql: applied in ", apply.Error, StringComparison.Ordinal);
        Assert.Equal((0, "{\"applied\":[],\"adopted\":[]}\n", ""), (again.ExitCode, again.Output, again.Error));
        Assert.Equal((0, ""), (after.ExitCode, after.Error));
        Assert.All(
            after.Json.GetProperty("items").EnumerateArray(),
            item =>
            {
                Assert.Equal(
                    ["script", "state", "applied", "checksum"],
                    item.EnumerateObject().Select(member => member.Name)
                );
                Assert.Equal("applied", item.GetProperty("state").GetString());
            }
        );
        Assert.Equal(["t"], await database.ListAsync("select to_regclass('blog.users') is not null"));
    }

    [Fact]
    public async Task Writes_what_it_applied_as_JSON()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var ended = await blog.RunAsync("migrate", "apply", "--json");

        Assert.Equal((0, ""), (ended.ExitCode, ended.Error));
        var first = ended.Json.GetProperty("applied")[0];
        Assert.Equal(["script", "duration_ms", "attempts"], first.EnumerateObject().Select(member => member.Name));
        Assert.Equal("0001_create_roles.sql", first.GetProperty("script").GetString());
    }

    [Fact]
    public async Task Reads_the_scripts_of_a_folder()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };
        foreach (var script in MigrationScript.LoadAll())
            await blog.WriteAsync(script.Name, script.Text);
        await blog.WriteAsync("9999_create_note.sql", "create table blog.note (id int);");

        var pending = await blog.RunAsync("migrate", "status", "--scripts", blog.Folder);
        var apply = await blog.RunAsync("migrate", "apply", "--scripts", blog.Folder);
        var builtIn = await blog.RunAsync("migrate", "status");
        var missing = await blog.RunAsync("migrate", "status", "--scripts", blog.PathOf("none"));

        Assert.Equal(2, pending.ExitCode);
        Assert.EndsWith("9999_create_note.sql         pending\n", pending.Output, StringComparison.Ordinal);
        Assert.Equal((0, "Up to date: 1 applied.\n"), (apply.ExitCode, apply.Output));
        Assert.Equal(8, builtIn.ExitCode);
        Assert.Equal(["0"], await database.ListAsync("select count(*) from blog.note"));
        Assert.Equal((1, ""), (missing.ExitCode, missing.Output));
        Assert.StartsWith("The scripts cannot be read: ", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_three_at_once_one_applies_and_all_succeed()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var ended = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => blog.RunAsync("migrate", "apply", "--json")));

        var all = MigrationScript.LoadAll().Select(script => script.Name).ToArray();
        Assert.All(ended, one => Assert.Equal((0, ""), (one.ExitCode, one.Error)));
        Assert.Equal([0, 0, all.Length], ended.Select(one => one.Json.GetProperty("applied").GetArrayLength()).Order());
        Assert.Equal(all, await database.ListAsync("select scriptname from blog.schemaversions order by 1"));
    }

    /// <summary>As <c>kill -9</c> does, in the middle of a script and with a statement of it done.</summary>
    [Fact]
    public async Task A_killed_runner_leaves_nothing_half_done()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };
        foreach (var script in MigrationScript.LoadAll())
            await blog.WriteAsync(script.Name, script.Text);
        var note = await blog.WriteAsync(
            "9999_create_note.sql",
            "create table blog.note (id int);\nselect pg_advisory_xact_lock(7);"
        );
        await using (var holder = await database.OpenAsync())
        {
            await using var hold = new NpgsqlCommand("select pg_advisory_lock(7)", holder);
            await hold.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
            using var runner = blog.Start("migrate", "apply", "--scripts", blog.Folder);
            await Eventually.HoldsAsync(
                async () =>
                    await database.ListAsync("select 1 from pg_locks where locktype = 'advisory' and not granted")
                        is ["1"],
                "the second statement waits"
            );

            runner.Kill();
            await runner.WaitForExitAsync(TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(
                async () =>
                    await database.ListAsync(
                        "select count(*) from pg_stat_activity where datname = current_database() and application_name like 'blog migrate%'"
                    )
                        is ["0"],
                "the server has noticed"
            );
        }

        Assert.Equal(["f"], await database.ListAsync("select to_regclass('blog.note') is not null"));
        var again = await blog.RunAsync("migrate", "apply", "--scripts", blog.Folder);
        Assert.Equal((0, "Up to date: 1 applied.\n"), (again.ExitCode, again.Output));
        Assert.Equal(
            [note],
            await database.ListAsync("select scriptname from blog.schemaversions order by scriptname desc limit 1")
        );
    }

    [Theory]
    [InlineData("update blog.schemaversions set checksum = 'x' where scriptname like '0002%'", 3, "edited")]
    [InlineData("delete from blog.schemaversions where scriptname like '0002%'", 7, "out_of_order")]
    [InlineData("insert into blog.schemaversions (scriptname, applied) values ('9999_gone.sql', now())", 8, "vanished")]
    public async Task Ends_with_the_code_of_what_it_finds(string change, int exitCode, string state)
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(change);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var status = await blog.RunAsync("migrate", "status");
        var apply = await blog.RunAsync("migrate", "apply");

        Assert.Equal(exitCode, status.ExitCode);
        Assert.Contains(state, status.Output, StringComparison.Ordinal);
        Assert.Equal((exitCode, ""), (apply.ExitCode, apply.Output));
        Assert.Contains("Nothing was run", apply.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("status")]
    [InlineData("apply")]
    public async Task Needs_a_database(string command)
    {
        using var blog = new BlogProcess();

        var ended = await blog.RunAsync("migrate", command, "--connection", "Host=127.0.0.1;Port=1;Database=blog");

        Assert.Equal((69, ""), (ended.ExitCode, ended.Output));
        Assert.NotEmpty(ended.Error);
    }
}
