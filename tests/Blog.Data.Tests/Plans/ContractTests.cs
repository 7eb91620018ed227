using Blog.Data.Catalogue;
using Blog.Data.Plans;

namespace Blog.Data.Tests.Plans;

/// <summary>
/// Every case of every plan contract, with both plans, against the committed bounds: where the tables are so small that it can only be
/// asked whether each look-up has an index, and where the planner has something to choose.
/// </summary>
public sealed class ContractTests(SmallDatabase small, MediumDatabase medium)
    : IClassFixture<SmallDatabase>,
        IClassFixture<MediumDatabase>
{
    public static TheoryData<string> Queries => [.. QueryCatalogue.All.Select(query => query.Id)];

    [Theory]
    [MemberData(nameof(Queries))]
    public Task Holds_at_1_000_posts(string id) => HoldsAsync(id, small);

    [Theory]
    [MemberData(nameof(Queries))]
    public Task Holds_at_100_000_posts(string id) => HoldsAsync(id, medium);

    static async Task HoldsAsync(string id, FilledDatabase filled)
    {
        var contract = PlanContracts.Find(QueryCatalogue.Find(id));
        var run = new ContractRun(filled.Data, filled.Scale);

        var broken = new List<BrokenProperty>();
        foreach (var one in contract.Cases)
        {
            broken.AddRange((await run.MeasureAsync(contract, one, TestContext.Current.CancellationToken)).Broken);
        }

        if (contract.Query.Writes)
        {
            await filled.RefreshAsync();
        }

        Assert.Empty(broken);
    }
}
