using Blog.Testing;

namespace Blog.Data.Tests;

/// <summary>The tables of constraints against the schema, in both directions.</summary>
public sealed class ConflictTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    [Fact]
    public async Task Every_check_of_the_schema_that_a_client_can_break_has_a_meaning_and_every_meaning_a_check()
    {
        var checks = await database.ListAsync(
            """
            select conname from pg_catalog.pg_constraint
            where connamespace = 'blog'::regnamespace and contype = 'c' and conrelid <> 'blog.tag_epoch'::regclass
            order by conname collate "C"
            """
        );

        Assert.Equal(checks, Conflict.ByConstraint.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Every_reference_and_every_key_that_is_no_identity_is_a_race_and_every_race_one_of_them()
    {
        var constraints = await database.ListAsync(
            """
            select c.conname
            from pg_catalog.pg_constraint c
            where c.connamespace = 'blog'::regnamespace
              and c.conrelid not in (
                'blog.tag_epoch'::regclass, 'blog.schemaversions'::regclass, 'blog.idempotency_key'::regclass)
              and (
                c.contype in ('f', 'u')
                or c.contype = 'p' and not exists (
                  select from pg_catalog.pg_attribute a
                  where a.attrelid = c.conrelid and a.attnum = any(c.conkey) and a.attidentity <> '')
              )
            order by c.conname collate "C"
            """
        );

        Assert.Equal(constraints, Conflict.Races.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("insert into blog.post_tag values (1, 9)")]
    [InlineData("insert into blog.post_tag values (9, 1)")]
    [InlineData("insert into blog.post_tag values (1, 1), (1, 1)")]
    [InlineData("insert into blog.tag (name) values ('a')")]
    [InlineData("insert into blog.post (author_id, title, content) values (9, 'T', '')")]
    [InlineData("insert into blog.profile (user_id, bio) values (9, 'hi')")]
    public async Task What_only_two_writes_at_once_can_break_may_be_sent_again(string write)
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (1, 'T', '');
            insert into blog.tag (name) values ('a');
            """
        );
        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => own.ExecuteAsync(write, "blog_app"));

        Assert.Equal(new(FailureKind.WriteConflict), DatabaseFailure.Of(refusal));
    }

    [Theory]
    [InlineData("insert into blog.users (name) values (repeat('x', 51))", "name", "A name has 1 to 50 characters.")]
    [InlineData("insert into blog.users (name) values ('')", "name", "A name has 1 to 50 characters.")]
    [InlineData(
        "insert into blog.tag (name) values (repeat('x', 31))",
        "tag_names",
        "A tag's name has 1 to 30 characters."
    )]
    [InlineData(
        "with u as (insert into blog.users (name) values ('x') returning id) insert into blog.profile (user_id, bio) select id, repeat('x', 201) from u",
        "bio",
        "A bio has 1 to 200 characters."
    )]
    [InlineData(
        "with u as (insert into blog.users (name) values ('x') returning id) insert into blog.post (author_id, title, content) select id, repeat('x', 101), '' from u",
        "title",
        "A title has 1 to 100 characters."
    )]
    [InlineData(
        "with u as (insert into blog.users (name) values ('x') returning id) insert into blog.post (author_id, title, content) select id, 'x', repeat('x', 1048577) from u",
        "content",
        "A content has at most 1 MiB."
    )]
    public async Task What_the_schema_refuses_is_named_by_the_member_it_guards(
        string write,
        string member,
        string detail
    )
    {
        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() =>
            database.ExecuteAsync(write, "blog_app")
        );

        var failure = DatabaseFailure.Of(refusal);

        Assert.Equal(new(FailureKind.Refused, new(member, "too_long", detail)), failure);
    }

    [Fact]
    public void What_is_no_failure_of_the_database_has_no_meaning() =>
        Assert.Null(DatabaseFailure.Of(new InvalidOperationException("a bug")));
}
