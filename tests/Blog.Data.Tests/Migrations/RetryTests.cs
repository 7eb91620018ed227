using Blog.Data.Migrations;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Migrations;

public class RetryTests(PostgresServer server)
{
    static readonly MigrationScript A = Run.Script("0001_create_a.sql", "create table blog.a (n int);");
    static readonly MigrationScript Alter = Run.Script(
        "0002_alter_a.sql",
        "create table blog.b (n int);\nalter table blog.a add column m int;"
    );

    [Fact]
    public async Task Rolls_back_names_the_blocker_and_tries_again()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await using var reader = await BlockAsync(database);
        var pid = reader.ProcessID;
        ScriptRetried? retried = null;

        var report = await Run.Apply(
            database,
            Quickly(step =>
            {
                if (step is not ScriptRetried retry)
                    return;
                retried = retry;
                reader.Close();
            })
        );

        Assert.Equal([("0002_alter_a.sql", 2)], report.Applied.Select(script => (script.Name, script.Attempts)));
        Assert.Equal("0002_alter_a.sql", retried?.Script);
        Assert.Equal(1, retried?.Attempt);
        Assert.Equal("canceling statement due to lock timeout", retried?.Reason);
        Assert.Equal(pid, retried?.Blocker?.Pid);
        Assert.Equal("a long report", retried?.Blocker?.ApplicationName);
        Assert.Equal("select count(*) from blog.a", retried?.Blocker?.Query);
        Assert.Equal(["0001_create_a.sql", "0002_alter_a.sql"], await Run.Journal(database));
    }

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task Gives_up_after_five_tries_and_leaves_nothing()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await using var reader = await BlockAsync(database);
        var pid = reader.ProcessID;

        var failure = await Run.Refused(database, Quickly(_ => { }));

        Assert.Equal(MigrationFailure.Failed, failure.Failure);
        Assert.Matches(
            @"^0002_alter_a\.sql failed at line 2 after 5 tries: 55P03 canceling statement due to lock timeout\. "
                + $@"In the way: pid {pid} \(a long report\) as postgres, for \d+ s: select count\(\*\) from blog\.a\. "
                + @"It left nothing behind; the scripts before it stay applied\.$",
            failure.Message
        );
        Assert.Equal(["a", "schemaversions"], await Run.Tables(database));
    }

    /// <summary>A request that queues behind a script waits for it, and does not run into its own timeout meanwhile.</summary>
    [Fact]
    public async Task A_script_waits_for_a_lock_for_less_time_than_the_service_does()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        var service = await database.ListAsync(
            "select extract(epoch from current_setting('lock_timeout')::interval)::float * 1000",
            "blog_app"
        );

        Assert.Equal(["1000"], service);
        Assert.Equal(500, new MigrationOptions().LockTimeout.TotalMilliseconds);
    }

    [Fact]
    public void Pauses_one_two_four_and_eight_seconds() =>
        Assert.Equal([1, 2, 4, 8], new MigrationOptions().RetryDelays.Select(pause => pause.TotalSeconds));

    [Fact]
    public async Task A_role_that_two_databases_change_at_once_is_tried_again()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await using var other = await database.OpenAsync();
        var role = "shared_" + database.Name;
        await new NpgsqlCommand($"create role {role}", other).ExecuteNonQueryAsync(Run.Stop);
        await using var transaction = await other.BeginTransactionAsync(Run.Stop);
        await new NpgsqlCommand($"alter role {role} connection limit 1", other).ExecuteNonQueryAsync(Run.Stop);
        var tries = 0;

        // The other change is committed while the script waits for it: "tuple concurrently updated".
        var report = await Run.Apply(
            database,
            new MigrationOptions
            {
                Scripts = [Run.Script("0001_alter_role.sql", $"alter role {role} connection limit 2;")],
                RetryDelays = [TimeSpan.Zero],
                Progress = step =>
                {
                    if (step is ScriptBlocked)
                        transaction.Commit();
                    if (step is ScriptRetried { Reason: "tuple concurrently updated" })
                        tries++;
                },
            }
        );

        Assert.Equal(1, tries);
        Assert.Equal([2], report.Applied.Select(script => script.Attempts));
        Assert.Equal(["2"], await database.ListAsync($"select rolconnlimit from pg_roles where rolname = '{role}'"));
        await database.ExecuteAsync($"drop role {role}");
    }

    static MigrationOptions Quickly(Action<MigrationProgress> progress) =>
        new()
        {
            Scripts = [A, Alter],
            LockTimeout = TimeSpan.FromMilliseconds(200),
            RetryDelays = [TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero, TimeSpan.Zero],
            Progress = progress,
        };

    /// <summary>A transaction that has read blog.a and is still open.</summary>
    static async Task<NpgsqlConnection> BlockAsync(TestDatabase database)
    {
        var reader = await database.OpenAsync();
        await new NpgsqlCommand("set application_name = 'a long report'", reader).ExecuteNonQueryAsync(Run.Stop);
        await reader.BeginTransactionAsync(Run.Stop);
        await new NpgsqlCommand("select count(*) from blog.a", reader).ExecuteScalarAsync(Run.Stop);
        return reader;
    }
}
