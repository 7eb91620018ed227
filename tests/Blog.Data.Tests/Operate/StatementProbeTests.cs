using System.Data.Common;
using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Blog.Data.Users;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Operate;

/// <summary>A file of the catalogue, executed for its plan and without a trace.</summary>
public sealed class StatementProbeTests(TestDatabase database) : IClassFixture<TestDatabase>, IAsyncLifetime
{
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

    [Theory]
    [InlineData(PlanMode.Generic, "Index Cond: (id = $1)")]
    [InlineData(PlanMode.Custom, "Index Cond: (id = '1'::bigint)")]
    public async Task Measures_a_read_in_both_modes(PlanMode mode, string condition)
    {
        var plans = await new StatementProbe(data).MeasureAsync(
            QueryCatalogue.Find("users/get_user_revision"),
            mode,
            new Dictionary<string, string?> { ["userId"] = "1" },
            Token
        );

        var plan = Assert.Single(plans);
        Assert.Equal(1, plan.Rows);
        Assert.InRange(plan.Buffers!.Value, 1, 10);
        var look = Assert.Single(plan.All, node => node.Relation == "users");
        Assert.Equal("users_pkey", look.Index);
        Assert.Equal([condition], look.Conditions);
    }

    [Fact]
    public async Task Estimates_without_executing()
    {
        var plans = await new StatementProbe(data).EstimateAsync(
            QueryCatalogue.Find("users/delete_user"),
            PlanMode.Generic,
            new Dictionary<string, string?> { ["userId"] = "1" },
            Token
        );

        Assert.All(plans.SelectMany(plan => plan.All), node => Assert.Null(node.Rows));
        Assert.Equal(["Ann", "Bystander"], await database.ListAsync("select name from blog.users order by id"));
    }

    [Fact]
    public async Task Takes_back_what_it_executes()
    {
        var plans = await new StatementProbe(data).MeasureAsync(
            QueryCatalogue.Find("users/delete_user"),
            PlanMode.Generic,
            new Dictionary<string, string?> { ["userId"] = "1" },
            Token
        );

        Assert.Contains(plans.SelectMany(plan => plan.All), node => node is { Relation: "users", Loops: 1 });
        Assert.Equal(["Ann", "Bystander"], await database.ListAsync("select name from blog.users order by id"));
    }

    /// <summary>An argument is read by its type and by nothing else, whatever stands in it.</summary>
    [Fact]
    public async Task An_argument_stays_one()
    {
        var probe = new StatementProbe(data);
        var query = QueryCatalogue.Find("users/list_users_by_name");

        var plans = await probe.MeasureAsync(
            query,
            PlanMode.Generic,
            new Dictionary<string, string?>
            {
                ["name"] = "'); delete from blog.users; --\\'",
                ["after"] = "0",
                ["limit"] = "5",
            },
            Token
        );
        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            probe.MeasureAsync(
                QueryCatalogue.Find("users/get_user_revision"),
                PlanMode.Generic,
                new Dictionary<string, string?> { ["userId"] = "1 or true" },
                Token
            )
        );

        Assert.Equal(0, plans[0].Rows);
        Assert.Equal("22P02", refused.SqlState);
        Assert.Equal(["Ann", "Bystander"], await database.ListAsync("select name from blog.users order by id"));
    }

    /// <summary>What is left to be cleaned up went with the connection, and hides nothing.</summary>
    [Fact]
    public async Task A_connection_that_breaks_is_a_failure_of_the_database()
    {
        await using var writer = await database.OpenAsync();
        await using var transaction = await writer.BeginTransactionAsync(Token);
        await using (var holds = new NpgsqlCommand("select from blog.users where id = 1 for update", writer))
        {
            await holds.ExecuteNonQueryAsync(Token);
        }

        var measured = new StatementProbe(data).MeasureAsync(
            QueryCatalogue.Find("users/delete_user"),
            PlanMode.Generic,
            new Dictionary<string, string?> { ["userId"] = "1" },
            Token
        );
        await Eventually.HoldsAsync(
            async () =>
                await database.ListAsync(
                    """
                    select pg_terminate_backend(pid)
                    from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock'
                    """
                )
                    is ["t"],
            "the statement waited for the row"
        );

        var lost = await Assert.ThrowsAnyAsync<DbException>(() => measured);
        Assert.Equal(FailureKind.Unavailable, DatabaseFailure.Of(lost)?.Kind);
        await transaction.RollbackAsync(Token);
        Assert.Equal(["Ann", "Bystander"], await database.ListAsync("select name from blog.users order by id"));
    }
}
