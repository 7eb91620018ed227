using Blog.Data.Catalogue;

namespace Blog.Data.Tests.Catalogue;

public sealed class QueryTests
{
    const string Whole = """
        -- users/get_name: the name of one user.  GET /nowhere
        -- in:      userId bigint, names text[] (any number, or none)
        -- out:     1 name 0..1
        --          | 2 nothing
        -- budget:  statements 2, rows 1 + 2 * names
        -- plan:    no seq scan
        begin;

        /* users/get_name 1 */
        select u.name from blog.users u where u.id = :userId and u.name = any(:names::text[]);

        /* users/get_name 2 */
        select 1;

        commit;

        """;

    [Fact]
    public void Knows_which_files_write() =>
        Assert.Equal(
            [
                "idempotency/claim_key",
                "idempotency/clear_expired_keys",
                "idempotency/commit_answer",
                "posts/add_post_tags",
                "posts/create_post",
                "posts/delete_post",
                "posts/delete_post_tag",
                "posts/patch_post",
                "posts/replace_post",
                "posts/replace_post_tags",
                "tags/claim_tag_name",
                "tags/delete_tag",
                "tags/find_or_create_tags",
                "tags/rename_tag",
                "users/create_user",
                "users/create_users",
                "users/delete_profile",
                "users/delete_user",
                "users/delete_user_keep_posts",
                "users/patch_user",
                "users/put_profile",
                "users/replace_user",
            ],
            QueryCatalogue.All.Where(query => query.Writes).Select(query => query.Id)
        );

    [Fact]
    public void Reads_a_file_that_keeps_the_rules()
    {
        var query = Query.Parse("users/get_name", Whole);

        Assert.Equal("users/get_name", query.Id);
        Assert.Equal("users_get_name", query.TimingName);
        Assert.Equal(("the name of one user.", "GET /nowhere"), (query.Purpose, query.UsedBy));
        Assert.Equal([new("userId", "bigint"), new("names", "text[]")], query.Parameters);
        Assert.Equal("1 name 0..1 | 2 nothing", query.Header["out"]);
        Assert.Equal(2, query.Statements.Count);
        Assert.Equal("/* users/get_name 2 */\nselect 1", query.Statements[1]);
        Assert.StartsWith("begin;\n\n/* users/get_name 1 */", query.Text, StringComparison.Ordinal);
        Assert.EndsWith("commit;", query.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Leaves_its_own_begin_and_commit_out_inside_a_transaction()
    {
        var query = Query.Parse("users/get_name", Whole).InsideTransaction();

        Assert.Equal(
            """
            /* users/get_name 1 */
            select u.name from blog.users u where u.id = :userId and u.name = any(:names::text[]);

            /* users/get_name 2 */
            select 1;
            """,
            query.Text
        );
        Assert.Equal(("users/get_name", 2, "1 + 2 * names"), (query.Id, query.Statements.Count, $"{query.Rows}"));
    }

    [Fact]
    public void Counts_the_rows_that_the_arguments_allow()
    {
        var query = Query.Parse("users/get_name", Whole);

        Assert.Equal(7, query.Rows.For(new { userId = 9L, names = new[] { "a", "b", "c" } }));
        Assert.Equal(1, query.Rows.For(new { userId = 9L, names = Array.Empty<string>() }));
    }

    [Theory]
    [InlineData(
        "-- users/get_name:",
        "-- users/get_names:",
        "begins with a line other than \"-- users/get_name: ...\""
    )]
    [InlineData(
        "-- in:      userId bigint, names text[] (any number, or none)\n",
        "",
        "has no \"-- in:\" in its header"
    )]
    [InlineData("userId bigint, ", "", "takes other values than its \"-- in:\" says")]
    [InlineData("userId bigint, ", "userId bigint, postId bigint, ", "takes other values than its \"-- in:\" says")]
    [InlineData("userId bigint", "userId", "has a parameter that is not \"name type\": userId")]
    [InlineData("-- budget:  statements 2, rows 1 + 2 * names\n", "", "has no \"-- budget:\" in its header")]
    [InlineData("statements 2, rows", "statements 3, rows", "declares 3 statements and holds 2")]
    [InlineData(
        "statements 2, rows 1 + 2 * names",
        "2 statements",
        "has a budget that is not \"statements N, rows <sum>\""
    )]
    [InlineData(
        "/* users/get_name 2 */\n",
        "",
        "has a statement 2 that does not begin with \"/* users/get_name 2 */\""
    )]
    [InlineData("/* users/get_name 2 */", "/* users/get_name 3 */", "has a statement 2 that does not begin with")]
    [InlineData("commit;", "commit", "does not end with a semicolon")]
    [InlineData("-- plan:    no seq scan\n", "-- plan:    no seq scan\n-- plan:    none\n", "has \"-- plan:\" twice")]
    public void Refuses_a_file_that_breaks_a_rule_and_names_both(string whole, string broken, string complaint)
    {
        var file = Whole.Replace(whole, broken, StringComparison.Ordinal);
        Assert.NotEqual(Whole, file);

        var refusal = Assert.Throws<FormatException>(() => Query.Parse("users/get_name", file));

        Assert.StartsWith($"sql/queries/users/get_name.sql {complaint}", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2 -")]
    [InlineData("1 + ")]
    [InlineData("")]
    public void Refuses_a_row_budget_that_is_no_sum_of_products(string text)
    {
        var refusal = Assert.Throws<FormatException>(() => RowBudget.Parse(text));

        Assert.Equal($"A row budget is a sum of products of numbers and arguments, not \"{text}\".", refusal.Message);
    }

    [Fact]
    public void Refuses_a_row_budget_that_names_what_is_no_argument()
    {
        var refusal = Assert.Throws<InvalidOperationException>(() => RowBudget.Parse("two").For(new { one = 1 }));

        Assert.Equal("A row budget names \"two\", which is not an argument.", refusal.Message);
    }
}
