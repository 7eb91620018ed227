using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Blog.Data.Posts;
using Blog.Data.Users;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Users;

/// <summary>Users who come while all who create are busy are stored together, and none of them is told of it.</summary>
public sealed class SharedCreationsTests(PostgresServer server) : IAsyncLifetime
{
    /// <summary>One of them leads, the other one is for whoever reads meanwhile.</summary>
    const int Two = 2;

    static readonly UserCreate lea = new("Lea", null, [new("Held", "", ["held"])]);
    static readonly UserCreate cleo = new("Cleo", null, []);
    static readonly UserCreate dora = new("Dora", null, [new("Alone", "Four.", [])]);
    static readonly UserCreate emil = new("Emil", "Waits.", [new("Late", "Five.", ["late"])]);

    TestDatabase database = null!;
    BlogData data = null!;
    UserRepository users = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateMigratedAsync(server);
        data = Open(Two);
        users = new(data);
        await users.CreateUserAsync(Samples.Ben, once: null, Token);
    }

    /// <summary>Ben is as he was.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(
            ["Ben|1|Reads.|Other|Two.|blue", "Ben|1|Reads.|Other|Two.|green"],
            await database.ListAsync(
                """
                select concat_ws('|', u.name, u.version, f.bio, p.title, p.content, t.name) as line
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

    [Fact]
    public async Task Who_come_while_one_is_created_are_one_round_trip_and_each_gets_what_is_theirs()
    {
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        UserCreate[] given =
        [
            Samples.Ann,
            cleo,
            new("Ann", "Another.", [new("First", "Hers not.", ["red", "green"]), new("First", "Again.", [])]),
            dora,
            new("Fay", "Many.", [new("Z", "1", ["blue", "late"]), new("A", "2", []), new("M", "3", ["late", "red"])]),
        ];
        var waiting = given.Select(user => CreateAsync(user)).ToArray();
        Assert.All(waiting, waits => Assert.False(waits.IsCompleted));
        await ReleaseAsync(held);
        var created = await Task.WhenAll([leading, .. waiting]);

        Assert.Equal(["Ben", "Lea", "Ann Cleo Ann Dora Fay"], await TogetherAsync());
        Assert.Equal(
            [
                "Lea -: Held '' [held]",
                "Ann Writes.: First 'One.' [blue red], Second '' [blue]",
                "Cleo -: ",
                "Ann Another.: First 'Hers not.' [green red], First 'Again.' []",
                "Dora -: Alone 'Four.' []",
                "Fay Many.: Z '1' [blue late], A '2' [], M '3' [late red]",
            ],
            created.Select(of => Line(of.User))
        );
        Assert.All(
            created,
            of => Assert.Equal((2, 1, 0), (of.Usage.Statements, of.Usage.RoundTrips.Count, of.Usage.OverBudget.Count))
        );
        var trip = Assert.Single(created.Skip(1).SelectMany(of => of.Usage.RoundTrips).Distinct());
        Assert.Equal("users_create_user", trip.Name);
        foreach (var (user, _) in created)
        {
            var read = await users.GetUserAsync(user.Id, 1000, Token);
            Assert.Equal((Json(user), user.Revision, user.PostTotal), (Json(read!), read!.Revision, read.PostTotal));
        }
    }

    [Fact]
    public async Task The_trace_of_who_was_taken_along_links_to_the_span_of_the_one_that_led()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == BlogData.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        var (led, taken) = (TraceAsync(Samples.Ann), TraceAsync(cleo));
        await ReleaseAsync(held);
        await leading;
        var (first, second) = (await led, await taken);

        Assert.Empty(first.Links);
        var trip = Assert.Single(spans, span => span.ParentSpanId == first.SpanId);
        Assert.Equal("users/create_user", trip.OperationName);
        Assert.Equal([trip.Context], second.Links.Select(link => link.Context));
        Assert.DoesNotContain(spans, span => span.ParentSpanId == second.SpanId);

        async Task<Activity> TraceAsync(UserCreate user)
        {
            using var request = new Activity("request").Start();
            await CreateAsync(user);
            return request;
        }
    }

    [Fact]
    public async Task Where_two_may_lead_who_comes_waits_for_the_first_of_them()
    {
        await using var four = Open(places: 4);
        Assert.Equal(4, four.Places);
        users = new(four);
        await using var held = await HoldAsync("held");
        await using var late = await HoldAsync("late");
        Task[] leading = [CreateAsync(lea), CreateAsync(emil)];
        await database.UntilWaitingAsync(2);

        Task[] waiting = [CreateAsync(Samples.Ann), CreateAsync(cleo), CreateAsync(dora)];
        Assert.All(waiting, waits => Assert.False(waits.IsCompleted));
        await ReleaseAsync(late);
        await Task.WhenAll(waiting);

        Assert.Equal(["Ben", "Emil", "Ann Cleo Dora"], await TogetherAsync());
        Assert.False(leading[0].IsCompleted);
        await ReleaseAsync(held);
        await Task.WhenAll(leading);
        Assert.Equal(["Ben", "Emil", "Ann Cleo Dora", "Lea"], await TogetherAsync());
    }

    [Fact]
    public async Task No_more_than_thirty_two_are_stored_together_and_no_more_wait_than_may()
    {
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        var waiting = Enumerable.Range(1, 64).Select(_ => CreateAsync(cleo)).ToArray();
        var refused = await Assert.ThrowsAsync<PoolQueueException>(() => CreateAsync(dora));
        Assert.All(waiting, waits => Assert.False(waits.IsCompleted));
        await ReleaseAsync(held);
        var created = await Task.WhenAll([leading, .. waiting]);

        Assert.Equal("The queue in front of the pool of connections is full.", refused.Message);
        Assert.Equal(65, created.Select(of => of.User.Id).Distinct().Count());
        Assert.Equal(
            ["Ben 1", "Lea 1", "Cleo 32", "Cleo 32"],
            await database.ListAsync(
                "select concat_ws(' ', name, count(*)) from blog.users group by name, xmin::text order by min(id)"
            )
        );
    }

    [Theory]
    // Who leads them, and who is taken along.
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Where_one_is_refused_it_alone_is_told_so_and_the_others_are_stored(int place)
    {
        var broken = new UserCreate(new string('x', 51), "Too long.", [new("Never", "", ["never"])]);
        var alone = await Assert.ThrowsAsync<PostgresException>(() => CreateAsync(broken));
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        List<UserCreate> given = [Samples.Ann, cleo, dora];
        given.Insert(place, broken);
        var waiting = given.Select(user => CreateAsync(user)).ToList();
        await ReleaseAsync(held);
        await leading;
        var refused = await Assert.ThrowsAsync<PostgresException>(() => waiting[place]);
        waiting.RemoveAt(place);
        var created = await Task.WhenAll(waiting);

        Assert.Equal(("23514", "users_name_length"), (refused.SqlState, refused.ConstraintName));
        Assert.Equal((alone.SqlState, alone.MessageText), (refused.SqlState, refused.MessageText));
        Assert.Equal(["Ann", "Ben", "Cleo", "Dora", "Lea"], await NamesAsync());
        Assert.Equal(["blue", "green", "held", "red"], await TagsAsync());
        Assert.Equal(
            ["Ann Writes.: First 'One.' [blue red], Second '' [blue]", "Cleo -: ", "Dora -: Alone 'Four.' []"],
            created.Select(of => Line(of.User))
        );
    }

    [Fact]
    public async Task Where_a_tag_is_deleted_meanwhile_they_find_it_anew()
    {
        await using var held = await HoldAsync("held");
        await using var deleting = await database.OpenAsync();
        await database.ExecuteAsync("insert into blog.tag (name) values ('late')");
        await ExecuteAsync(deleting, "begin; delete from blog.tag where name = 'late'");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        Task[] waiting = [CreateAsync(Samples.Ann), CreateAsync(emil), CreateAsync(dora)];
        await ReleaseAsync(held);
        await leading;
        await database.UntilWaitingAsync(1);
        await ExecuteAsync(deleting, "commit");
        await Task.WhenAll(waiting);

        Assert.Equal(["Ann", "Ben", "Dora", "Emil", "Lea"], await NamesAsync());
        Assert.Equal(["blue", "green", "held", "late", "red"], await TagsAsync());
    }

    [Fact]
    public async Task Where_another_holds_what_one_of_them_needs_the_one_that_leads_does_not_fail_for_it()
    {
        await using var hasty = Open(Two, " -c lock_timeout=1s");
        users = new(hasty);
        await using var held = await HoldAsync("held");
        await using var late = await HoldAsync("late");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        Task[] waiting = [CreateAsync(Samples.Ann), CreateAsync(dora)];
        var refused = CreateAsync(emil);
        await ReleaseAsync(held);
        await Task.WhenAll([leading, .. waiting]);

        Assert.Equal("55P03", (await Assert.ThrowsAsync<PostgresException>(() => refused)).SqlState);
        Assert.Equal(["Ann", "Ben", "Dora", "Lea"], await NamesAsync());
        Assert.Equal(["blue", "green", "held", "red"], await TagsAsync());
    }

    [Fact]
    public async Task Who_has_less_time_than_the_one_that_leads_is_not_taken_along()
    {
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        Task[] waiting =
        [
            WithinAsync(TimeSpan.FromMinutes(9), Samples.Ann),
            WithinAsync(TimeSpan.FromMinutes(8), cleo),
            WithinAsync(TimeSpan.FromMinutes(9), dora),
            CreateAsync(emil),
        ];
        await ReleaseAsync(held);
        await Task.WhenAll([leading, .. waiting]);

        Assert.Equal(["Ben", "Lea", "Ann", "Cleo Dora Emil"], await TogetherAsync());

        async Task WithinAsync(TimeSpan time, UserCreate user)
        {
            using var deadline = Deadline.Begin(time, Token);
            await CreateAsync(user, deadline.Token);
        }
    }

    [Fact]
    public async Task Who_is_cancelled_while_it_waits_is_not_stored_and_the_others_are()
    {
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);

        var cancelled = CreateAsync(emil, impatient.Token);
        Task[] waiting = [CreateAsync(Samples.Ann), CreateAsync(cleo)];
        var alsoCancelled = CreateAsync(emil, impatient.Token);
        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => alsoCancelled);
        await ReleaseAsync(held);
        await Task.WhenAll([leading, .. waiting]);

        Assert.Equal(["Ben", "Lea", "Ann Cleo"], await TogetherAsync());
        Assert.Equal(["blue", "green", "held", "red"], await TagsAsync());
    }

    [Fact]
    public async Task Where_the_one_that_leads_is_cancelled_the_others_are_stored_all_the_same()
    {
        await using var held = await HoldAsync("held");
        await using var late = await HoldAsync("late");
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        var cancelled = CreateAsync(Samples.Ann, impatient.Token);
        var (waiting, behind) = (CreateAsync(emil), CreateAsync(dora));
        await ReleaseAsync(held);
        await leading;
        await database.UntilWaitingAsync(1);
        Assert.Equal((false, false), (waiting.IsCompleted, behind.IsCompleted));
        await impatient.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await behind;
        Assert.False(waiting.IsCompleted);
        await ReleaseAsync(late);
        await waiting;
        Assert.Equal(["Ben", "Lea", "Dora", "Emil"], await TogetherAsync());
        Assert.Equal(["blue", "green", "held", "late"], await TagsAsync());
    }

    [Fact]
    public async Task Who_is_cancelled_when_it_was_taken_along_is_told_what_became_of_it()
    {
        await using var held = await HoldAsync("held");
        await using var late = await HoldAsync("late");
        using var impatient = CancellationTokenSource.CreateLinkedTokenSource(Token);
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        Task[] waiting = [CreateAsync(emil), CreateAsync(dora)];
        var cancelled = CreateAsync(Samples.Ann, impatient.Token);
        await ReleaseAsync(held);
        await leading;
        await database.UntilWaitingAsync(1);
        await impatient.CancelAsync();
        await ReleaseAsync(late);
        await Task.WhenAll(waiting);

        Assert.Equal("Ann Writes.: First 'One.' [blue red], Second '' [blue]", Line((await cancelled).User));
        Assert.Equal(["Ben", "Lea", "Emil Dora Ann"], await TogetherAsync());
    }

    [Fact]
    public async Task Who_waits_longer_than_the_queue_allows_is_told_so_and_never_stored()
    {
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        var (first, second) = (CreateAsync(Samples.Ann), CreateAsync(dora));

        var refused = await Assert.ThrowsAsync<PoolQueueException>(() => first);
        await Assert.ThrowsAsync<PoolQueueException>(() => second);
        Assert.Equal("No connection of the pool became free in time.", refused.Message);
        Assert.False(leading.IsCompleted);
        await ReleaseAsync(held);
        await leading;
        await CreateAsync(cleo);
        Assert.Equal(["Ben", "Lea", "Cleo"], await TogetherAsync());
        Assert.Equal(["blue", "green", "held"], await TagsAsync());
    }

    [Theory]
    // A user, a profile and so many posts are a row too many; so many characters one too many.
    [InlineData(999, 0)]
    [InlineData(1, 131_073)]
    public async Task Who_is_too_large_is_stored_alone(int posts, int characters)
    {
        var large = new UserCreate(
            "Large",
            "Writes on.",
            [.. Enumerable.Range(1, posts).Select(n => new PostCreate($"{n}", new('c', characters), []))]
        );
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        Task[] before = [CreateAsync(Samples.Ann), CreateAsync(cleo)];
        var waiting = CreateAsync(large);
        Task[] behind = [CreateAsync(dora), CreateAsync(emil)];
        await ReleaseAsync(held);
        await Task.WhenAll([leading, .. before, .. behind]);
        var (created, usage) = await waiting;

        Assert.Equal(["Ben", "Lea", "Ann Cleo", "Large", "Dora Emil"], await TogetherAsync());
        Assert.Equal((2, 1), (usage.Statements, usage.RoundTrips.Count));
        Assert.Equal(Json(created), Json((await users.GetUserAsync(created.Id, 1000, Token))!));
        Assert.Equal(
            [$"{posts} {posts * characters}"],
            await database.ListAsync(
                $"select concat_ws(' ', count(*), sum(length(content))) from blog.post where author_id = {created.Id}"
            )
        );
    }

    [Fact]
    public async Task Who_are_too_large_together_are_stored_one_after_the_other()
    {
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        // Two of them are all that may be sent together.
        var half = new string('c', 65_536);
        var waiting = new[] { "A", "B", "C" }.Select(name => CreateAsync(new(name, null, [new("Half", half, [])])));
        Task[] all = [leading, .. waiting];
        await ReleaseAsync(held);
        await Task.WhenAll(all);

        Assert.Equal(["Ben", "Lea", "A B", "C"], await TogetherAsync());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Where_the_word_of_their_commit_is_lost_all_are_told_so_and_stored_once(bool ends)
    {
        await using var wire = Wire.InFrontOf(server.ConnectionString("blog_app", "postgres"));
        await using var far = Open(Two, wire.Options);
        users = new(far);
        await using var held = await HoldAsync("held");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        // Her name is sent with the others', whatever is prepared.
        if (ends)
        {
            wire.EndInPlaceOfTheAnswerTo("Cleo");
        }
        else
        {
            wire.LoseTheAnswerTo("Cleo");
        }

        Task[] waiting = [CreateAsync(Samples.Ann), CreateAsync(cleo), CreateAsync(dora)];
        await ReleaseAsync(held);
        await leading;

        foreach (var waits in waiting)
        {
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => waits);
        }

        Assert.True(wire.HasHappened);
        Assert.Equal(["Ben", "Lea", "Ann Cleo Dora"], await TogetherAsync());
        await CreateAsync(emil);
        Assert.Equal(["Ben", "Lea", "Ann Cleo Dora", "Emil"], await TogetherAsync());
    }

    [Fact]
    public async Task Where_their_connection_is_ended_all_are_told_that_nobody_knows_and_none_is_tried_again()
    {
        await using var held = await HoldAsync("held");
        await using var late = await HoldAsync("late");
        var leading = CreateAsync(lea);
        await database.UntilWaitingAsync(1);

        Task[] waiting = [CreateAsync(Samples.Ann), CreateAsync(emil), CreateAsync(dora)];
        await ReleaseAsync(held);
        await leading;
        await database.UntilWaitingAsync(1);
        await database.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
        );

        foreach (var waits in waiting)
        {
            await Assert.ThrowsAsync<OutcomeUnknownException>(() => waits);
        }

        await ReleaseAsync(late);
        await CreateAsync(cleo);
        Assert.Equal(["Ben", "Lea", "Cleo"], await TogetherAsync());
        Assert.Equal(["blue", "green", "held"], await TagsAsync());
    }

    BlogData Open(int places, string options = "")
    {
        // Four are for looks at the health, one for streams.
        var connections = (places + 5).ToString(CultureInfo.InvariantCulture);
        return new(
            $"{database.AppConnectionString};Maximum Pool Size={connections};Options=-c lock_timeout=60s -c statement_timeout=60s{options}",
            streams: 1
        );
    }

    /// <summary>As the service does it: under a strict budget, and within it.</summary>
    async Task<(User User, SqlUsage Usage)> CreateAsync(UserCreate user, CancellationToken? cancellationToken = null)
    {
        using var usage = SqlUsage.Begin(() => new(2, 1), isStrict: true);
        var created = await users.CreateUserAsync(user, once: null, cancellationToken ?? Token);
        Assert.False(usage.IsOver);
        return (created, usage);
    }

    /// <summary>A transaction that keeps whoever creates this tag waiting.</summary>
    async Task<NpgsqlConnection> HoldAsync(string tag)
    {
        var holder = await database.OpenAsync();
        await ExecuteAsync(holder, $"begin; insert into blog.tag (name) values ('{tag}')");
        return holder;
    }

    static Task ReleaseAsync(NpgsqlConnection holder) => ExecuteAsync(holder, "rollback");

    /// <summary>The names of those who were stored, a line a transaction.</summary>
    Task<string[]> TogetherAsync() =>
        database.ListAsync(
            "select string_agg(name, ' ' order by id) from blog.users group by xmin::text order by min(id)"
        );

    Task<string[]> NamesAsync() => database.ListAsync("select name from blog.users order by name");

    Task<string[]> TagsAsync() => database.ListAsync("select name from blog.tag order by name");

    static string Line(User user)
    {
        var posts = user.Posts.Select(post =>
            $"{post.Title} '{post.Content}' [{string.Join(' ', post.Tags.Select(tag => tag.Name).Order(StringComparer.Ordinal))}]"
        );
        return $"{user.Name} {user.Profile?.Bio ?? "-"}: {string.Join(", ", posts)}";
    }

    static string Json(User user) => JsonSerializer.Serialize(user, BlogJson.Settings);

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }
}
