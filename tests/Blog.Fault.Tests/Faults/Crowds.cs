using System.Diagnostics;
using System.Net.Sockets;
using Blog.Fault.Tests.Stage;
using Blog.Testing;
using Npgsql;

namespace Blog.Fault.Tests.Faults;

/// <summary>More is wanted than there is.</summary>
static class Crowds
{
    const int Aborting = 500;

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F13",
                "64 requests at once on two connections, each of them slow (500 ms a round trip)",
                "what is too much is 503 overloaded with Retry-After, the rest is served; /livez answers",
                "2.5 s; /livez 50 ms (median)",
                ExhaustThePoolAsync
            ),
            new(
                "F14",
                "a stranger takes every connection of PostgreSQL under load",
                "the pool goes on with those that it has; no 500",
                "2 s after the stranger has gone",
                TakeAllConnectionsAsync
            ),
            new(
                "F21",
                $"{Aborting} clients go away while PostgreSQL works for them",
                "their queries are cancelled, the pool is idle, the log says no error",
                "1 s",
                GoAwayAsync
            ),
        ];

    static async Task ExhaustThePoolAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var small = await scene.StartAnotherAsync(";Maximum Pool Size=8");
        // Both its connections are there; of the eight two are for streams, and four for those who look how it is.
        scene.Wire.Latency = TimeSpan.FromMilliseconds(50);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => small.GetAsync("/posts?limit=5")));
        scene.Wire.Latency = TimeSpan.FromMilliseconds(250);
        var alive = new List<double>();
        var crowd = Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => TimeAsync(() => small.GetAsync("/posts?limit=5")))
        );
        while (!crowd.IsCompleted)
        {
            var (answer, seconds) = await TimeAsync(() => small.GetAsync("/livez"));
            run.Expect(answer.Status == 200, $"GET /livez: {answer.Outcome}");
            alive.Add(seconds);
            await Task.Delay(20);
        }

        scene.Wire.Pass();
        var answers = await crowd;
        var median = alive.Order().ElementAt(alive.Count / 2);
        var longest = answers.Max(answer => answer.Seconds);
        var served = answers.Count(answer => answer.Answer.Status == 200);
        run.Measure(
            $"{served} served, {64 - served} told 503; longest {longest:0.0} s; /livez {median * 1000:0} ms, at most {alive.Max() * 1000:0} ms"
        );
        run.Expect(served >= 2, $"only {served} were served");
        run.Expect(longest <= 2.5 * run.Patience, $"one took {longest:0.0} s");
        run.Expect(median <= 0.05 * run.Patience, $"/livez took {median * 1000:0} ms");
        foreach (var (answer, _) in answers.Where(answer => answer.Answer.Status != 200))
            run.Expect(
                answer.Outcome.Contains("\"overloaded\"", StringComparison.Ordinal)
                    && answer["Retry-After"] is not null,
                $"{answer.Outcome}"
            );
        var after = await small.GetAsync("/posts?limit=5");
        run.Expect(after.Status == 200, $"afterwards {after.Outcome}");
    }

    static async Task TakeAllConnectionsAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene);
        var taken = new List<NpgsqlConnection>();
        try
        {
            while (true)
                taken.Add(await scene.Cluster.OpenAsync("blog_readonly"));
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            run.Measure($"{taken.Count} connections taken");
        }

        var isFull = FaultRun.Now;
        await ledger.GoOnAsync();
        var failed = ledger.FailedUntil(isFull);
        run.Expect(
            failed == TimeSpan.Zero,
            $"the connections that it has were not enough for {failed.TotalSeconds:0.0} s"
        );
        // Forty at once want more connections than it has.
        await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => ledger.SendAsync(new("GET", "/posts?limit=50"))));
        foreach (var connection in taken)
            await connection.DisposeAsync();
        var over = FaultRun.Now;
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, over, seconds: 2);
        await run.AuditAsync(ledger, scene);
    }

    /// <summary>Also a part of the soak, with fewer.</summary>
    public static async Task<List<TcpClient>> AskRawAsync(ServiceProcess service, int clients, string path)
    {
        var crowd = new List<TcpClient>();
        for (var number = 0; number < clients; number++)
        {
            var client = new TcpClient();
            await client.ConnectAsync(service.Address.Host, service.Address.Port);
            await client
                .GetStream()
                .WriteAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: fault\r\n\r\n"));
            crowd.Add(client);
        }

        return crowd;
    }

    /// <summary>Closes them as a process that is killed does.</summary>
    public static void Abort(IEnumerable<TcpClient> crowd)
    {
        foreach (var client in crowd)
        {
            client.LingerState = new(enable: true, seconds: 0);
            client.Dispose();
        }
    }

    static async Task GoAwayAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        // Only that the client has gone ends the query.
        await using var patient = await scene.StartAnotherAsync(
            ";Options=-c lock_timeout=60s -c statement_timeout=60s"
        );
        var created = await patient.PostAsync("/users", """{"name":"Ann"}""");
        await using var stranger = await scene.Cluster.OpenAsync();
        // Within a transaction the statistics stand still.
        await using var observer = await scene.Cluster.OpenAsync();
        await stranger.ExecuteAsync("begin; lock table blog.users in access exclusive mode");
        var crowd = await AskRawAsync(patient, Aborting, created["Location"]!);
        await Eventually.HoldsAsync(async () => await WaitingAsync(observer) >= 8, "eight queries wait");
        var waiting = await WaitingAsync(observer);
        Abort(crowd);
        var took = await Eventually.HoldsAsync(async () => await WaitingAsync(observer) == 0, "no query waits");
        await stranger.ExecuteAsync("rollback");
        run.Measure($"{waiting} queries waited, none after {took.TotalSeconds:0.00} s");
        run.Expect(took.TotalSeconds <= 1 * run.Patience, $"a query went on for {took.TotalSeconds:0.00} s");
        var errors = patient
            .Output.Split('\n')
            .Count(line =>
                line.Contains("failed:", StringComparison.Ordinal)
                && !line.Contains("overloaded", StringComparison.Ordinal)
            );
        run.Expect(errors == 0, $"the log has {errors} errors");
        var after = await patient.GetAsync(created["Location"]!);
        run.Expect(after.Status == 200, $"afterwards {after.Outcome}");
    }

    /// <summary>Those of the crowd: the service that has just started may still ask what its statements are called.</summary>
    static Task<int> WaitingAsync(NpgsqlConnection observer) =>
        observer.CountAsync("pg_stat_activity where state = 'active' and query like '/* users/get_user %'");

    static async Task<(Answer Answer, double Seconds)> TimeAsync(Func<Task<Answer>> ask)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await ask();
        return (answer, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
}
