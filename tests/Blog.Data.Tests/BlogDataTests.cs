using System.Collections.Concurrent;
using System.Diagnostics;
using Blog.Data.Posts;
using Blog.Data.Tags;
using Blog.Data.Users;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests;

/// <summary>The one door: what it counts, what it shows to a tracer, and what it leaves behind.</summary>
public sealed class BlogDataTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    /// <summary>Four are for looks at the health, one for streams.</summary>
    const int OneForRequests = 6;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Counts_statements_round_trips_and_rows_of_the_unit_of_work_alone()
    {
        await using var data = new BlogData(database.AppConnectionString);
        var users = new UserRepository(data);
        var ann = await users.CreateUserAsync(Samples.Ann, once: null, Token);

        using var usage = SqlUsage.Begin();
        await users.GetUserAsync(ann.Id, 1000, Token);
        await users.ReplaceUserAsync(ann.Id, new("Anna"), null, null, null, Token);

        Assert.Equal(4, usage.Statements);
        Assert.Equal(
            ["users_get_user", "tags_get_tag_names", "users_replace_user"],
            usage.RoundTrips.Select(trip => trip.Name)
        );
        // One user, two posts; two tags; one revision.
        Assert.Equal(6, usage.Rows);
        Assert.Empty(usage.OverBudget);
    }

    [Fact]
    public async Task Counts_a_commit_as_a_round_trip_and_not_as_a_statement()
    {
        await using var data = new BlogData(database.AppConnectionString);

        using var usage = SqlUsage.Begin();
        await new TagRepository(data).CreateTagAsync(new("red"), once: null, Token);

        Assert.Equal(2, usage.Statements);
        Assert.Equal(["tags_find_or_create_tags", "commit"], usage.RoundTrips.Select(trip => trip.Name));
    }

    [Fact]
    public async Task A_connection_that_is_lost_while_it_is_given_back_takes_no_place_with_it()
    {
        await using var data = new BlogData($"{database.AppConnectionString};Maximum Pool Size={OneForRequests}");
        var session = await data.OpenAsync(Token);
        // Whoever gives it back in the middle of a transaction asks the server to end that.
        await session.Connection.BeginTransactionAsync(Token);
        await using (var command = new NpgsqlCommand("select pg_backend_pid()", session.Connection))
        {
            var process = await command.ExecuteScalarAsync(Token);
            await database.ExecuteAsync($"select pg_terminate_backend({process}, 5000)");
        }

        await Assert.ThrowsAnyAsync<Exception>(() => session.DisposeAsync().AsTask());

        await new UserRepository(data).CreateUserAsync(Samples.Ann, once: null, Token);
    }

    [Theory]
    [InlineData("Maximum Pool Size=12", 8, 4)]
    [InlineData("Maximum Pool Size=12", 3, 3)]
    [InlineData("Maximum Pool Size=6", 4, 1)]
    [InlineData("Maximum Pool Size=12;Minimum Pool Size=12", 4, 4)]
    public async Task Streams_have_at_most_half_of_the_connections_and_each_kind_has_one(
        string words,
        int wanted,
        int streams
    )
    {
        await using var data = new BlogData($"{database.AppConnectionString};{words}", wanted);

        Assert.Equal(streams, data.Streams);
        await using var session = await data.OpenWatchAsync(Token);
    }

    [Fact]
    public async Task Names_the_query_that_returned_more_rows_than_its_header_allows()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        // More links than a post may have: what a forgotten correlation looks like to the reader.
        await own.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (1, 'T', 'C');
            insert into blog.tag (name) values ('a');
            alter table blog.post_tag drop constraint post_tag_pkey;
            insert into blog.post_tag (post_id, tag_id) select 1, 1 from generate_series(1, 200);
            """
        );
        await using var data = new BlogData(own.AppConnectionString);

        using var usage = SqlUsage.Begin();
        await new PostRepository(data).GetPostAsync(1, new(), Token);

        // 1 post and 200 links, where 1 + 50 are allowed.
        Assert.Equal(201, usage.Rows);
        Assert.Equal(["posts/get_post"], usage.OverBudget);
    }

    [Fact]
    public async Task Opens_a_span_named_after_the_query_with_the_rows_it_returned()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = ListenTo(spans);
        using var parent = new Activity("test").Start();
        await using var data = new BlogData(database.AppConnectionString);

        await new UserRepository(data).GetUserAsync(long.MaxValue, 1000, Token);

        var span = Assert.Single(spans, span => span.ParentSpanId == parent.SpanId);
        Assert.Equal("users/get_user", span.OperationName);
        Assert.Equal(ActivityKind.Client, span.Kind);
        Assert.Equal("postgresql", span.GetTagItem("db.system.name"));
        Assert.Equal("users/get_user", span.GetTagItem("db.query.summary"));
        Assert.Equal(0L, span.GetTagItem("db.response.returned_rows"));
        Assert.Equal(database.Name, span.GetTagItem("db.namespace"));
        var address = new NpgsqlConnectionStringBuilder(database.AppConnectionString);
        Assert.Equal(address.Host, span.GetTagItem("server.address"));
        Assert.Equal(address.Port, span.GetTagItem("server.port"));
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Fact]
    public async Task A_write_is_a_span_a_trip_and_one_for_its_commit_without_a_word_of_what_it_writes()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = ListenTo(spans);
        using var parent = new Activity("test").Start();
        await using var data = new BlogData(database.AppConnectionString);

        var post = new PostCreate("Heart", "Gold", ["towel"]);
        await new PostRepository(data).CreatePostAsync(1, post, ownerId: null, once: null, Token);

        var own = spans.Where(span => span.ParentSpanId == parent.SpanId).ToArray();
        Assert.Equal(
            ["tags/find_or_create_tags", "posts/create_post", "commit"],
            own.Select(span => span.OperationName)
        );
        var told = string.Join(' ', own.SelectMany(span => span.TagObjects).Select(tag => $"{tag.Key}={tag.Value}"));
        foreach (var word in (string[])["Heart", "Gold", "towel", "Password", "blog_app"])
            Assert.DoesNotContain(word, told, StringComparison.Ordinal);
    }

    [Theory]
    // In the first statement, and in one whose rows are read later.
    [InlineData("alter table blog.users rename to away", "42P01")]
    [InlineData("alter table blog.post_tag rename to away", "42P01")]
    public async Task A_failure_is_in_the_span_as_its_SQLSTATE(string broken, string state)
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync($"insert into blog.users (name) values ('Ann'); {broken}");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = ListenTo(spans);
        using var parent = new Activity("test").Start();
        await using var data = new BlogData(own.AppConnectionString);

        await Assert.ThrowsAsync<PostgresException>(() => new UserRepository(data).GetUserAsync(1, 1000, Token));

        var span = Assert.Single(spans, span => span.ParentSpanId == parent.SpanId);
        Assert.Equal(
            ("users/get_user", ActivityStatusCode.Error, "PostgresException"),
            (span.OperationName, span.Status, span.StatusDescription)
        );
        Assert.Equal((state, state), (span.GetTagItem("error.type"), span.GetTagItem("db.response.status_code")));
    }

    /// <summary>Every test of this process is listened to, from whichever thread it runs on.</summary>
    static ActivityListener ListenTo(ConcurrentQueue<Activity> spans)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BlogData.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }

    [Fact]
    public async Task A_refused_value_leaves_the_connections_as_they_are_and_a_lost_right_gives_them_up()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await using var data = new BlogData(own.AppConnectionString);
        var users = new UserRepository(data);
        var ann = await users.CreateUserAsync(Samples.Ann, once: null, Token);
        Task<string[]> ConnectionsAsync() =>
            own.ListAsync(
                "select pid from pg_stat_activity where usename = 'blog_app' and datname = current_database()"
            );
        var before = await ConnectionsAsync();

        var refused = await Assert.ThrowsAsync<PostgresException>(() =>
            users.CreateUserAsync(Samples.Ann with { Name = new string('a', 51) }, once: null, Token)
        );
        Assert.Equal("users_name_length", refused.ConstraintName);
        Assert.Single(before);
        Assert.Equal(before, await ConnectionsAsync());

        await own.ExecuteAsync("revoke select on blog.profile from blog_app");
        var lost = await Assert.ThrowsAsync<PostgresException>(() => users.GetUserAsync(ann.Id, 10, Token));
        Assert.Equal("42501", lost.SqlState);
        await Eventually.HoldsAsync(async () => await ConnectionsAsync() is [], "the connection is closed");
        Assert.Equal(["Ann"], await own.ListAsync("select name from blog.users"));
    }

    [Fact]
    public async Task A_read_that_is_cancelled_inside_its_snapshot_leaves_the_connection_fit_for_the_next()
    {
        await using var data = new BlogData(database.AppConnectionString + ";Maximum Pool Size=1");
        var users = new UserRepository(data);
        var ann = await users.CreateUserAsync(Samples.Ann, once: null, Token);
        await using var blocker = await database.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync(Token);
        await using (var lockPosts = new NpgsqlCommand("lock table blog.post in access exclusive mode", blocker))
        {
            await lockPosts.ExecuteNonQueryAsync(Token);
        }

        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var read = users.GetUserAsync(ann.Id, 1000, impatient.Token);
        await Eventually.HoldsAsync(
            async () =>
                await database.ListAsync(
                    "select count(*) from pg_catalog.pg_locks where not granted and relation = 'blog.post'::regclass"
                )
                    is ["1"],
            "the read waits for the posts"
        );
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        await transaction.RollbackAsync(Token);

        var again = await users.GetUserAsync(ann.Id, 1000, Token);
        Assert.Equal(2, again!.Posts.Count);
        var renamed = await users.ReplaceUserAsync(ann.Id, new("Anna"), null, null, null, Token);
        Assert.Equal(new Written<WrittenUser>.Done(new(new(2, 1), User: null)), renamed);
        Assert.Equal(["Anna"], await database.ListAsync($"select name from blog.users where id = {ann.Id}"));
    }
}
