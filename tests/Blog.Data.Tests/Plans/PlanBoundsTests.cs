using Blog.Data.Plans;

namespace Blog.Data.Tests.Plans;

/// <summary>What an approval writes, and what it leaves.</summary>
public sealed class PlanBoundsTests
{
    [Theory]
    [InlineData(0, 10)]
    [InlineData(8, 10)]
    [InlineData(9, 15)]
    [InlineData(16, 20)]
    [InlineData(100, 150)]
    [InlineData(1_201_573, 2_000_000)]
    public void A_bound_is_a_quarter_above_what_was_measured_and_round(double measured, long expected)
    {
        var bounds = PlanBounds.None.Approve(1, PlanBound.Buffers, PlanScale.Large, measured);

        Assert.Equal([(null, null, expected)], Rows(bounds));
    }

    [Theory]
    [InlineData(150, 100, 150)]
    [InlineData(300, 100, 300)]
    [InlineData(500, 100, 150)]
    [InlineData(99, 100, 150)]
    public void A_bound_that_holds_and_is_near_stays(long old, double measured, long expected)
    {
        var bounds = PlanBounds.None.With(1, PlanBound.Buffers, [7, old, 8]);

        Assert.Equal([(7, expected, 8)], Rows(bounds.Approve(1, PlanBound.Buffers, PlanScale.Medium, measured)));
    }

    [Fact]
    public void What_is_below_the_floor_at_every_scale_needs_no_row()
    {
        var approved = PlanBounds.None.Approve(1, PlanBound.Sorted, PlanScale.Small, 500);

        Assert.Equal([(700, 200, 200)], Rows(approved));
        Assert.Empty(Rows(approved.Approve(1, PlanBound.Sorted, PlanScale.Small, 160)));
        Assert.Equal([(300, 200, 200)], Rows(approved.Approve(1, PlanBound.Sorted, PlanScale.Small, 161)));
    }

    static IEnumerable<(long?, long?, long?)> Rows(PlanBounds bounds) =>
        bounds.Rows.Select(row => (row.AtScales[0], row.AtScales[1], row.AtScales[2]));
}
