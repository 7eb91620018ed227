using Blog.Fault.Tests.Stage;
using Blog.Testing;

namespace Blog.Fault.Tests.Faults;

/// <summary>Something stands still (SIGSTOP) and says nothing.</summary>
static class Frozen
{
    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F07",
                "three backends are frozen under load (SIGSTOP)",
                "what they had to answer is 503 or 504 by its deadline; the pool heals",
                "deadline + 0.5 s; 2 s after they go on",
                FreezeBackendsAsync
            ),
            new(
                "F08",
                "the postmaster is frozen under load (SIGSTOP), then every connection is ended",
                "what has a connection goes on; what needs a new one is 503 or 504",
                "deadline + 0.5 s; 2 s after it goes on",
                FreezeThePostmasterAsync
            ),
            new(
                "F20",
                "the service itself stands still for 12 s, in the middle of transactions (SIGSTOP)",
                "PostgreSQL ends them after 10 s, so they hold nobody up; they are 500 (25P03), the service goes on, nothing is lost",
                "11 s; 2 s after it goes on",
                FreezeTheServiceAsync,
                Length.Long
            ),
        ];

    static async Task FreezeBackendsAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 1);
        var frozen = (await scene.Cluster.BackendsAsync()).Take(3).ToArray();
        await Signals.FreezeAsync(frozen);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await Signals.ThawAsync(frozen);
        var over = FaultRun.Now;
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, over, seconds: 2);
        await run.AuditAsync(ledger, scene);
    }

    static async Task FreezeThePostmasterAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 1);
        await using var stranger = await scene.Cluster.OpenAsync();
        var postmaster = scene.Cluster.ProcessId;
        var frozen = FaultRun.Now;
        await Signals.FreezeAsync(postmaster);
        await ledger.GoOnAsync();
        var failed = ledger.FailedUntil(frozen);
        run.Expect(
            failed == TimeSpan.Zero,
            $"with connections that it has, it failed {failed.TotalSeconds:0.0} s long"
        );
        await stranger.ExecuteAsync(
            "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'blog_app'"
        );
        await Task.Delay(TimeSpan.FromSeconds(2));
        await Signals.ThawAsync(postmaster);
        var over = FaultRun.Now;
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, over, seconds: 2);
        await run.AuditAsync(ledger, scene);
    }

    static async Task FreezeTheServiceAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene);
        ledger.MayBeLate = true;
        // So that some of it is in the middle of a transaction.
        scene.Wire.Latency = TimeSpan.FromMilliseconds(20);
        await Eventually.HoldsAsync(async () => await TransactionsAsync(scene) > 1, "two transactions at once");
        await Signals.FreezeAsync(scene.Service.Id);
        var frozen = FaultRun.Now;
        var held = 0;
        await Eventually.HoldsAsync(
            async () => (held = Math.Max(held, await TransactionsAsync(scene))) > 0,
            "a transaction is held",
            5
        );
        await Eventually.HoldsAsync(async () => await TransactionsAsync(scene) == 0, "no transaction is held", 20);
        var ended = System.Diagnostics.Stopwatch.GetElapsedTime(frozen).TotalSeconds;
        run.Measure($"{held} transactions held, ended after {ended:0.0} s");
        run.Expect(ended <= 11 * run.Patience, $"they were held {ended:0.0} s");
        scene.Wire.Pass();
        await Signals.ThawAsync(scene.Service.Id);
        var over = FaultRun.Now;
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, over, seconds: 2);
        await run.AuditAsync(ledger, scene);
    }

    static async Task<int> TransactionsAsync(Scene scene)
    {
        await using var stranger = await scene.Cluster.OpenAsync();
        return await stranger.CountAsync(
            "pg_stat_activity where usename = 'blog_app' and state like 'idle in transaction%'"
        );
    }
}
