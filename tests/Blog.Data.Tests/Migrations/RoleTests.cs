using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Migrations;

public class RoleTests(RoleTests.Shared shared) : IClassFixture<RoleTests.Shared>
{
    [Theory]
    [InlineData("create table blog.t (n int)")]
    [InlineData("create table public.t (n int)")]
    [InlineData("create schema s")]
    [InlineData("create temp table t (n int)")]
    [InlineData("alter table blog.users add column t int")]
    [InlineData("drop table blog.post_tag")]
    [InlineData("truncate blog.users cascade")]
    [InlineData("create index on blog.users (name)")]
    [InlineData("select * from other.secret")]
    [InlineData("insert into blog.schemaversions (scriptname, applied) values ('x', now())")]
    [InlineData("set role blog_owner")]
    [InlineData("create role t")]
    [InlineData("alter role blog_app connection limit 1000")]
    [InlineData("copy blog.users (name) to program 'cat'")]
    [InlineData("copy blog.users (name) from program 'echo x'")]
    [InlineData("copy blog.users (name) to '/tmp/users'")]
    [InlineData("select pg_read_file('/etc/passwd')")]
    [InlineData("select lo_import('/etc/passwd')")]
    [InlineData("create function blog.f() returns int language sql as 'select 1'")]
    [InlineData("create extension file_fdw")]
    [InlineData("comment on table blog.users is 'x'")]
    public async Task The_service_may_not(string statement) =>
        Assert.Equal("42501", await RefusalAsync(statement, "blog_app"));

    [Theory]
    [InlineData("insert into blog.users (name) values ('Ann')")]
    [InlineData("update blog.users set name = 'Ben' where name = 'nobody'")]
    [InlineData("delete from blog.users where name = 'nobody'")]
    [InlineData("select * from blog.users for update")]
    [InlineData("select scriptname from blog.schemaversions")]
    public async Task The_service_may(string statement) => Assert.Null(await RefusalAsync(statement, "blog_app"));

    [Theory]
    [InlineData("insert into blog.users (name) values ('Ann')", "25006")]
    [InlineData("set transaction read write; insert into blog.users (name) values ('Ann')", "42501")]
    [InlineData("set transaction read write; update blog.users set name = 'Ben'", "42501")]
    [InlineData("set transaction read write; delete from blog.users", "42501")]
    [InlineData("set transaction read write; create temp table t (n int)", "42501")]
    [InlineData("set transaction read write; truncate blog.users cascade", "42501")]
    [InlineData("set transaction read write; select nextval('blog.users_id_seq')", "42501")]
    [InlineData("select * from other.secret", "42501")]
    [InlineData("select * from blog.users", null)]
    public async Task The_reader_only_reads(string statement, string? refusal) =>
        Assert.Equal(refusal, await RefusalAsync(statement, "blog_readonly"));

    [Fact]
    public async Task The_service_has_its_timeouts_and_one_plan_a_statement_from_its_role() =>
        Assert.Equal(
            ["pg_catalog 5s 1s 10s force_generic_plan off"],
            await shared.Database.ListAsync(
                """
                select concat_ws(' ', current_setting('search_path'), current_setting('statement_timeout'),
                  current_setting('lock_timeout'), current_setting('idle_in_transaction_session_timeout'),
                  current_setting('plan_cache_mode'), current_setting('jit'))
                """,
                "blog_app"
            )
        );

    /// <summary>A copy of the template has the rights that the migrations gave the template, and the public has none.</summary>
    [Fact]
    public async Task Only_the_four_roles_may_connect() =>
        Assert.Equal(
            [
                "blog_app CONNECT",
                "blog_migrator CONNECT",
                "blog_owner CONNECT",
                "blog_owner CREATE",
                "blog_readonly CONNECT",
                "postgres CONNECT",
                "postgres CREATE",
                "postgres TEMPORARY",
            ],
            await shared.Database.ListAsync(
                """
                select a.grantee::regrole || ' ' || a.privilege_type
                from pg_database d, aclexplode(d.datacl) a
                where d.datname = current_database()
                order by 1
                """
            )
        );

    async Task<string?> RefusalAsync(string statement, string role)
    {
        await using var connection = await shared.Database.OpenAsync(role);
        await using var transaction = await connection.BeginTransactionAsync(Run.Stop);
        await using var command = new NpgsqlCommand(statement, connection);
        try
        {
            await command.ExecuteNonQueryAsync(Run.Stop);
            return null;
        }
        catch (PostgresException refused)
        {
            return refused.SqlState;
        }
    }

    /// <summary>A migrated database with a schema beside the blog's that is none of its business.</summary>
    public sealed class Shared(PostgresServer server) : IAsyncLifetime
    {
        internal TestDatabase Database { get; } = new(server);

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            await Database.ExecuteAsync("create schema other; create table other.secret (n int)");
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
