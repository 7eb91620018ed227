using Blog.Data.Migrations;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Migrations;

public class LockTests(PostgresServer server)
{
    static readonly MigrationScript A = Run.Script("0001_create_a.sql", "create table blog.a (n int);");
    static readonly MigrationScript B = Run.Script("0002_create_b.sql", "create table blog.b (n int);");

    [Fact]
    public async Task Waits_for_another_runner_and_names_it()
    {
        await using var elsewhere = await TestDatabase.CreateEmptyAsync(server);
        await using var bystander = await HoldAsync(elsewhere);
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await using var other = await HoldAsync(database);
        var waiting = new TaskCompletionSource<WaitingForLock>();

        var applying = Run.Apply(
            database,
            new MigrationOptions
            {
                Scripts = [A],
                Progress = step =>
                {
                    if (step is WaitingForLock wait)
                        waiting.TrySetResult(wait);
                },
            }
        );
        var seen = await waiting.Task.WaitAsync(Run.Stop);

        Assert.Equal(other.ProcessID, seen.Holder?.Pid);
        Assert.Equal("the other runner", seen.Holder?.ApplicationName);
        Assert.StartsWith(
            $"waiting for the migration lock, held by pid {other.ProcessID} (the other runner) as postgres, for ",
            seen.ToString(),
            StringComparison.Ordinal
        );
        Assert.False(applying.IsCompleted);

        await other.CloseAsync();

        Assert.Equal(["0001_create_a.sql"], (await applying).Applied.Select(script => script.Name));
    }

    [Fact]
    public async Task Gives_up_after_the_wait_and_runs_nothing()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await using var other = await HoldAsync(database);

        var failure = await Run.Refused(
            database,
            new MigrationOptions { Scripts = [A], LockWait = TimeSpan.FromMilliseconds(500) }
        );

        Assert.Equal(MigrationFailure.Locked, failure.Failure);
        Assert.Equal(5, (int)failure.Failure);
        Assert.StartsWith(
            $"Another runner kept the migration lock for 0.5 s: pid {other.ProcessID} (the other runner) as postgres",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Empty(await database.ListAsync("select nspname from pg_namespace where nspname = 'blog'"));
    }

    [Fact]
    public async Task A_runner_of_another_database_is_not_waited_for()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await using var bystander = await TestDatabase.CreateEmptyAsync(server);
        await using var other = await HoldAsync(bystander);

        var report = await Run.Apply(database, new MigrationOptions { Scripts = [A], LockWait = TimeSpan.Zero });

        Assert.Equal(["0001_create_a.sql"], report.Applied.Select(script => script.Name));
    }

    [Fact]
    public async Task Of_three_runners_at_once_one_applies_and_each_script_is_journalled_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);

        var reports = await Task.WhenAll(
            Run.Apply(database, A, B),
            Run.Apply(database, A, B),
            Run.Apply(database, A, B)
        );

        Assert.Equal([0, 0, 2], reports.Select(report => report.Applied.Count).Order());
        Assert.Equal(["0001_create_a.sql", "0002_create_b.sql"], await Run.Journal(database));
    }

    [Fact]
    public async Task The_lock_is_free_as_soon_as_a_runner_has_ended()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var once = new MigrationOptions { Scripts = [A], LockWait = TimeSpan.Zero };

        await Run.Apply(database, once);
        await Run.Apply(database, once);
        await Run.Refused(database, once with { Scripts = [B] });

        Assert.Empty((await Run.Apply(database, once)).Applied);
    }

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task Losing_the_connection_of_the_lock_stops_the_script()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await using var reader = await database.OpenAsync();
        await using var transaction = await reader.BeginTransactionAsync(Run.Stop);
        await new NpgsqlCommand("lock table blog.a in access share mode", reader).ExecuteNonQueryAsync(Run.Stop);
        var blocked = new TaskCompletionSource();

        var applying = Run.Refused(
            database,
            new MigrationOptions
            {
                Scripts = [A, Run.Script("0002_drop_a.sql", "create table blog.b (n int); drop table blog.a;")],
                LockTimeout = TimeSpan.FromMinutes(10),
                StatementTimeout = TimeSpan.FromMinutes(10),
                Progress = step =>
                {
                    if (step is ScriptBlocked)
                        blocked.TrySetResult();
                },
            }
        );
        await blocked.Task.WaitAsync(Run.Stop);
        await database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())"
        );

        // Long before its own timeouts would have ended it.
        var failure = await applying.WaitAsync(TimeSpan.FromSeconds(30), Run.Stop);
        Assert.StartsWith(
            "The migration lock was lost with its connection while 0002_drop_a.sql ran",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["a", "schemaversions"], await Run.Tables(database));
    }

    /// <summary>A session that has the lock, as a runner would.</summary>
    static async Task<NpgsqlConnection> HoldAsync(TestDatabase database)
    {
        var other = await database.OpenAsync();
        await new NpgsqlCommand(
            "set application_name = 'the other runner'; select pg_advisory_lock(1114402663, 1)",
            other
        ).ExecuteNonQueryAsync(Run.Stop);
        return other;
    }
}
