using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

public class JournalTests(PostgresServer server)
{
    static readonly MigrationScript A = Run.Script("0001_create_a.sql", "create table blog.a (n int);\n");
    static readonly MigrationScript B = Run.Script("0002_create_b.sql", "create table blog.b (n int);\n");
    static readonly MigrationScript C = Run.Script("0003_create_c.sql", "create table blog.c (n int);\n");

    /// <summary>As dbup-postgresql 6 makes it, letter by letter.</summary>
    const string MadeByDbUp = """
        CREATE TABLE "blog"."schemaversions"
        (
            schemaversionsid serial NOT NULL,
            scriptname character varying(255) NOT NULL,
            applied timestamp without time zone NOT NULL,
            CONSTRAINT "PK_schemaversions_Id" PRIMARY KEY (schemaversionsid)
        )
        """;

    [Fact]
    public async Task The_journal_is_the_table_of_DbUp_with_four_columns_that_may_be_null()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        Assert.Equal(
            [
                "schemaversionsid integer not null nextval('blog.schemaversions_schemaversionsid_seq'::regclass)",
                "scriptname character varying(255) not null",
                "applied timestamp without time zone not null",
                "checksum text",
                "duration_ms bigint",
                "applied_by text",
                "runner text",
            ],
            await database.ListAsync(
                """
                select concat_ws(' ', a.attname, format_type(a.atttypid, a.atttypmod),
                  case when a.attnotnull then 'not null' end, pg_get_expr(d.adbin, d.adrelid))
                from pg_attribute a
                left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
                where a.attrelid = 'blog.schemaversions'::regclass and a.attnum > 0
                order by a.attnum
                """
            )
        );
        Assert.Equal(
            [
                "CREATE UNIQUE INDEX \"PK_schemaversions_Id\" ON blog.schemaversions USING btree (schemaversionsid)",
                "CREATE UNIQUE INDEX schemaversions_scriptname_key ON blog.schemaversions USING btree (scriptname)",
            ],
            await database.ListAsync(
                """
                select pg_get_indexdef(indexrelid) from pg_index
                where indrelid = 'blog.schemaversions'::regclass order by 1
                """
            )
        );
    }

    [Trait("Engine", "built-in")]
    [Fact]
    public async Task A_row_says_what_when_by_whom_and_with_which_text()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        var noonInKolkata = new StoppedClock(
            new DateTimeOffset(2026, 3, 1, 6, 30, 0, TimeSpan.Zero),
            TimeSpan.FromHours(5.5)
        );

        await Run.Apply(database, new MigrationOptions { Scripts = [B, A], Clock = noonInKolkata });

        Assert.Equal(
            [
                $"1 0001_create_a.sql 2026-03-01 12:00:00 {A.Checksum} postgres blog",
                $"2 0002_create_b.sql 2026-03-01 12:00:00 {B.Checksum} postgres blog",
            ],
            await database.ListAsync(
                """
                select concat_ws(' ', schemaversionsid, scriptname, applied, checksum, applied_by, runner)
                from blog.schemaversions
                where duration_ms between 0 and 60000
                order by 1
                """
            )
        );
    }

    [Fact]
    public async Task Status_compares_and_creates_nothing()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);

        Assert.Equal([MigrationStatus.Pending], (await Run.Status(database, A)).Select(state => state.Status));
        Assert.Empty(await database.ListAsync("select nspname from pg_namespace where nspname = 'blog'"));

        await Run.Apply(database, A, C);
        var edited = Run.Script("0001_create_a.sql", "create table blog.a (m int);\n");
        var d = Run.Script("0004_create_d.sql", "create table blog.d (n int);\n");
        var states = await Run.Status(database, edited, B, d);

        Assert.Equal(
            [
                ("0001_create_a.sql", MigrationStatus.Edited, edited.Checksum, A.Checksum),
                ("0002_create_b.sql", MigrationStatus.OutOfOrder, B.Checksum, null),
                ("0003_create_c.sql", MigrationStatus.Vanished, null, C.Checksum),
                ("0004_create_d.sql", MigrationStatus.Pending, d.Checksum, null),
            ],
            states.Select(state => (state.Script, state.Status, state.Checksum, state.AppliedChecksum))
        );
        Assert.Equal([true, false, true, false], states.Select(state => state.AppliedAt is not null));
    }

    [Fact]
    public async Task The_service_may_ask_for_the_status()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        var states = await new MigrationRunner(database.AppConnectionString).StatusAsync(Run.Stop);

        Assert.All(states, state => Assert.Equal(MigrationStatus.Applied, state.Status));
        Assert.Equal("0001_create_roles.sql", states[0].Script);
    }

    [Fact]
    public async Task Other_line_ends_are_not_an_edit()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);

        var report = await Run.Apply(database, Run.Script(A.Name, "create table blog.a (n int);\r\n"));

        Assert.Empty(report.Applied);
    }

    [Fact]
    public async Task An_edited_script_stops_everything()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        var edited = Run.Script(A.Name, "create table blog.a (m int);\n");

        var failure = await Run.Refused(database, edited, B);

        Assert.Equal(MigrationFailure.ChecksumMismatch, failure.Failure);
        Assert.Equal(3, (int)failure.Failure);
        Assert.Contains(
            "0001_create_a.sql was edited after it was applied on ",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"the journal has {A.Checksum}, the file is {edited.Checksum}.",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["a", "schemaversions"], await Run.Tables(database));
    }

    [Fact]
    public async Task A_script_that_sorts_before_an_applied_one_stops_everything()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A, C);

        var failure = await Run.Refused(database, A, B, C);

        Assert.Equal(MigrationFailure.OutOfOrder, failure.Failure);
        Assert.Equal(7, (int)failure.Failure);
        Assert.Equal(
            "0002_create_b.sql is pending, but 0003_create_c.sql, which sorts after it, is applied. "
                + "Nothing was run. Give it the next free number.",
            failure.Message
        );
        Assert.Equal(["a", "c", "schemaversions"], await Run.Tables(database));
    }

    [Fact]
    public async Task A_journalled_script_that_vanished_stops_everything()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A, B);

        var failure = await Run.Refused(database, A, C);

        Assert.Equal(MigrationFailure.VanishedScript, failure.Failure);
        Assert.Equal(8, (int)failure.Failure);
        Assert.StartsWith("0002_create_b.sql was applied on ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(["a", "b", "schemaversions"], await Run.Tables(database));
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_not_an_empty_one()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("alter table blog.schemaversions rename column scriptname to script_name");

        var failure = await Run.Refused(database, A, B);

        Assert.Equal(MigrationFailure.Failed, failure.Failure);
        Assert.StartsWith(
            "The journal blog.schemaversions is there but cannot be read: 42703: column \"scriptname\" does not exist",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["a", "schemaversions"], await Run.Tables(database));
    }

    [Fact]
    public async Task A_journal_that_may_not_be_read_is_not_an_empty_one()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            "revoke select on blog.schemaversions from blog_app; revoke usage on schema blog from blog_app"
        );

        var failure = await Assert.ThrowsAsync<MigrationException>(() =>
            new MigrationRunner(database.AppConnectionString).StatusAsync(Run.Stop)
        );

        Assert.StartsWith(
            "The journal blog.schemaversions is there but cannot be read: 42501: permission denied for schema blog",
            failure.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Tables_without_a_journal_are_not_an_empty_database()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);
        await database.ExecuteAsync("drop table blog.schemaversions");

        var failure = await Run.Refused(database, A, B);

        Assert.StartsWith(
            "Schema blog holds 1 tables or views but no journal blog.schemaversions",
            failure.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(["a"], await Run.Tables(database));
    }

    [Fact]
    public async Task What_DbUp_journalled_is_adopted_once()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await database.ExecuteAsync("create schema blog");
        await database.ExecuteAsync(MadeByDbUp);
        foreach (var script in (MigrationScript[])[A, B])
        {
            await database.ExecuteAsync(script.Text);
            await database.ExecuteAsync(
                $"insert into \"blog\".\"schemaversions\" (ScriptName, Applied) values ('{script.Name}', '2026-01-02 03:04:05.678')"
            );
        }

        var first = await Run.Apply(database, A, B, C);
        var second = await Run.Apply(database, A, B, C);

        Assert.Equal(["0001_create_a.sql", "0002_create_b.sql"], first.Adopted);
        Assert.Equal(["0003_create_c.sql"], first.Applied.Select(script => script.Name));
        Assert.Empty(second.Adopted);
        Assert.Empty(second.Applied);
        Assert.Equal(
            [
                $"0001_create_a.sql 2026-01-02 03:04:05.678 {A.Checksum} - - dbup",
                $"0002_create_b.sql 2026-01-02 03:04:05.678 {B.Checksum} - - dbup",
            ],
            await database.ListAsync(
                """
                select concat_ws(' ', scriptname, applied, checksum, coalesce(duration_ms::text, '-'), coalesce(applied_by, '-'), runner)
                from blog.schemaversions
                where scriptname < '0003'
                order by scriptname
                """
            )
        );
        var failure = await Run.Refused(database, Run.Script(A.Name, "create table blog.a (m int);\n"), B, C);
        Assert.Equal(MigrationFailure.ChecksumMismatch, failure.Failure);
    }

    [Fact]
    public async Task DbUp_can_go_on_with_the_journal()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await Run.Apply(database, A);

        // The two statements of its journal.
        await database.ExecuteAsync(
            "insert into \"blog\".\"schemaversions\" (ScriptName, Applied) values ('0002_create_b.sql', '2026-01-02 03:04:05')"
        );
        Assert.Equal(
            ["0001_create_a.sql", "0002_create_b.sql"],
            await database.ListAsync("select ScriptName from \"blog\".\"schemaversions\" order by ScriptName")
        );
        Assert.Equal(["0002_create_b.sql"], (await Run.Apply(database, A, B)).Adopted);
    }

    [Fact]
    public async Task A_script_that_DbUp_journalled_twice_is_refused_by_name()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);
        await database.ExecuteAsync("create schema blog");
        await database.ExecuteAsync(MadeByDbUp);
        await database.ExecuteAsync(
            """
            insert into blog.schemaversions (scriptname, applied) values
              ('0001_create_a.sql', now()), ('0002_create_b.sql', now()), ('0001_create_a.sql', now())
            """
        );

        var failure = await Run.Refused(database, A, B);

        Assert.StartsWith("The journal lists 0001_create_a.sql 2 times", failure.Message, StringComparison.Ordinal);
    }

    sealed class StoppedClock(DateTimeOffset now, TimeSpan offset) : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone { get; } =
            TimeZoneInfo.CreateCustomTimeZone("there", offset, "there", "there");

        public override DateTimeOffset GetUtcNow() => now;
    }
}
