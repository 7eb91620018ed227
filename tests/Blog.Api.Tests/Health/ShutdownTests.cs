using System.Collections.Concurrent;
using System.Net.Http.Json;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Health;

/// <summary>A service that is told to end: it says so first, and loses nothing that it has accepted.</summary>
public sealed class ShutdownTests(TestDatabase database, PostgresServer server) : IClassFixture<TestDatabase>
{
    const int Clients = 4;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_load_it_is_first_not_ready_then_answers_what_it_has_accepted_and_ends()
    {
        await using var service = await StartAsync(notice: "2");
        var answered = new ConcurrentQueue<int>();
        var clients = Enumerable.Range(0, Clients).Select(_ => WriteUntilItIsGoneAsync(service, answered)).ToArray();
        await Eventually.HoldsAsync(() => answered.Count >= 5 * Clients, "five answers a client", seconds: 30);

        await service.TerminateAsync();
        Answer? ready = null;
        await Eventually.HoldsAsync(
            async () => (ready = await service.GetAsync("/readyz")).Status == 503,
            "it is not ready"
        );
        var written = answered.Count;
        await Eventually.HoldsAsync(() => answered.Count >= written + Clients, "it answers all the same");
        var explained = await service.GetAdminAsync("/readyz");
        var exitCode = await service.EndedAsync();
        await Task.WhenAll(clients);

        Assert.Equal(
            """503 {"type":"/problems/not_ready","title":"Service Unavailable","status":503,"detail":"The service is about to end","instance":"/readyz","code":"not_ready","request_id":"test","reason":"stopping"}""",
            ready!.Outcome
        );
        Assert.Equal("close", ready["Connection"]);
        Assert.Equal(503, explained.Status);
        Assert.Contains("\"status\":\"stopping\"", explained.Body, StringComparison.Ordinal);
        Assert.Equal(0, exitCode);
        Assert.Equal([201], answered.Distinct());
        Assert.Equal([$"{answered.Count}"], await database.ListAsync("select count(*) from blog.users"));
    }

    [Fact]
    public async Task Waits_for_the_answer_of_a_request_that_it_has_accepted()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await using var service = await StartAsync(notice: "0", own);
        await using var holder = await own.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync(Token);
        await using (var hold = new NpgsqlCommand("lock table blog.users in exclusive mode", holder))
        {
            await hold.ExecuteNonQueryAsync(Token);
        }

        var held = service.PostAsync("/users", """{"name":"Ann"}""");
        await Eventually.HoldsAsync(
            async () =>
                await own.ListAsync(
                    // Not the look of the service at its statements, which may wait as well.
                    """
                    select count(*)
                    from pg_stat_activity
                    where datname = current_database() and wait_event_type = 'Lock' and query like '/* users/create_user 2 */%'
                    """
                )
                    is ["1"],
            "the write waits"
        );
        await service.TerminateAsync();
        await Eventually.HoldsAsync(() => IsRefusedAsync(service), "it takes no more connections");
        await transaction.RollbackAsync(Token);

        Assert.Equal(201, (await held).Status);
        Assert.Equal(0, await service.EndedAsync());
        Assert.Equal(["Ann"], await own.ListAsync("select name from blog.users"));
    }

    [Fact]
    public async Task A_notice_that_is_none_is_refused_at_the_start()
    {
        var (exitCode, output) = await ServiceProcess.RunAsync(
            "Production",
            ("ConnectionStrings__Blog", database.AppConnectionString),
            ("Shutdown__NoticeSeconds", "26")
        );

        Assert.Equal(78, exitCode);
        Assert.Contains(
            "Shutdown__NoticeSeconds is a whole number from 0 to 25, not \"26\".",
            output,
            StringComparison.Ordinal
        );
    }

    Task<ServiceProcess> StartAsync(string notice, TestDatabase? own = null) =>
        ServiceProcess.StartAsync(
            // A lock is waited for as long as it takes: a busy machine is no part of the test.
            (own ?? database).AppConnectionString + ";Options=-c lock_timeout=30s -c statement_timeout=60s",
            variables: ("Shutdown__NoticeSeconds", notice)
        );

    static async Task<bool> IsRefusedAsync(ServiceProcess service)
    {
        using var client = new HttpClient { BaseAddress = service.Address };
        try
        {
            await client.GetAsync("/livez", Token);
            return false;
        }
        catch (HttpRequestException refused)
        {
            return refused.HttpRequestError == HttpRequestError.ConnectionError;
        }
    }

    /// <summary>Each with a client of its own, which keeps its connection as long as it may.</summary>
    static async Task WriteUntilItIsGoneAsync(ServiceProcess service, ConcurrentQueue<int> answered)
    {
        using var client = new HttpClient { BaseAddress = service.Address };
        while (true)
        {
            try
            {
                using var answer = await client.PostAsJsonAsync("/users", new { name = "Ann" }, Token);
                answered.Enqueue((int)answer.StatusCode);
            }
            catch (HttpRequestException)
            {
                return;
            }
        }
    }
}
