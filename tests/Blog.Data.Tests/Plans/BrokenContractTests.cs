using System.Text.RegularExpressions;
using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Blog.Data.Plans;
using Blog.Testing;

namespace Blog.Data.Tests.Plans;

/// <summary>A contract that does not hold says so, and which statement, property and step of the plan it is.</summary>
public sealed partial class BrokenContractTests(SmallDatabase small, PostgresServer server)
    : IClassFixture<SmallDatabase>
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("post_author_id_id_idx", "posts/list_posts_by_author", "reads all of post")]
    [InlineData("users_name_id_idx", "users/list_users_by_name", "reads all of users")]
    [InlineData("tag_name_key", "posts/list_posts_by_tags", "reads all of tag")]
    [InlineData("idempotency_key_expires_at_idx", "idempotency/clear_expired_keys", "reads all of idempotency_key")]
    [InlineData("post_words_idx", "posts/search_posts", "does not read post_words_idx")]
    public async Task A_dropped_index_breaks_the_contracts_of_the_statements_that_use_it(
        string index,
        string id,
        string expected
    )
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await FilledDatabase.FillAsync(own, PlanScale.Small);
        await own.ExecuteAsync(
            index == "tag_name_key" ? "alter table blog.tag drop constraint tag_name_key" : $"drop index blog.{index}"
        );
        await FilledDatabase.RefreshAsync(own);
        await using var data = new BlogData(own.AppConnectionString);

        var broken = await BreakAsync(data, PlanContracts.Find(QueryCatalogue.Find(id)));
        var bystander = await BreakAsync(data, PlanContracts.Find(QueryCatalogue.Find("tags/get_tag")));

        Assert.Contains(broken, one => one.Statement == $"{id} 1" && one.Told == expected);
        Assert.Empty(bystander);
    }

    [Fact]
    public async Task A_look_up_without_an_index_is_found()
    {
        var broken = await BreakAsync(
            small.Data,
            ContractOf("select p.id from blog.post p where p.title = :title;", "title text", "with    title=x\n")
        );

        Assert.Equal(
            ["tests/try 1, one, generic plan: reads all of post; Seq Scan on post (Filter: (title = $1))"],
            broken.Where(one => one is { Property: PlanProperty.Whole, Mode: PlanMode.Generic }).Select(one => $"{one}")
        );
    }

    [Fact]
    public async Task A_forgotten_correlation_is_found()
    {
        var broken = await BreakAsync(
            small.Data,
            ContractOf(
                """
                select u.id, newest.id
                from (select u.id from blog.users u where u.id > :after order by u.id limit 5) u
                cross join lateral (select p.id from blog.post p order by p.title limit 5) newest;
                """,
                "after bigint",
                "with    after=0\n"
            )
        );

        Assert.Equal(
            [PlanProperty.Buffers, PlanProperty.Sorted, PlanProperty.Whole],
            broken.Select(one => one.Property).Distinct().Order()
        );
        var sort = broken.First(one => one.Property == PlanProperty.Sorted);
        Assert.Equal((200, 1000, "Sort"), (sort.Bound, sort.Measured, sort.Node?.Type));
    }

    [Fact]
    public async Task A_lowered_bound_is_named_with_what_was_measured_and_where()
    {
        var contract = PlanContracts.Find(QueryCatalogue.Find("users/find_user"));
        var lowered = PlanText.Parse(
            contract.Query,
            BuffersRow().Replace(PlanText.Write(contract), "1       buffers 1 1 1")
        );

        var broken = await BreakAsync(small.Data, lowered);

        Assert.Equal(4, broken.Count);
        Assert.Equal(
            "users/find_user 1, a user, generic plan: 3 buffers, 1 allowed; Index Only Scan using users_pkey on users (Index Cond: (id = $1))",
            broken[0].ToString()
        );
        Assert.Empty(await BreakAsync(small.Data, contract));
    }

    [Fact]
    public async Task A_statement_that_is_refused_is_named()
    {
        var broken = await BreakAsync(
            small.Data,
            ContractOf("select u.id from blog.users u where u.id = :id::bigint;", "id text", "with    id=x\n")
        );

        Assert.Equal(
            ["tests/try, one: does not come to an end: 22P02: invalid input syntax for type bigint: \"x\""],
            broken.Select(one => $"{one}")
        );
    }

    static async Task<List<BrokenProperty>> BreakAsync(BlogData data, PlanContract contract)
    {
        var run = new ContractRun(data, PlanScale.Small);
        var broken = new List<BrokenProperty>();
        foreach (var one in contract.Cases)
        {
            broken.AddRange((await run.MeasureAsync(contract, one, Token)).Broken);
        }

        return broken;
    }

    static PlanContract ContractOf(string statement, string parameters, string with) =>
        PlanFileTests.ContractOf(
            Query.Parse(
                "tests/try",
                $"""
                -- tests/try: a statement that is not in the catalogue.
                -- in:      {parameters}
                -- out:     1 rows
                -- budget:  statements 1, rows 10
                -- plan:    no seq scan
                /* tests/try 1 */
                {statement}
                """
            ),
            $"case    one\n{with}1       buffers 30 30 30\n"
        );

    [GeneratedRegex("1 +buffers.*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BuffersRow();
}
