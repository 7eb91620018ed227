using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

public class ApplyTests(PostgresServer server)
{
    [Fact]
    public async Task Applies_every_script_to_an_empty_database_and_nothing_the_second_time()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);

        var first = await Run.ApplyBuild(database);
        var second = await Run.ApplyBuild(database);

        Assert.Equal(
            MigrationScript.LoadAll().Select(script => script.Name),
            first.Applied.Select(script => script.Name)
        );
        Assert.All(first.Applied, script => Assert.Equal(1, script.Attempts));
        Assert.Empty(first.Adopted);
        Assert.Empty(second.Applied);
        Assert.Empty(second.Adopted);
        Assert.Equal(
            ["post", "post_tag", "profile", "schemaversions", "tag", "tag_epoch", "users"],
            (await Run.Tables(database)).Intersect([
                "post",
                "post_tag",
                "profile",
                "schemaversions",
                "tag",
                "tag_epoch",
                "users",
            ])
        );
    }

    [Fact]
    public async Task Later_scripts_need_only_the_migrator()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        var later = new MigrationScript(
            "9000_create_t.sql",
            "set local role blog_owner;\ncreate table blog.t (n int);"
        );

        var report = await new MigrationRunner(
            database.OwnerConnectionString,
            new() { Scripts = [.. MigrationScript.LoadAll(), later] }
        ).ApplyAsync(Run.Stop);

        Assert.Equal(["9000_create_t.sql"], report.Applied.Select(script => script.Name));
        Assert.Equal(
            ["blog_owner"],
            await database.ListAsync("select relowner::regrole from pg_class where oid = 'blog.t'::regclass")
        );
        Assert.Equal(
            ["blog_migrator"],
            await database.ListAsync(
                "select applied_by from blog.schemaversions where scriptname = '9000_create_t.sql'"
            )
        );
    }

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task A_failing_script_leaves_nothing_and_the_scripts_before_it_stay()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var good = Run.Script("0001_create_a.sql", "create table blog.a (n int);");
        var bad = Run.Script(
            "0002_create_b.sql",
            "create table blog.b (n int);\n\ninsert into blog.b\nvalues (1), ('x');"
        );
        var mended = Run.Script("0002_create_b.sql", "create table blog.b (n int);");

        var failure = await Run.Refused(database, good, bad);

        Assert.Equal(MigrationFailure.Failed, failure.Failure);
        Assert.Equal("0002_create_b.sql", failure.Script);
        Assert.Equal(
            "0002_create_b.sql failed at line 4: 22P02 invalid input syntax for type integer: \"x\". "
                + "It left nothing behind; the scripts before it stay applied.",
            failure.Message
        );
        Assert.Equal(["a", "schemaversions"], await Run.Tables(database));
        Assert.Equal(["0001_create_a.sql"], await Run.Journal(database));

        var report = await Run.Apply(database, good, mended);

        Assert.Equal(["0002_create_b.sql"], report.Applied.Select(script => script.Name));
    }

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task A_statement_that_takes_too_long_fails_its_script()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);

        var failure = await Run.Refused(
            database,
            new MigrationOptions
            {
                Scripts = [Run.Script("0001_wait.sql", "create table blog.a (n int);\nselect pg_sleep(60);")],
                StatementTimeout = TimeSpan.FromMilliseconds(100),
            }
        );

        Assert.Equal(
            "0001_wait.sql failed at line 2: 57014 canceling statement due to statement timeout. "
                + "It left nothing behind; the scripts before it stay applied.",
            failure.Message
        );
        Assert.Equal(["schemaversions"], await Run.Tables(database));
    }

    [Fact]
    public async Task Sends_the_text_as_it_is_written()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var script = Run.Script(
            "0001_create_t.sql",
            """
            -- at @here and :there; a comment
            create table blog.t (id int generated always as identity, body text, list int[]);
            insert into blog.t (body, list) values ('@p :p ; $1', array[1, 2, 3]), ($q$ it's ; $q$, null);
            do $$
            declare two text := 'a:b@c;';
            begin
              insert into blog.t (body) values (two || chr(36));
            end
            $$;
            update blog.t set list = list[1:2] where list @> array[3];
            """
        );

        await Run.Apply(database, script);

        Assert.Equal(
            ["@p :p ; $1 {1,2}", " it's ;  -", "a:b@c;$ -"],
            await database.ListAsync("select body || ' ' || coalesce(list::text, '-') from blog.t order by id")
        );
    }

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task No_setting_of_a_script_reaches_the_next_one()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);

        await Run.Apply(
            database,
            Run.Script("0001_set.sql", "set search_path = blog;\nset role pg_monitor;"),
            Run.Script(
                "0002_look.sql",
                "create table blog.seen as select current_setting('search_path') as path, current_user::text as role;"
            )
        );

        Assert.Equal(
            ["\"$user\", public postgres"],
            await database.ListAsync("select path || ' ' || role from blog.seen")
        );
    }

    [Fact]
    public async Task Cancelling_leaves_nothing_half_done()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var a = Run.Script("0001_create_a.sql", "create table blog.a (n int);");
        var b = Run.Script("0002_create_b.sql", "create table blog.b (n int);\ndrop table blog.a;");
        await Run.Apply(database, a);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Run.Stop);

        await using (var reader = await database.OpenAsync())
        {
            await using var transaction = await reader.BeginTransactionAsync(Run.Stop);
            await new Npgsql.NpgsqlCommand("lock table blog.a in access share mode", reader).ExecuteNonQueryAsync(
                Run.Stop
            );
            var runner = new MigrationRunner(
                database.SuperuserConnectionString,
                new()
                {
                    Scripts = [a, b],
                    LockTimeout = TimeSpan.FromSeconds(30),
                    Progress = step => CancelWhenBlocked(step, cancel),
                }
            );

            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => runner.ApplyAsync(cancel.Token));
        }

        Assert.Equal(["a", "schemaversions"], await Run.Tables(database));
        var next = await Run.Apply(database, new MigrationOptions { Scripts = [a, b], LockWait = TimeSpan.Zero });
        Assert.Equal(["0002_create_b.sql"], next.Applied.Select(script => script.Name));

        static void CancelWhenBlocked(MigrationProgress step, CancellationTokenSource cancel)
        {
            if (step is ScriptBlocked)
                cancel.Cancel();
        }
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_a_failure_with_a_message() =>
        Assert.StartsWith(
            "The migrations stopped: Failed to connect",
            (
                await Assert.ThrowsAsync<MigrationException>(() =>
                    new MigrationRunner("Host=127.0.0.1;Port=1;Username=nobody;Timeout=5").ApplyAsync(Run.Stop)
                )
            ).Message,
            StringComparison.Ordinal
        );
}
