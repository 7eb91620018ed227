using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Blog.Data.Users;
using Blog.Testing;

namespace Blog.Data.Tests.Operate;

/// <summary>Both plans of a file with arguments: executed where that changes nothing, and nowhere else.</summary>
public sealed class PlanComparisonTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
    // No rollback gives back what was taken from a sequence.
    const string Sequences =
        "select last_value from blog.users_id_seq union all select last_value from blog.post_id_seq";

    readonly BlogData data = new(database.AppConnectionString);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await database.ExecuteAsync("truncate blog.users restart identity cascade");
        var users = new UserRepository(data);
        await users.CreateUserAsync(Samples.Ann, once: null, Token);
        await users.CreateUserAsync(Samples.Ann with { Name = "Bystander" }, once: null, Token);
    }

    public ValueTask DisposeAsync() => data.DisposeAsync();

    [Fact]
    public async Task Measures_what_only_reads()
    {
        var plans = await CompareAsync("users/get_user_revision", ("userId", "1"));

        Assert.True(plans.IsMeasured);
        Assert.Equal((1.0, 1.0), (Assert.Single(plans.Generic).Rows, Assert.Single(plans.Custom).Rows));
        Assert.Contains("Index Cond: (id = $1)", plans.Generic[0].All.SelectMany(node => node.Conditions));
        Assert.Contains("Index Cond: (id = '1'::bigint)", plans.Custom[0].All.SelectMany(node => node.Conditions));
    }

    [Theory]
    [InlineData("users/delete_user", "userId", "1")]
    [InlineData("users/reserve_ids", "users", "5")]
    public async Task Estimates_what_would_leave_a_trace(string file, string argument, string value)
    {
        var before = await database.ListAsync(Sequences);

        var plans = await CompareAsync(file, (argument, value));

        Assert.False(plans.IsMeasured);
        Assert.All(plans.Generic.Concat(plans.Custom).SelectMany(plan => plan.All), node => Assert.Null(node.Rows));
        Assert.Equal(before, await database.ListAsync(Sequences));
        Assert.Equal(["Ann", "Bystander"], await database.ListAsync("select name from blog.users order by id"));
    }

    [Fact]
    public async Task Names_the_table_expressions_of_a_plan()
    {
        var plans = await CompareAsync("posts/list_posts_by_tags", ("tagNames", "{red}"), ("limit", "5"));

        Assert.Contains(plans.Generic[0].All, node => node.Subplan == "CTE wanted");
        Assert.Contains(plans.Generic[0].All, node => node is { Type: "CTE Scan", Source: "wanted" });
    }

    Task<PlanComparison> CompareAsync(string file, params (string Name, string? Value)[] arguments) =>
        PlanComparison.OfAsync(
            new StatementProbe(data),
            QueryCatalogue.Find(file),
            arguments.ToDictionary(argument => argument.Name, argument => argument.Value, StringComparer.Ordinal),
            Token
        );
}
