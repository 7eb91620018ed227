using Blog.Data.Migrations;
using Blog.Data.Migrations.Review;
using Blog.Testing;

namespace Blog.Api.Tests.Operate;

/// <summary>The guide docs/operate/zero-downtime.md, done step by step under load.</summary>
public sealed class ZeroDowntimeTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    const string Ready = """200 {"status":"ready"}""";

    /// <summary>100 users with profiles, and 3,000 posts of them, 100 days old.</summary>
    const string Rows = """
        insert into blog.users (name) select 'User ' || n from generate_series(1, 100) n;
        insert into blog.profile (user_id, bio) select n, 'bio of ' || n from generate_series(1, 100) n;
        insert into blog.post (author_id, title, content, created_at)
        select 1 + n % 100, 'Post ' || n, 'content', now() - interval '100 days' from generate_series(1, 3000) n;
        """;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public void Nothing_is_found_in_the_scripts_but_what_they_allow()
    {
        var review = MigrationReview.Of([.. MigrationScript.LoadAll(), .. ZeroDowntimeGuide.Scripts]);

        Assert.Equal(11, ZeroDowntimeGuide.Scripts.Count);
        Assert.Empty(review.Findings);
        Assert.Equal(
            ["0116_drop_bio.sql drop", "0116_drop_bio.sql drop"],
            review.Allowances.Select(one => $"{one.Script} {one.Rule}")
        );
    }

    [Fact]
    public async Task No_request_fails_and_no_write_is_lost_at_any_step()
    {
        await database.ExecuteAsync(Rows);
        await using var service = await ServiceProcess.StartAsync(database.AppConnectionString);
        await using var load = new Load(service, database);
        load.Start();
        await load.GoOnAsync("before the first step");

        foreach (var script in ZeroDowntimeGuide.Scripts.SkipLast(1))
            await StepAsync(script.Name);
        // Release N+1 is rolled out beside N, then instead of it.
        load.StartNext();
        await load.GoOnAsync("of both releases");
        Assert.Equal(Ready, (await service.GetAsync("/readyz")).Outcome);
        await load.StopAsync();
        await ZeroDowntimeGuide.ApplyUpToAsync(database, ZeroDowntimeGuide.Scripts[^1].Name, Stop);
        await load.GoOnAsync("after the contract step");
        await load.StopNextAsync();

        Assert.Empty(load.Failures);
        Assert.Equal(
            ["about NO", "bio -", "published_at NO"],
            await database.ListAsync(
                """
                select wanted || ' ' || coalesce((
                  select is_nullable from information_schema.columns where table_schema = 'blog' and column_name = wanted), '-')
                from unnest(array['about', 'bio', 'published_at']) wanted order by 1
                """
            )
        );
        // A post that was there has its created_at, one of N the moment of its insert: the same, as both are the now() of a transaction.
        Assert.Equal(
            ["0"],
            await database.ListAsync("select count(*) from blog.post where published_at is distinct from created_at")
        );
        Assert.Equal([$"{3000 + load.Created}"], await database.ListAsync("select count(*) from blog.post"));
        Assert.Equal(
            load.Bios.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"),
            await database.ListAsync(
                "select user_id || ' ' || about from blog.profile where about <> 'bio of ' || user_id order by user_id"
            )
        );
        Assert.Equal(
            load.Titles.OrderBy(one => one.Key).Select(one => $"{one.Key} {one.Value}"),
            await database.ListAsync("select id || ' ' || title from blog.post where title like 'title %' order by id")
        );
        // Whoever of N is left over after the contract step is told, and serves nobody.
        Assert.Contains("schema_drift", (await service.GetAsync("/readyz")).Outcome, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine($"{load.Answered} answered, {load.Created} posts created");

        async Task StepAsync(string name)
        {
            var report = await ZeroDowntimeGuide.ApplyUpToAsync(database, name, Stop);
            Assert.Equal([(name, 1)], report.Applied.Select(script => (script.Name, script.Attempts)));
            await load.GoOnAsync($"after {name}");
            Assert.Empty(load.Failures);
            Assert.Equal(Ready, (await service.GetAsync("/readyz")).Outcome);
        }
    }

    [Fact]
    public async Task A_fill_passes_over_what_somebody_holds_and_may_be_stopped_and_run_again()
    {
        await using var other = await TestDatabase.CreateMigratedAsync(server);
        await other.ExecuteAsync(Rows);
        await ZeroDowntimeGuide.ApplyUpToAsync(other, "0101_add_published_at.sql", Stop);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        await using (var writer = await other.OpenAsync("blog_app"))
        {
            await using var transaction = await writer.BeginTransactionAsync(Stop);
            await new Npgsql.NpgsqlCommand(
                "update blog.post set title = 'held' where id = 7",
                writer
            ).ExecuteNonQueryAsync(Stop);
            var fill = ZeroDowntimeGuide.ApplyUpToAsync(other, "0102_fill_published_at.sql", cancel.Token);

            await Eventually.HoldsAsync(
                async () => (await EmptyAsync()).SequenceEqual(["7"]),
                "all but the held one filled"
            );
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fill);
            await transaction.CommitAsync(Stop);
        }

        Assert.Equal(["7"], await EmptyAsync());
        var again = await ZeroDowntimeGuide.ApplyUpToAsync(other, "0102_fill_published_at.sql", Stop);

        Assert.Equal(["0102_fill_published_at.sql"], again.Applied.Select(script => script.Name));
        Assert.Empty(await EmptyAsync());
        Assert.Equal(["held"], await other.ListAsync("select title from blog.post where id = 7"));

        Task<string[]> EmptyAsync() =>
            other.ListAsync("select id from blog.post where published_at is null order by id");
    }
}
