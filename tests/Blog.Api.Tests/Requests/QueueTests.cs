using System.Diagnostics;
using System.Text.Json;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Requests;

/// <summary>The queue in front of the pool: one connection, one for streams, and four that are kept for looks at the health.</summary>
public sealed class QueueTests(PostgresServer server) : IAsyncLifetime
{
    BlogApi api = null!;

    public async ValueTask InitializeAsync()
    {
        api = await BlogApi.StartAsync(server, ";Maximum Pool Size=6;Options=-c lock_timeout=0");
        await api.Database.ExecuteAsync("insert into blog.users (name) values ('Bea'), ('Ben')");
    }

    public ValueTask DisposeAsync() => api.DisposeAsync();

    [Fact]
    public async Task Whoever_cannot_be_served_is_told_within_a_second_and_the_health_is_not_touched()
    {
        await using var holder = await api.Database.OpenAsync();
        var served = await WaitWithTheOneConnectionAsync(holder);

        var start = Stopwatch.GetTimestamp();
        var shed = await Task.WhenAll(Enumerable.Range(0, 24).Select(_ => api.GetAsync("/users/1")));
        var elapsed = Stopwatch.GetElapsedTime(start);

        Assert.All(
            shed,
            answer =>
                Assert.Equal(
                    (503, "overloaded", "1", "stmts=0, trips=0, rows=0, budget=ok"),
                    (answer.Status, CodeOf(answer), answer["Retry-After"], answer["Blog-SQL"])
                )
        );
        // In place of the seconds that the write takes.
        Assert.InRange(elapsed.TotalSeconds, 0.7, 4);
        Assert.Equal("""200 {"status":"alive"}""", (await api.GetAsync("/livez")).Outcome);
        Assert.Equal("""200 {"status":"ready"}""", (await api.GetAsync("/readyz")).Outcome);

        await ExecuteAsync(holder, "rollback");
        Assert.Equal(200, (await served).Status);
        Assert.Equal(200, (await api.GetAsync("/users/1")).Status);
    }

    [Fact]
    public async Task A_stream_takes_no_connection_from_the_requests_nor_waits_for_theirs()
    {
        await using var holder = await api.Database.OpenAsync();
        var served = await WaitWithTheOneConnectionAsync(holder);

        Assert.Equal(503, (await api.GetAsync("/users/1")).Status);
        Assert.Equal(
            "200 {\"id\":2,\"name\":\"Ben\",\"posts\":[]}\n{\"$end\":{\"count\":1}}\n",
            (await api.GetAsync("/export/users?after_id=1")).Outcome
        );

        await ExecuteAsync(holder, "rollback");
        Assert.Equal(200, (await served).Status);
    }

    /// <summary>A write that waits until what the holder has begun is ended.</summary>
    async Task<Task<Answer>> WaitWithTheOneConnectionAsync(NpgsqlConnection holder)
    {
        await ExecuteAsync(holder, "begin; select from blog.users where id = 2 for update");
        var served = api.PutAsync("/users/2", """{"name":"Benno"}""", ("Prefer", "wait=30"));
        await Eventually.HoldsAsync(
            async () =>
                await api.Database.ListAsync(
                    $"select count(*) from pg_stat_activity where {holder.ProcessID} = any(pg_blocking_pids(pid))"
                )
                    is ["1"],
            "the write has the one connection"
        );
        return served;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    static string? CodeOf(Answer answer) => JsonDocument.Parse(answer.Body).RootElement.GetProperty("code").GetString();
}
