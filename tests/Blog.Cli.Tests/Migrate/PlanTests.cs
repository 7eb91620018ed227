using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Cli.Tests.Migrate;

/// <summary><c>blog migrate plan</c>, signed, and <c>blog migrate apply --plan</c>.</summary>
public sealed class PlanTests(PostgresServer server)
{
    [Fact]
    public async Task Writes_a_file_that_apply_takes_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var plan = await blog.RunAsync("migrate", "plan");
        await blog.WriteAsync("plan.sql", plan.Output);
        var again = await blog.RunAsync("migrate", "plan");
        var apply = await blog.RunAsync("migrate", "apply", "--plan", "plan.sql");
        var twice = await blog.RunAsync("migrate", "apply", "--plan", "plan.sql");

        Assert.Equal((0, ""), (plan.ExitCode, plan.Error));
        Assert.StartsWith("-- The plan of blog migrate: ", plan.Output, StringComparison.Ordinal);
        Assert.Matches(@"\n-- sha256 of everything above: [0-9a-f]{64}\n\z", plan.Output);
        Assert.Equal(plan.Output, again.Output);
        Assert.Equal((0, $"Up to date: {MigrationScript.LoadAll().Count} applied.\n"), (apply.ExitCode, apply.Output));
        Assert.Equal((6, ""), (twice.ExitCode, twice.Output));
        Assert.StartsWith("What would be applied is not what was signed. ", twice.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Writes_it_as_JSON()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };
        await blog.WriteAsync("0001_create_note.sql", "create table blog.note (id int);");

        var nothing = await blog.RunAsync("migrate", "plan", "--json");
        var vanished = await blog.RunAsync("migrate", "plan", "--json", "--scripts", blog.Folder);

        Assert.Equal((0, ""), (nothing.ExitCode, nothing.Error));
        Assert.Equal(
            ["database", "server", "applied", "preparation", "scripts", "findings", "allowances", "checksum"],
            nothing.Json.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(0, nothing.Json.GetProperty("scripts").GetArrayLength());
        Assert.Equal(database.Name, nothing.Json.GetProperty("database").GetString());
        Assert.Equal((8, ""), (vanished.ExitCode, vanished.Output));
    }

    [Fact]
    public async Task A_plan_that_is_not_there_applies_nothing()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        using var blog = new BlogProcess { ConnectionString = database.SuperuserConnectionString };

        var ended = await blog.RunAsync("migrate", "apply", "--plan", "missing.sql");

        Assert.Equal((1, ""), (ended.ExitCode, ended.Output));
        Assert.StartsWith("The plan cannot be read: ", ended.Error, StringComparison.Ordinal);
        Assert.Empty(await database.ListAsync("select nspname from pg_namespace where nspname = 'blog'"));
    }
}
