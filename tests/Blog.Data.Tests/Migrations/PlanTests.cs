using System.Security.Cryptography;
using System.Text;
using Blog.Data.Migrations;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Migrations;

public class PlanTests(PostgresServer server)
{
    /// <summary>Whatever a script can leave behind: columns, constraints, indexes, functions, comments, owners and rights.</summary>
    const string Schema = """
        select concat_ws(' ', c.relname, c.relkind, c.relowner::regrole, c.relacl::text, a.attname, a.attnum,
          format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attacl::text, col_description(c.oid, a.attnum), obj_description(c.oid))
        from pg_class c left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
        where c.relnamespace = 'blog'::regnamespace
        union all
        select concat_ws(' ', conrelid::regclass, conname, convalidated, pg_get_constraintdef(oid)) from pg_constraint
        where connamespace = 'blog'::regnamespace
        union all
        select concat_ws(' ', indexrelid::regclass, indisvalid, pg_get_indexdef(indexrelid)) from pg_index
        where indrelid in (select oid from pg_class where relnamespace = 'blog'::regnamespace)
        union all
        select concat_ws(' ', oid::regprocedure, proowner::regrole, proacl::text, md5(prosrc), obj_description(oid)) from pg_proc
        where pronamespace = 'blog'::regnamespace
        union all
        select concat_ws(' ', defaclrole::regrole, defaclobjtype, defaclacl::text) from pg_default_acl
        order by 1
        """;

    const string Journal =
        "select concat_ws(' ', scriptname, checksum, applied_by, runner) from blog.schemaversions order by schemaversionsid";

    static readonly MigrationScript A = Run.Script("0001_create_a.sql", "create table blog.a (n int)");
    static readonly MigrationScript B = Run.Script(
        "0002_create_b.sql",
        "-- 0002: b\ncreate table blog.b (n int);\nset search_path = nowhere;\nset role pg_monitor -- the end"
    );
    static readonly MigrationScript Index = Run.Script(
        "0003_index_a.sql",
        "-- migrate: no-transaction\ncreate index concurrently a_n_idx on blog.a (n);\n"
    );

    static readonly MigrationScript Look = Run.Script(
        "0004_look.sql",
        "create table blog.seen as select current_setting('search_path') as path, current_user::text as role;"
    );

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task Its_statements_in_order_make_what_apply_makes()
    {
        await using var applied = await TestDatabase.CreateEmptyAsync(server);
        await using var planned = await TestDatabase.CreateEmptyAsync(server);
        MigrationScript[] later = [.. MigrationScript.LoadAll(), .. Renumbered(A, B, Index, Look)];
        await Run.Apply(applied, later);

        await ExecuteAsync(planned, (await Plan(planned, later)).Text);

        Assert.Equal(await applied.ListAsync(Schema), await planned.ListAsync(Schema));
        Assert.Equal(await applied.ListAsync(Journal), await planned.ListAsync(Journal));
        Assert.Contains("a", await Run.Tables(planned));
        Assert.Equal(
            ["\"$user\", public postgres"],
            await planned.ListAsync("select path || ' ' || role from blog.seen")
        );
        var after = await Run.Apply(planned, later);
        Assert.Empty(after.Applied);
        Assert.Empty(after.Adopted);
    }

