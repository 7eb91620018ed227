using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

/// <summary>The runner is killed after each statement of each script of the build: the sessions of a killed process end, and nothing else is told.</summary>
public sealed class RehearsalTests(PostgresServer server)
{
    /// <summary>Ends the session that runs the script and the one that holds the lock, as the death of their process does.</summary>
    const string Kill = """
        reset role;
        select pg_terminate_backend(pid)
        from pg_stat_activity
        where datname = current_database() and application_name like 'blog migrate%'
        order by pid = pg_backend_pid();
        """;

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task A_runner_that_is_killed_after_any_statement_leaves_nothing_that_the_next_one_stumbles_over()
    {
        await using var straight = await TestDatabase.CreateMigratedAsync(server);
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var scripts = MigrationScript.LoadAll();
        // The journal stands before the first script.
        await Run.Apply(database, new MigrationOptions { Scripts = [] });
        var kills = 0;
        for (var applied = 0; applied < scripts.Count; applied++)
        {
            var script = scripts[applied];
            foreach (var statement in script.Statements)
            {
                var before = await SchemaAsync(database);
                if (script.RunsInTransaction)
                {
                    var killed = new MigrationScript(
                        script.Name,
                        script.Text[..(statement.Offset + statement.Text.Length)] + ";\n" + Kill
                    );
                    var failure = await Run.Refused(database, [.. scripts.Take(applied), killed]);
                    // Whichever of the two is noticed first.
                    Assert.Matches(": 57P01 |^The migration lock was lost with its connection", failure.Message);
                    Assert.Equal(before, await SchemaAsync(database));
                }
                else
                {
                    // Its one statement is through, and its row of the journal is not written.
                    await database.ExecuteAsync(statement.Text);
                }

                kills++;
            }

            await Run.Apply(database, [.. scripts.Take(applied + 1)]);
        }

        Assert.Equal(scripts.Sum(script => script.Statements.Count), kills);
        Assert.Equal(await SchemaAsync(straight), await SchemaAsync(database));
        Assert.Equal(scripts.Select(script => script.Name), await Run.Journal(database));
    }

    static async Task<IEnumerable<string>> SchemaAsync(TestDatabase database) =>
        (await SchemaSnapshot.ReadAsync(database.SuperuserConnectionString, Run.Stop)).Items.Select(item =>
            item.ToSql()
        );
}
