using Blog.Testing;

namespace Blog.Data.Tests;

/// <summary>The table of constraints against the schema, in both directions.</summary>
public sealed class ConflictTests(TestDatabase database) : IClassFixture<TestDatabase>
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