    [Fact]
    public async Task It_is_a_file_to_sign()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);

        var plan = await Plan(database, A, B);

        var lines = plan.Text.Split('\n');
        Assert.Equal(
            [
                $"-- database: {database.Name}",
                "-- journal:  1 applied",
                $"--   0001_create_a.sql {A.Checksum}",
                "-- scripts:  1 to apply",
                $"--   0002_create_b.sql {B.Checksum}",
                "-- review:   6 found, 0 allowed",
                "--   0002_create_b.sql:1 header: The first line does not name the script and what it does.",
            ],
            lines.Skip(3).Where(line => !line.StartsWith("-- server:", StringComparison.Ordinal)).Take(7)
        );
        Assert.Contains(
            $"""

            -- 0002_create_b.sql
            begin;
            set local lock_timeout = 500;
            set local statement_timeout = 60000;
            -- 0002: b
            create table blog.b (n int);
            set search_path = nowhere;
            set role pg_monitor -- the end
            ;
            reset role;
            insert into blog.schemaversions (scriptname, applied, checksum, duration_ms, applied_by, runner)
            values ('0002_create_b.sql', localtimestamp, '{B.Checksum}', (extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)::bigint, session_user, 'blog');
            commit;
            reset session authorization;
            """,
            plan.Text,
            StringComparison.Ordinal
        );
        var above = string.Join('\n', lines[..^2]) + "\n";
        var sum = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(above)));
        Assert.Equal(["-- sha256 of everything above: " + sum, ""], lines[^2..]);
        Assert.Equal(sum, plan.Checksum);
        Assert.Equal(plan.Text, (await Plan(database, A, B)).Text);
        Assert.DoesNotContain("Password", plan.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task It_changes_nothing_and_waits_for_nobody()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        var before = await database.ListAsync(Schema);
        await using var other = await database.OpenAsync();
        await using var held = await other.BeginTransactionAsync(Run.Stop);
        await new NpgsqlCommand(
            "lock table blog.a in access exclusive mode; select pg_advisory_lock(1114402663, 1)",
            other
        ).ExecuteNonQueryAsync(Run.Stop);

        var plan = await Plan(database, A, B, Index);

        Assert.Equal(["0002_create_b.sql", "0003_index_a.sql"], plan.Scripts.Select(script => script.Script));
        await held.RollbackAsync(Run.Stop);
        Assert.Equal(before, await database.ListAsync(Schema));
        Assert.Equal(["0001_create_a.sql"], await Run.Journal(database));
    }

    [Fact]
    public async Task The_service_may_ask_for_it()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        var plan = await new MigrationRunner(database.AppConnectionString).PlanAsync(Run.Stop);

        Assert.Empty(plan.Scripts);
        Assert.Empty(SqlText.Split(plan.Text));
    }

    [Fact]
    public async Task It_drops_what_an_interrupted_build_left()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync(
            "create index a_n_idx on blog.a (n); update pg_index set indisvalid = false where indexrelid = 'blog.a_n_idx'::regclass"
        );

        var plan = await Plan(database, A, Index);
        await ExecuteAsync(database, plan.Text);

        Assert.Equal(
            [
                "set lock_timeout = 0",
                "set statement_timeout = 0",
                "drop index concurrently blog.a_n_idx",
                "create index concurrently a_n_idx on blog.a (n)",
                "begin",
            ],
            plan.Scripts.Single().Statements.Take(5)
        );
        Assert.Equal(
            ["t"],
            await database.ListAsync("select indisvalid from pg_index where indexrelid = 'blog.a_n_idx'::regclass")
        );
    }

    [Fact]
    public async Task It_journals_what_a_killed_run_has_built()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("create index a_n_idx on blog.a (n)");

        var plan = await Plan(database, A, Index);
        await ExecuteAsync(database, plan.Text);

        var statements = plan.Scripts.Single().Statements;
        Assert.Equal(("begin", "commit", 3), (statements[0], statements[^1], statements.Count));
        Assert.Contains(
            "-- blog.a_n_idx is there already, whole: apply compares it with the script, and stops where it is another.\nbegin;",
            plan.Text,
            StringComparison.Ordinal
        );
        Assert.Equal(["0001_create_a.sql", "0003_index_a.sql"], await Run.Journal(database));
    }

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task It_adopts_what_DbUp_has_applied()
    {
        await using var applied = await TestDatabase.CreateEmptyAsync(server);
        await using var planned = await TestDatabase.CreateEmptyAsync(server);
        foreach (var database in (TestDatabase[])[applied, planned])
        {
            await database.ExecuteAsync(
                """
                create schema blog;
                create table blog.schemaversions (schemaversionsid serial primary key, scriptname varchar(255) not null, applied timestamp not null);
                insert into blog.schemaversions (scriptname, applied) values ('0001_create_a.sql', '2020-01-01');
                create table blog.a (n int);
                """
            );
        }

        await Run.Apply(applied, A, B);
        await ExecuteAsync(planned, (await Plan(planned, A, B)).Text);

        Assert.Equal(await applied.ListAsync(Journal), await planned.ListAsync(Journal));
        Assert.Equal($"0001_create_a.sql {A.Checksum} dbup", (await planned.ListAsync(Journal))[0]);
    }

    [Fact]
    public async Task It_refuses_to_run_in_another_database()
    {
        await using var planned = await TestDatabase.CreateEmptyAsync(server);
        await using var other = await TestDatabase.CreateEmptyAsync(server);
        var plan = await Plan(planned, A);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(other, plan.Text));

        Assert.Equal("this is the plan of another database", refused.MessageText);
        Assert.Empty(await other.ListAsync("select nspname from pg_namespace where nspname = 'blog'"));
    }

    [Fact]
    public async Task It_refuses_to_run_beside_a_runner()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await using var other = await database.OpenAsync();
        await new NpgsqlCommand("select pg_advisory_lock(1114402663, 1)", other).ExecuteNonQueryAsync(Run.Stop);
        var plan = await Plan(database, A);

        var refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(database, plan.Text));

        Assert.Equal("another runner has the migration lock", refused.MessageText);
    }

    [Theory]
    [InlineData("update blog.schemaversions set checksum = 'x'", MigrationFailure.ChecksumMismatch)]
    [InlineData("update blog.schemaversions set scriptname = '0009_z.sql'", MigrationFailure.VanishedScript)]
    public async Task It_stops_where_apply_would(string change, MigrationFailure failure)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync(change);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => Plan(database, A, B));

        Assert.Equal(failure, refused.Failure);
    }

    static Task<MigrationPlan> Plan(TestDatabase database, params MigrationScript[] scripts) =>
        new MigrationRunner(database.SuperuserConnectionString, new() { Scripts = scripts }).PlanAsync(Run.Stop);

    static async Task ExecuteAsync(TestDatabase database, string plan)
    {
        await using var connection = await database.OpenAsync();
        foreach (var statement in SqlText.Split(plan))
            await new NpgsqlCommand(statement.Text, connection).ExecuteNonQueryAsync(Run.Stop);
    }

    static IEnumerable<MigrationScript> Renumbered(params MigrationScript[] scripts) =>
        scripts.Select(script => new MigrationScript($"9{script.Name[1..]}", script.Text));
}
