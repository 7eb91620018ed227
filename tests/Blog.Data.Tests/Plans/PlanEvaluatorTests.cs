using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Blog.Data.Plans;

namespace Blog.Data.Tests.Plans;

/// <summary>What is measured of a plan, and against what it is held.</summary>
public sealed class PlanEvaluatorTests
{
    static readonly PlanContract contract = PlanFileTests.ContractOf(
        QueryCatalogue.Find("users/find_user"),
        """
        given   userId=1

        case    few
        1       buffers        10       20       30

        case    many
        1       buffers       100      200      700
        1       sorted        300      300      300

        """
    );

    [Fact]
    public void A_sort_counts_the_rows_of_one_of_its_runs()
    {
        var plan = Node(
            "Nested Loop",
            below: [Node("Sort", rows: 30, loops: 10, below: [Node("CTE Scan", rows: 4000)])]
        );

        Assert.Equal(400, PlanEvaluator.Measure(PlanBound.Sorted, plan));
    }

    [Fact]
    public void Removed_rows_are_held_against_those_that_are_returned_counted_or_written()
    {
        var scan = Node("Index Scan", rows: 50, removed: 1000);

        Assert.Equal(20, PlanEvaluator.Measure(PlanBound.Removed, scan));
        Assert.Equal(20, PlanEvaluator.Measure(PlanBound.Removed, Node("Aggregate", rows: 1, below: [scan])));
        Assert.Equal(20, PlanEvaluator.Measure(PlanBound.Removed, Node("ModifyTable", rows: 0, below: [scan])));
        Assert.Equal(1000, PlanEvaluator.Measure(PlanBound.Removed, Node("Limit", rows: 0, below: [scan])));
        Assert.Equal(0, PlanEvaluator.Measure(PlanBound.Removed, Node("Index Scan", rows: 0, removed: 200)));
    }

    [Theory]
    [InlineData("Seq Scan", "post", false, true)]
    [InlineData("Seq Scan", "tag_epoch", false, false)]
    [InlineData("Index Scan", "users", false, true)]
    [InlineData("Index Only Scan", "users", true, false)]
    public void A_table_that_grows_is_not_read_whole(string type, string table, bool hasCondition, bool isBroken)
    {
        var plan = Node(type, table, hasCondition ? ["Index Cond: (id = $1)"] : ["Filter: (id = $1)"]);

        var broken = PlanEvaluator.Evaluate(contract, contract.Cases[0], 1, PlanScale.Small, PlanMode.Generic, plan);

        Assert.Equal(isBroken ? [$"reads all of {table}"] : [], broken.Select(one => one.Told));
    }

    [Fact]
    public void An_index_of_a_bitmap_is_of_the_table_above_it()
    {
        var plan = Node("Bitmap Heap Scan", "post", below: [Node("BitmapAnd", below: [Node("Bitmap Index Scan")])]);

        var broken = PlanEvaluator.Evaluate(contract, contract.Cases[0], 1, PlanScale.Small, PlanMode.Generic, plan);

        Assert.Equal(["reads all of post"], broken.Select(one => one.Told));
    }

    [Theory]
    [InlineData(90, 20, false)]
    [InlineData(300, 100, false)]
    [InlineData(301, 100, true)]
    [InlineData(100, 301, true)]
    public void Two_plans_of_one_text_cost_about_the_same(long generic, long custom, bool isBroken)
    {
        var broken = PlanEvaluator.CompareModes(
            contract,
            contract.Cases[0],
            1,
            Node("Result", buffers: generic),
            Node("Result", buffers: custom)
        );

        Assert.Equal(isBroken, broken is { Property: PlanProperty.Modes });
    }

    [Fact]
    public void Growth_shows_in_the_bounds_of_a_file()
    {
        var growing = Assert.Single(PlanEvaluator.Growth(contract));

        Assert.Equal(
            "users/find_user 1, many: growth: 700 buffers where there are 2,000,000 posts, 200 where there are 100,000",
            growing.ToString()
        );
    }

    [Fact]
    public void Any_arguments_are_held_against_the_largest_bound_at_the_scale_above()
    {
        Assert.Empty(PlanEvaluator.EvaluateAny(contract, 1, posts: 1_001, Node("Result", buffers: 200)));
        Assert.Equal(
            ["users/find_user 1: 201 buffers, 200 allowed; Result"],
            PlanEvaluator.EvaluateAny(contract, 1, posts: 1_001, Node("Result", buffers: 201)).Select(one => $"{one}")
        );
        Assert.Empty(PlanEvaluator.EvaluateAny(contract, 1, posts: 50_000_000, Node("Result", buffers: 700)));
    }

    [Fact]
    public void A_table_that_is_still_small_may_be_read_whole_where_nobody_pinned_the_planner()
    {
        Assert.Empty(PlanEvaluator.EvaluateAny(contract, 1, 10, Node("Seq Scan", "users", rows: 1, removed: 998)));
        Assert.Equal(
            ["reads all of users"],
            PlanEvaluator
                .EvaluateAny(contract, 1, 10, Node("Seq Scan", "users", rows: 1, removed: 999))
                .Where(one => one.Property == PlanProperty.Whole)
                .Select(one => one.Told)
        );
    }

    static PlanNode Node(
        string type,
        string? table = null,
        string[]? conditions = null,
        double rows = 1,
        double loops = 1,
        double removed = 0,
        long buffers = 1,
        PlanNode[]? below = null
    ) => new(type, table, null, null, null, conditions ?? [], 1, 1, rows, loops, removed, buffers, 1, below ?? []);
}
