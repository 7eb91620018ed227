using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

public class NoTransactionTests(PostgresServer server)
{
    static readonly MigrationScript A = Run.Script(
        "0001_create_a.sql",
        "create table blog.a (n int);\ninsert into blog.a values (1), (1);\ncreate table blog.bystander (n int);"
    );
    static readonly MigrationScript Index = Run.Script(
        "0002_index_a.sql",
        "-- migrate: no-transaction\ncreate unique index concurrently a_n_idx on blog.a (n);"
    );

    [Fact]
    public async Task Builds_an_index_concurrently_and_journals_it_after_success()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("delete from blog.a");

        var report = await Run.Apply(database, A, Index);

        Assert.Equal(["0002_index_a.sql"], report.Applied.Select(script => script.Name));
        Assert.Equal(["a_n_idx valid"], await IndexesAsync(database));
        Assert.Equal(["0001_create_a.sql", "0002_index_a.sql"], await Run.Journal(database));
    }

    [Trait("Engine", "built-in")]
    [Theory]
    [InlineData("create unique index concurrently a_n_idx on blog.a (n);")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY IF NOT EXISTS \"a_n_idx\"\n  ON ONLY \"blog\".a (n)")]
    public async Task Resumes_after_an_index_was_left_invalid(string statement)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var index = Run.Script("0002_index_a.sql", "-- migrate: no-transaction\n" + statement);

        var failure = await Run.Refused(database, A, index);

        Assert.Equal(MigrationFailure.Failed, failure.Failure);
        Assert.StartsWith(
            "0002_index_a.sql failed at line 2: 23505 could not create unique index \"a_n_idx\".",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["a_n_idx invalid"], await IndexesAsync(database));
        Assert.Equal(["0001_create_a.sql"], await Run.Journal(database));

        await database.ExecuteAsync("delete from blog.a where ctid = (select min(ctid) from blog.a)");
        await Run.Apply(database, A, index);

        Assert.Equal(["a_n_idx valid"], await IndexesAsync(database));
        Assert.Equal(["0001_create_a.sql", "0002_index_a.sql"], await Run.Journal(database));
    }

    /// <summary>Such as a column that is filled in batches: what they have committed stays.</summary>
    [Fact]
    public async Task Says_what_stays_of_a_statement_that_builds_no_index()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var fill = Run.Script(
            "0002_fill_a.sql",
            "-- migrate: no-transaction\ndo $$ begin update blog.a set n = 2; commit; perform 1 / 0; end $$;"
        );

        var failure = await Run.Refused(database, A, fill);

        Assert.EndsWith(
            ": 22012 division by zero. What it has committed stays, and so do the scripts before it; the next run begins it again.",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["2", "2"], await database.ListAsync("select n from blog.a"));
        Assert.Equal(["0001_create_a.sql"], await Run.Journal(database));
    }

    [Fact]
    public async Task Leaves_an_invalid_index_of_another_name_alone()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            database.ExecuteAsync("create unique index concurrently a_n_key on blog.a (n)")
        );
        await database.ExecuteAsync("delete from blog.a");

        await Run.Apply(database, A, Index);

        Assert.Equal(["a_n_idx valid", "a_n_key invalid"], await IndexesAsync(database));
    }

    /// <summary>What a runner leaves that is killed between the statement and its row of the journal.</summary>
    [Theory]
    [InlineData("create unique index concurrently a_n_idx on blog.a (n);")]
    [InlineData("CREATE UNIQUE INDEX CONCURRENTLY \"a_n_idx\"\n  ON ONLY \"blog\" . a\nusing btree(n  asc)")]
    public async Task Journals_an_index_that_is_there_as_the_script_makes_it(string statement)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("delete from blog.a; create unique index a_n_idx on blog.a (n)");
        var built = await database.ListAsync("select 'blog.a_n_idx'::regclass::oid");
        var steps = new List<string>();

        await Run.Apply(
            database,
            new MigrationOptions
            {
                Scripts = [A, Run.Script("0002_index_a.sql", "-- migrate: no-transaction\n" + statement)],
                Progress = step => steps.Add(step.ToString()!),
            }
        );

        Assert.Equal(built, await database.ListAsync("select 'blog.a_n_idx'::regclass::oid"));
        Assert.Equal(["0001_create_a.sql", "0002_index_a.sql"], await Run.Journal(database));
        Assert.Contains("0002_index_a.sql: its index is there already, as the script makes it; journalled", steps);
        Assert.Equal(["a", "bystander", "schemaversions"], await Run.Tables(database));
    }

    [Fact]
    public async Task Refuses_another_index_of_the_same_name()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("create index a_n_idx on blog.a (n desc)");

        var failure = await Run.Refused(database, A, Index);

        Assert.Equal(MigrationFailure.Failed, failure.Failure);
        Assert.Equal(
            "0002_index_a.sql: there is another index blog.a_n_idx already: CREATE INDEX a_n_idx ON blog.a USING btree (n DESC). "
                + "The script makes: CREATE UNIQUE INDEX a_n_idx ON blog.a USING btree (n). Nothing was run. Drop or rename the one that is there.",
            failure.Message
        );
        Assert.Equal(["a_n_idx valid"], await IndexesAsync(database));
        Assert.Equal(["0001_create_a.sql"], await Run.Journal(database));
    }

    [Fact]
    public async Task Waits_for_old_transactions_longer_than_the_lock_timeout_and_names_them()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("delete from blog.a");
        await using var writer = await database.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync(Run.Stop);
        await new Npgsql.NpgsqlCommand("insert into blog.a values (7)", writer).ExecuteNonQueryAsync(Run.Stop);
        var pid = writer.ProcessID;
        var blockers = new List<int>();

        var report = await Run.Apply(
            database,
            new MigrationOptions
            {
                Scripts = [A, Index],
                LockTimeout = TimeSpan.FromMilliseconds(40),
                StatementTimeout = TimeSpan.FromMilliseconds(40),
                Progress = step =>
                {
                    if (step is not ScriptBlocked blocked)
                        return;
                    blockers.Add(blocked.Blocker.Pid);
                    // The build has waited for longer than both timeouts.
                    Eventually
                        .HoldsAsync(
                            async () =>
                                await database.ListAsync(
                                    """
                                    select 1 from pg_catalog.pg_stat_activity
                                    where datname = current_database() and query like '%concurrently a_n_idx%'
                                      and pid <> pg_backend_pid() and clock_timestamp() - query_start > interval '80 ms'
                                    """
                                )
                                    is ["1"],
                            "the build waits for 80 ms"
                        )
                        .GetAwaiter()
                        .GetResult();
                    transaction.Commit();
                },
            }
        );

        Assert.Equal([pid], blockers);
        Assert.Equal([1], report.Applied.Select(script => script.Attempts));
        Assert.Equal(["a_n_idx valid"], await IndexesAsync(database));
    }

    [Fact]
    public async Task An_index_that_somebody_is_building_now_is_not_a_left_over()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("delete from blog.a");
        await using var writer = await database.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync(Run.Stop);
        await new Npgsql.NpgsqlCommand("insert into blog.a values (7)", writer).ExecuteNonQueryAsync(Run.Stop);
        await using var builder = await database.OpenAsync();
        var pid = builder.ProcessID;
        var building = new Npgsql.NpgsqlCommand(
            "create unique index concurrently a_n_idx on blog.a (n)",
            builder
        ).ExecuteNonQueryAsync(Run.Stop);
        await Eventually.HoldsAsync(
            async () =>
                await database.ListAsync(
                    $"select 1 from pg_stat_progress_create_index where pid = {pid} and index_relid <> 0"
                )
                    is ["1"],
            "the index is being built"
        );

        var failure = await Run.Refused(database, A, Index);

        Assert.Equal(MigrationFailure.Locked, failure.Failure);
        Assert.Equal(
            $"0002_index_a.sql: pid {pid} is building blog.a_n_idx at this moment. Nothing was run. Wait for it to end.",
            failure.Message
        );
        await transaction.CommitAsync(Run.Stop);
        await building;
        Assert.Equal(["a_n_idx valid"], await IndexesAsync(database));
    }

    static Task<string[]> IndexesAsync(TestDatabase database) =>
        database.ListAsync(
            """
            select c.relname || case when i.indisvalid then ' valid' else ' invalid' end
            from pg_index i
            join pg_class c on c.oid = i.indexrelid
            where indrelid in ('blog.a'::regclass, 'blog.bystander'::regclass)
            order by 1
            """
        );
}
