using System.Diagnostics;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Requests;

/// <summary>Every request ends, and so does what it asked of the server. Nothing but the deadline ends anything here.</summary>
public sealed class DeadlineTests(PostgresServer server) : IAsyncLifetime
{
    const string NewUser = """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["red"]}]}""";

    BlogApi api = null!;

    public async ValueTask InitializeAsync()
    {
        api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=0", ("Limits:StreamSeconds", "1"));
        await api.Database.ExecuteAsync("insert into blog.users (name) values ('Bea'), ('Ben')");
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task It_is_as_long_as_the_client_waits_and_nothing_is_written_after_it()
    {
        await using var holder = await HoldAsync("select from blog.users where id = 2 for update");
        var start = Stopwatch.GetTimestamp();

        var answer = await api.PutAsync("/users/2", """{"name":"Benno"}""", ("Prefer", "wait=1"));

        Assert.Equal(
            """504 {"type":"/problems/deadline_exceeded","title":"Gateway Timeout","status":504,"detail":"It took longer than it may","instance":"/users/2","code":"deadline_exceeded","request_id":"test"}""",
            answer.Outcome
        );
        Assert.Equal("wait=1", answer["Preference-Applied"]);
        // The role's own timeout would have come after five seconds, the usual deadline after ten.
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 1, 4);
        await NothingOfTheServiceIsUnderWayAsync();
        await EndAsync(holder);
        Assert.Equal(["Bea", "Ben"], await NamesAsync());
        Assert.Equal(200, (await api.GetAsync("/users/2")).Status);
    }

    [Theory]
    // Alone, in a transaction of several trips, and in that of a file.
    [InlineData("PUT", "/users/2", """{"name":"Benno"}""")]
    [InlineData("POST", "/users", NewUser)]
    [InlineData("DELETE", "/users/2?reassign_posts_to=1", null)]
    public async Task What_is_left_of_it_is_known_to_the_server(string method, string path, string? body)
    {
        await api.Database.ExecuteAsync(
            """
            create table public.seen (n bigint generated always as identity, timeout text);
            grant insert on public.seen to blog_app;
            create function public.see() returns trigger language plpgsql as
              $$ begin insert into public.seen (timeout) values (current_setting('statement_timeout')); return null; end $$;
            create trigger see after insert or update or delete on blog.users for each statement execute function public.see();
            """
        );

        Assert.InRange((await api.SendAsync(method, path, body, ("Prefer", "wait=2"))).Status, 200, 201);
        var limited = await SeenAsync();
        Assert.InRange((await api.SendAsync("PUT", "/users/1", """{"name":"Beate"}""")).Status, 200, 200);

        Assert.Equal(["2s"], limited.Distinct());
        Assert.Equal("5s", (await SeenAsync())[^1]);
    }

    [Fact]
    public async Task A_client_that_hangs_up_ends_its_statement()
    {
        await using var holder = await HoldAsync("select from blog.users where id = 2 for update");
        using (var client = new HttpClient { BaseAddress = api.Address })
        using (var hangUp = new CancellationTokenSource())
        {
            using var body = new StringContent("""{"name":"Benno"}""", null, "application/json");
            var write = client.PutAsync(new Uri("/users/2", UriKind.Relative), body, hangUp.Token);
            await Eventually.HoldsAsync(async () => await CountUnderWayAsync() == "1", "the write waits");
            await hangUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        }

        await NothingOfTheServiceIsUnderWayAsync();
        await EndAsync(holder);
        Assert.Equal(["Bea", "Ben"], await NamesAsync());
        Assert.DoesNotContain(api.Log, line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_does_not_come_ends_with_it()
    {
        await using var connection = await RawConnection.OpenAsync(api.Address);

        await connection.SendAsync(
            "POST /users HTTP/1.1\r\nHost: blog\r\nPrefer: wait=1\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n{\"name\":"
        );

        Assert.Equal(504, (await connection.ReadAsync()).Status);
        Assert.Equal(["Bea", "Ben"], await NamesAsync());
    }

    [Fact]
    public async Task A_stream_has_its_own()
    {
        await using var connection = await RawConnection.OpenAsync(api.Address);

        await connection.SendAsync(
            "POST /import/users HTTP/1.1\r\nHost: blog\r\nPrefer: wait=30\r\nContent-Type: application/x-ndjson\r\nContent-Length: 60\r\n\r\n{\"name\":"
        );

        var answer = await connection.ReadAsync();
        Assert.Equal((504, null), (answer.Status, answer["Preference-Applied"]));
        Assert.Equal(["Bea", "Ben"], await NamesAsync());
    }

    async Task NothingOfTheServiceIsUnderWayAsync() =>
        await Eventually.HoldsAsync(
            async () => await CountUnderWayAsync() == "0",
            "nothing of the service is under way"
        );

    async Task<string> CountUnderWayAsync() =>
        (
            await api.Database.ListAsync(
                "select count(*) from pg_stat_activity where datname = current_database() and usename = 'blog_app' and state <> 'idle'"
            )
        ).Single();

    Task<string[]> NamesAsync() => api.Database.ListAsync("select name from blog.users order by id");

    Task<string[]> SeenAsync() => api.Database.ListAsync("select timeout from public.seen order by n");

    async Task<NpgsqlConnection> HoldAsync(string sql)
    {
        var connection = await api.Database.OpenAsync();
        await using var command = new NpgsqlCommand($"begin; {sql}", connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    static async Task EndAsync(NpgsqlConnection holder)
    {
        await using var command = new NpgsqlCommand("rollback", holder);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
