using Blog.Data.Migrations;
using Blog.Data.Migrations.Dossiers;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations.Dossiers;

/// <summary>What a script does to others, measured by running it on a copy.</summary>
public class DossierTests(PostgresServer server, MeasuredScripts measured) : IClassFixture<MeasuredScripts>
{
    [Fact]
    public void The_committed_pages_say_what_this_server_does()
    {
        Assert.Equal(
            MigrationScript.LoadAll().Select(script => script.Name),
            measured.OfBuild.Select(dossier => dossier.Script.Name)
        );
        // Renewed by: blog migrate dossier --write
        Assert.All(
            measured.OfBuild,
            dossier =>
                Assert.Equal(
                    Repository
                        .Read($"sql/migrations/{Path.ChangeExtension(dossier.Script.Name, ".md")}")
                        .Split(DossierPage.Varying)[0],
                    DossierPage.Lasting(dossier)
                )
        );
    }

    [Fact]
    public void A_default_that_is_computed_writes_the_table_anew_and_stops_everybody()
    {
        var dossier = measured["9001"];
        var statements = dossier.Smallest.Statements;

        Assert.Equal(
            ["RowExclusiveLock table blog.tag", "reads 3 blog.tag", "writes 3 blog.tag"],
            MeasuredScripts.Facts(statements[0])
        );
        // Once to write it anew, and once for each of its indexes.
        Assert.Equal(
            [
                "AccessExclusiveLock table blog.post",
                "writes anew table blog.post",
                "writes anew index blog.post_author_id_id_idx",
                "writes anew index blog.post_pkey",
                "writes anew index blog.post_words_idx",
                "reads 4000 blog.post",
            ],
            MeasuredScripts.Facts(statements[1])
        );
        Assert.Equal(
            [Blocking.Nothing, Blocking.ReadsAndWrites, Blocking.ReadsAndWrites],
            statements.Select(statement => dossier.BlocksDuring(statement.Number))
        );
        Assert.True(statements[1].WalBytes > 100_000, $"{statements[1].WalBytes} bytes for a table of 1,000 posts");
    }

