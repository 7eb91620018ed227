using Blog.Data.Posts;
using Blog.Data.Users;
using Blog.Testing;

namespace Blog.Data.Tests;

/// <summary>Under strict budgets what would go beyond is not sent, and nothing of it is stored.</summary>
public sealed class StrictBudgetTests(PostgresServer server) : IAsyncLifetime
{
    TestDatabase database = null!;
    BlogData data = null!;
    UserRepository users = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateMigratedAsync(server);
        data = new(database.AppConnectionString);
        users = new(data);
        await users.CreateUserAsync(Samples.Ben, once: null, Token);
    }

    /// <summary>Ben is as he was.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(
            ["Ben|Reads.|Other|blue", "Ben|Reads.|Other|green"],
            await database.ListAsync(
                """
                select distinct concat_ws('|', u.name, f.bio, p.title, t.name) as line
                from blog.users u
                join blog.profile f on f.user_id = u.id
                join blog.post p on p.author_id = u.id
                join blog.post_tag l on l.post_id = p.id
                join blog.tag t on t.id = l.tag_id
                where u.name = 'Ben'
                order by line
                """
            )
        );
        await data.DisposeAsync();
        await database.DisposeAsync();
    }

    [Theory]
    // Two statements in one trip.
    [InlineData(1, 1)]
    [InlineData(2, 0)]
    public async Task A_read_that_would_go_beyond_is_not_sent(int statements, int trips)
    {
        using var usage = SqlUsage.Begin(() => new(statements, trips), isStrict: true);

        var refused = await Assert.ThrowsAsync<BudgetExceededException>(() => users.GetUserAsync(1, 1000, Token));

        Assert.Equal(
            ($"users/get_user was not sent: 0 of {statements} statements and 0 of {trips} trips were used", false),
            (refused.Message, refused.IsStored)
        );
        Assert.Equal((0, 0, true), (usage.Statements, usage.RoundTrips.Count, usage.IsOver));
    }

    [Theory]
    [InlineData(2, 3, 1)]
    // The commit is a trip.
    [InlineData(3, 2, 2)]
    public async Task A_write_that_would_go_beyond_is_rolled_back(int statements, int trips, int sent)
    {
        var (posts, post) = (new PostRepository(data), new PostCreate("New", "Told.", ["green", "red"]));
        using var usage = SqlUsage.Begin(() => new(statements, trips), isStrict: true);

        var refused = await Assert.ThrowsAsync<BudgetExceededException>(() =>
            posts.CreatePostAsync(1, post, ownerId: null, once: null, Token)
        );

        Assert.False(refused.IsStored);
        Assert.Equal(sent, usage.RoundTrips.Count);
        Assert.Equal(["Other"], await database.ListAsync("select title from blog.post"));
        Assert.Equal(["blue", "green"], await database.ListAsync("select name from blog.tag order by name"));
    }

    [Fact]
    public async Task A_write_within_its_budget_is_stored()
    {
        using var usage = SqlUsage.Begin(() => new(5, 1), isStrict: true);

        await users.CreateUserAsync(Samples.Ann, once: null, Token);

        Assert.False(usage.IsOver);
        Assert.Equal(["Ann", "Ben"], await database.ListAsync("select name from blog.users order by name"));
    }

    [Fact]
    public async Task A_read_behind_a_write_that_is_committed_says_that_this_is_stored()
    {
        var ann = await users.CreateUserAsync(Samples.Ann, once: null, Token);
        using var usage = SqlUsage.Begin(() => new(2, 2), isStrict: true);

        var refused = await Assert.ThrowsAsync<BudgetExceededException>(() =>
            users.ReplaceUserAsync(ann.Id, new("Anna"), null, null, postLimit: 1000, Token)
        );

        Assert.True(refused.IsStored);
        Assert.Equal(["Anna", "Ben"], await database.ListAsync("select name from blog.users order by name"));
    }

    [Fact]
    public async Task Rows_beyond_the_header_of_a_query_are_not_handed_on()
    {
        var crowded = await CrowdAsync();
        using var usage = SqlUsage.Begin(() => new(100, 100), isStrict: true);

        var refused = await Assert.ThrowsAsync<BudgetExceededException>(() => crowded());

        Assert.Equal(
            ("posts/get_post returned 203 rows or more, where 51 are allowed", false),
            (refused.Message, refused.IsStored)
        );
        Assert.True(usage.IsOver);
        Assert.Equal(["posts/get_post"], usage.OverBudget);
    }

    [Fact]
    public async Task Neither_is_refused_where_it_is_counted_only()
    {
        var crowded = await CrowdAsync();
        using var usage = SqlUsage.Begin(() => new(1, 1));

        var read = await crowded();

        Assert.Equal(202, read!.Tags.Count);
        Assert.True(usage.IsOver);
    }

    [Fact]
    public async Task Work_without_a_budget_is_not_refused_either()
    {
        var crowded = await CrowdAsync();
        using var usage = SqlUsage.Begin(() => null, isStrict: true);

        var read = await crowded();

        Assert.Equal(202, read!.Tags.Count);
    }

    /// <summary>Ann's first post has more links than a post may have, as where a correlation was forgotten.</summary>
    /// <returns>Reads it.</returns>
    async Task<Func<Task<Post?>>> CrowdAsync()
    {
        var ann = await users.CreateUserAsync(Samples.Ann, once: null, Token);
        await database.ExecuteAsync(
            """
            alter table blog.post_tag drop constraint post_tag_pkey;
            insert into blog.post_tag (post_id, tag_id)
            select p.id, (select min(id) from blog.tag) from blog.post p, generate_series(1, 200) where p.title = 'First';
            """
        );
        return () => new PostRepository(data).GetPostAsync(ann.Posts[0].Id, new(), Token);
    }
}
