using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Migrations.Schema;

/// <summary>A database that has the schema and no journal gets one, once it is proved that it has the schema.</summary>
public sealed class BaselineTests(PostgresServer server)
{
    const string Rows = """
        select concat_ws(' ', schemaversionsid, scriptname, length(checksum), coalesce(duration_ms::text, 'null'), applied_by, runner)
        from blog.schemaversions order by schemaversionsid
        """;

    const string Journals = "select count(*) from pg_tables where schemaname = 'blog' and tablename = 'schemaversions'";

    [Theory]
    [InlineData("drop table blog.schemaversions")]
    [InlineData("truncate blog.schemaversions restart identity")]
    // As DbUp makes it, by the superuser.
    [InlineData(
        """
            drop table blog.schemaversions;
            create table blog.schemaversions (
              schemaversionsid serial not null,
              scriptname character varying(255) not null,
              applied timestamp without time zone not null,
              constraint "PK_schemaversions_Id" primary key (schemaversionsid)
            )
            """,
        "postgres"
    )]
    public async Task A_schema_without_a_journal_gets_one_that_lists_all_scripts(
        string before,
        string role = "blog_migrator"
    )
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(before);

        var report = await BaselineAsync(database, role);

        Assert.Empty(report.Differences);
        Assert.Equal(MigrationScript.LoadAll().Select(script => script.Name), report.Journalled);
        Assert.Equal(
            MigrationScript.LoadAll().Select((script, index) => $"{index + 1} {script.Name} 64 null {role} baseline"),
            await database.ListAsync(Rows)
        );
        Assert.Equal(
            SchemaSnapshot.Committed.Items,
            (await SchemaSnapshot.ReadAsync(database.AppConnectionString, Run.Stop)).Items
        );
        Assert.Empty((await Run.ApplyBuild(database)).Applied);
    }

    [Fact]
    public async Task Runner_and_DbUp_go_on_from_there()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("drop table blog.schemaversions");
        await BaselineAsync(database);
        // What DbUp writes.
        await database.ExecuteAsync(
            "insert into blog.schemaversions (ScriptName, Applied) values ('9998_by_dbup.sql', now()::timestamp)",
            "blog_migrator"
        );

        var report = await Run.Apply(
            database,
            [
                .. MigrationScript.LoadAll(),
                Run.Script("9998_by_dbup.sql", "select 1;"),
                Run.Script("9999_create_note.sql", "create table blog.note (id int);"),
            ]
        );

        Assert.Equal(["9998_by_dbup.sql"], report.Adopted);
        Assert.Equal(["9999_create_note.sql"], report.Applied.Select(script => script.Name));
    }

    [Fact]
    public async Task A_schema_that_differs_is_named_and_nothing_is_written()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            "drop table blog.schemaversions; drop index blog.users_name_id_idx; comment on table blog.tag is null"
        );

        var report = await BaselineAsync(database);

        Assert.Empty(report.Journalled);
        Assert.Equal(
            ["comment on table blog.tag", "index blog.users_name_id_idx"],
            report.Differences.Select(difference => difference.Title)
        );
        Assert.Equal(["0"], await database.ListAsync(Journals));
    }

    [Fact]
    public async Task An_empty_journal_that_cannot_be_made_what_it_should_be_is_named_and_left_as_it_is()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            "delete from blog.schemaversions; alter table blog.schemaversions add column batch int, drop column runner"
        );

        var report = await BaselineAsync(database);

        Assert.Equal(["column blog.schemaversions.batch"], report.Differences.Select(difference => difference.Title));
        Assert.Equal(["0"], await database.ListAsync("select count(*) from blog.schemaversions"));
        Assert.Equal(
            ["f"],
            await database.ListAsync(
                "select exists (select from pg_attribute where attrelid = 'blog.schemaversions'::regclass and attname = 'runner')"
            )
        );
    }

    [Fact]
    public async Task A_journal_that_lists_scripts_is_left_alone()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("delete from blog.schemaversions where scriptname > '0003'");
        var before = await database.ListAsync(Rows);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => BaselineAsync(database));

        Assert.Equal(MigrationFailure.Failed, refused.Failure);
        Assert.Equal(
            "The journal lists 2 scripts already, up to 0002_create_users.sql: a baseline is for a database whose journal is missing or empty. "
                + "Nothing was written. Run: blog migrate verify",
            refused.Message
        );
        Assert.Equal(before, await database.ListAsync(Rows));
    }

    [Fact]
    public async Task An_empty_database_has_nothing_to_journal()
    {
        await using var database = await TestDatabase.CreateEmptyAsync(server);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => BaselineAsync(database, "postgres"));

        Assert.StartsWith("There is no schema blog in this database", refused.Message, StringComparison.Ordinal);
        Assert.Equal(["0"], await database.ListAsync("select count(*) from pg_namespace where nspname = 'blog'"));
    }

    [Fact]
    public async Task One_at_a_time_with_the_runner()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("drop table blog.schemaversions");
        await using var runner = await database.OpenAsync();
        await using var take = new NpgsqlCommand("select pg_advisory_lock(1114402663, 1)", runner);
        await take.ExecuteNonQueryAsync(Run.Stop);

        var refused = await Assert.ThrowsAsync<MigrationException>(() => BaselineAsync(database));

        Assert.Equal(MigrationFailure.Locked, refused.Failure);
        Assert.Equal(["0"], await database.ListAsync(Journals));
    }

    [Fact]
    public async Task The_service_may_not()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("drop table blog.schemaversions");

        var refused = await Assert.ThrowsAsync<MigrationException>(() => BaselineAsync(database, "blog_app"));

        Assert.StartsWith("Role blog_app is not a superuser", refused.Message, StringComparison.Ordinal);
    }

    static Task<BaselineReport> BaselineAsync(TestDatabase database, string role = "blog_migrator") =>
        SchemaBaseline.RunAsync(
            database.ConnectionString(role),
            new MigrationOptions { LockWait = TimeSpan.Zero },
            Run.Stop
        );
}