    [Fact]
    public void A_page_says_what_is_blocked_and_for_whom_beside_what_the_header_claims()
    {
        var page = DossierPage.Of(measured["9001"]);

        Assert.StartsWith(
            "# 9001_default.sql\n\n**Blocks reads and writes** of blog.post.\n\nIts header says of locks: \"none at all, says the header.\"\n",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "| blog.post: AccessExclusiveLock | reads and writes | writes anew table blog.post | reads blog.post 4,000 |\n",
            page,
            StringComparison.Ordinal
        );
        Assert.Contains(
            """

            ## What it means

            - blog.post: whoever reads or writes waits from statement 2 until the script ends.
            - It waits for those who are using these, and whoever comes later waits behind it: for half a second at most, then the runner rolls it back and tries again.
            - blog.post is written anew as a whole, with its indexes: that takes as much space again, and the longer the larger it is.
            - Rows of blog.tag are changed: whoever changes one of them as well waits until the script ends.
            - Rows of blog.post are read: it takes the longer the more there are.
            - Rows of blog.tag are read: it takes the longer the more there are.

            ## Measured

            """,
            page,
            StringComparison.Ordinal
        );
        Assert.Contains("\nblog.post kept everybody waiting for ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_index_that_is_not_built_concurrently_stops_those_who_write()
    {
        Assert.Equal(
            ["ShareLock table blog.post", "makes index blog.post_title_idx", "reads 1000 blog.post"],
            MeasuredScripts.Facts(measured["9002"].Smallest.Statements[0])
        );
        Assert.StartsWith(
            "# 9002_index.sql\n\n**Blocks writes** to blog.post; reads go on.\n\nIts header says nothing of locks.\n",
            DossierPage.Of(measured["9002"]),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void A_foreign_key_stops_those_who_write_to_either_table_and_reads_rows_where_it_is_checked_at_once()
    {
        // The authors of the posts are read in an index, without a look at the posts.
        Assert.Equal(
            ["ShareRowExclusiveLock table blog.post", "ShareRowExclusiveLock table blog.users", "reads 500 blog.users"],
            MeasuredScripts.Facts(measured["9003"].Smallest.Statements[0])
        );
        Assert.Equal(
            ["ShareRowExclusiveLock table blog.post", "ShareRowExclusiveLock table blog.users"],
            MeasuredScripts.Facts(measured["9004"].Smallest.Statements[0])
        );
    }

    [Theory]
    [InlineData(
        "9005",
        "ShareUpdateExclusiveLock table blog.post",
        "makes index blog.post_author_id_id_idx",
        "drops index blog.post_author_id_id_idx",
        "reads 2000 blog.post"
    )]
    [InlineData("9006", "ShareUpdateExclusiveLock table blog.post")]
    [InlineData("9007", "ShareUpdateExclusiveLock table blog.users", "drops index blog.users_name_id_idx")]
    public void A_statement_outside_of_a_transaction_is_watched_wherever_it_waits(string script, params string[] facts)
    {
        Assert.Equal(facts, MeasuredScripts.Facts(measured[script].Smallest.Statements[0]));
        Assert.Equal(Blocking.Nothing, measured[script].Blocks);
    }

    [Theory]
    [InlineData("9006", "0 begun")]
    [InlineData(
        "9007",
        "users/count_users_by_name 1: Index Only Scan on users by users_name_id_idx became Seq Scan on users",
        "users/count_users_by_name_prefix 1: Index Only Scan on users by users_name_id_idx became Sort, Seq Scan on users",
        "users/find_user_names 1: Index Only Scan on users by users_name_id_idx became Aggregate, Seq Scan on users",
        "users/list_users_by_name 1: Index Only Scan on users by users_name_id_idx became Sort, Seq Scan on users",
        "users/list_users_by_name_prefix 1: Index Only Scan on users by users_name_id_idx, Index Only Scan on users by users_name_id_idx became Seq Scan on users, Sort, Sort, Index Scan on users by users_pkey",
        "0 begun"
    )]
    [InlineData(
        "9008",
        "users/count_users_by_name 1: Seq Scan on users became Index Only Scan on users by users_name_id_idx",
        "users/count_users_by_name_prefix 1: Sort, Seq Scan on users became Index Only Scan on users by users_name_id_idx",
        "users/find_user_names 1: Aggregate, Seq Scan on users became Index Only Scan on users by users_name_id_idx",
        "users/list_users_by_name 1: Sort, Seq Scan on users became Index Only Scan on users by users_name_id_idx",
        "users/list_users_by_name_prefix 1: Seq Scan on users, Sort, Sort, Index Scan on users by users_pkey became Index Only Scan on users by users_name_id_idx, Index Only Scan on users by users_name_id_idx",
        "0 begun"
    )]
    [InlineData(
        "9009",
        "stopped idempotency/claim_key 1: column k.body does not exist",
        "stopped idempotency/commit_answer 1: column \"body\" of relation \"idempotency_key\" does not exist",
        "0 begun"
    )]
    [InlineData("9010", "2 begun")]
    public void The_plans_that_change_are_named_with_the_steps_that_did(string script, params string[] expected)
    {
        var plans = measured[script].Smallest.Plans;

        string[] lines =
        [
            .. plans.Changed.Select(one => $"{one.Name}: {one.Words}"),
            .. plans.Stopped.Select(one => $"stopped {one}"),
            $"{plans.Begun} begun",
        ];
        Assert.Equal(expected, lines);
    }

    [Fact]
    public void A_script_that_breaks_the_last_release_says_which_statements_and_why()
    {
        Assert.EndsWith(
            """

            ## Release 1.0

            - breaks: idempotency/claim_key 1: column k.body does not exist
            - breaks: idempotency/commit_answer 1: column "body" of relation "idempotency_key" does not exist

            """,
            DossierPage.Of(measured["9009"]),
            StringComparison.Ordinal
        );
        Assert.EndsWith(
            "\n## Release 1.0\n\nEvery statement of release 1.0 goes on working.\n",
            DossierPage.Of(measured["9010"]),
            StringComparison.Ordinal
        );
        Assert.Null(measured["0008"].Smallest.Broken);
    }

    [Fact]
    public async Task A_script_that_fails_on_the_copy_is_named_with_its_line()
    {
        var failure = await Assert.ThrowsAsync<MigrationException>(() =>
            MeasuredScripts.MeasureAsync(
                server,
                [new("0001_try.sql", "select 1;\nalter table blog.nowhere add column a int;")]
            )
        );

        Assert.Equal(
            "0001_try.sql failed on the copy at line 2: 42P01 relation \"blog.nowhere\" does not exist. No database but the copy was touched.",
            failure.Message
        );
    }
}
