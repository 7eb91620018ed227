using Blog.Data.Catalogue;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Released;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

/// <summary>While a release replaces the last one, both are running: the schema of this build serves the statements of sql/released.sql.</summary>
public class ReleasedTests(PostgresServer server)
{
    [Fact]
    public async Task Every_statement_of_the_last_release_works_on_the_schema_of_this_build()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        Assert.Empty(await FindAsync(database));
    }

    [Theory]
    [InlineData(
        "alter table blog.users alter column created_at type timestamp",
        "returns created_at timestamp without time zone in place of created_at timestamp with time zone",
        "users/get_user 1",
        "users/list_users 1",
        "users/list_users_by_name 1",
        "users/list_users_by_name_prefix 1"
    )]
    [InlineData(
        "revoke insert (bio) on blog.profile from blog_app",
        "permission denied for table profile",
        "users/create_user 2",
        "users/create_users 2",
        "users/patch_user 1",
        "users/put_profile 1"
    )]
    [InlineData(
        "drop function blog.search_query",
        "function blog.search_query(text) does not exist",
        "posts/count_found_posts 1",
        "posts/count_found_posts_by_author 1",
        "posts/reckon_found_posts 1",
        "posts/search_posts 1",
        "posts/search_posts_by_author 1"
    )]
    [InlineData(
        "revoke usage on sequence blog.post_id_seq from blog_app",
        "permission denied for sequence post_id_seq",
        "users/reserve_ids 1"
    )]
    // Nobody calls it by name but the index, when a row of post is written.
    [InlineData(
        "revoke execute on function blog.paired_characters from blog_app",
        "permission denied for function paired_characters",
        "posts/add_post_tags 2",
        "posts/count_found_posts 1",
        "posts/count_found_posts_by_author 1",
        "posts/create_post 1",
        "posts/delete_post_tag 2",
        "posts/patch_post 2",
        "posts/reckon_found_posts 1",
        "posts/replace_post 2",
        "posts/replace_post_tags 2",
        "posts/search_posts 1",
        "posts/search_posts_by_author 1",
        "users/create_user 3",
        "users/create_users 3",
        "users/delete_user_keep_posts 3"
    )]
    public async Task Names_the_statements_that_a_change_breaks_and_why(
        string change,
        string reason,
        params string[] statements
    )
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(change);

        Assert.Equal(
            statements.Select(statement => $"{statement}: {reason}"),
            (await FindAsync(database)).Select(broken => broken.ToString())
        );
    }

    [Fact]
    public async Task Says_of_a_renamed_column_what_the_server_says()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("alter table blog.idempotency_key rename column body to answer");

        Assert.Equal(
            [
                "idempotency/claim_key 1: column k.body does not exist",
                "idempotency/commit_answer 1: column \"body\" of relation \"idempotency_key\" does not exist",
            ],
            (await FindAsync(database)).Select(broken => broken.ToString())
        );
    }

    [Fact]
    public async Task A_change_that_only_adds_breaks_nothing()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync("alter table blog.users add column nickname text");
        await database.ExecuteAsync("create table blog.note (id bigint primary key)");

        Assert.Empty(await FindAsync(database));
    }

    [Fact]
    public void What_is_written_is_read_back() =>
        Assert.Equal(Repository.Read("sql/released.sql"), ReleasedCatalogue.Last.Write());

    [Fact]
    public void The_last_release_had_these_scripts()
    {
        Assert.Equal(
            ("1.0", "0008_narrow_rights.sql"),
            (ReleasedCatalogue.Last.Release, ReleasedCatalogue.Last.Script)
        );
        Assert.True(ReleasedCatalogue.Last.Has(new("0008_narrow_rights.sql", "select 1")));
        Assert.False(ReleasedCatalogue.Last.Has(new("0009_create_note.sql", "select 1")));
    }

    [Fact]
    public void A_release_is_what_the_service_of_the_build_sends()
    {
        var release = ReleasedCatalogue.OfBuild("1.1-rc.1");

        Assert.Equal(("1.1-rc.1", MigrationScript.LoadAll()[^1].Name), (release.Release, release.Script));
        Assert.Equal(
            Footprint.Served.Select(footprint => footprint.Name),
            release.Statements.Select(statement => statement.Name)
        );
        var reserve = release.Statements.Single(statement => statement.Name == "users/reserve_ids 1");
        Assert.Equal(["int", "int"], reserve.Types);
        Assert.Equal(["post_id_seq", "users_id_seq"], reserve.Sequences.Order(StringComparer.Ordinal));
        Assert.Equal(["kind integer", "id bigint"], reserve.Returns.Select(column => column.ToString()));
        Assert.DoesNotContain(":users", reserve.Text, StringComparison.Ordinal);
        Assert.Equal(release.Write(), ReleasedCatalogue.Parse(release.Write()).Write());
        Assert.Throws<FormatException>(() => ReleasedCatalogue.OfBuild("1.0\n"));
    }

    static Task<IReadOnlyList<BrokenStatement>> FindAsync(TestDatabase database) =>
        ReleasedCheck.FindAsync(database.AppConnectionString, ReleasedCatalogue.Last, Run.Stop);
}
