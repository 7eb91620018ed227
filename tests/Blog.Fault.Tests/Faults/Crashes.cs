using System.Diagnostics;
using Blog.Fault.Tests.Stage;

namespace Blog.Fault.Tests.Faults;

/// <summary>PostgreSQL, or a part of it, ends under load and comes back.</summary>
static class Crashes
{
    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F01",
                "a backend is killed (kill -9) under load",
                "503 while PostgreSQL recovers; nothing acknowledged is lost",
                "2 s after it accepts connections",
                KillABackendAsync
            ),
            new(
                "F02",
                "the postmaster is killed (kill -9) under load and started again",
                "503 with Retry-After; nothing acknowledged is lost, nothing is done twice",
                "2 s after it accepts connections",
                KillThePostmasterAsync
            ),
            new(
                "F03",
                "PostgreSQL is restarted under load, as by pg_ctl restart",
                "503 with Retry-After while it is down; from then on no read fails, although every connection of the pool is dead",
                "2 s after it accepts connections",
                RestartAsync
            ),
            new(
                "F04",
                "pg_terminate_backend on every connection of the service, three times",
                "no read fails",
                "at once",
                TerminateAllAsync
            ),
        ];

    /// <summary>Also a part of the soak.</summary>
    /// <returns>Which.</returns>
    public static async Task<int> KillOneAsync(Scene scene)
    {
        var backend = (await scene.Cluster.BackendsAsync())[0];
        await Signals.KillAsync(backend);
        return backend;
    }

    static async Task KillABackendAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene);
        var killed = FaultRun.Now;
        await scene.Cluster.AcceptsWithoutAsync(await KillOneAsync(scene));
        var accepts = FaultRun.Now;
        run.Measure($"recovery of PostgreSQL {Stopwatch.GetElapsedTime(killed, accepts).TotalSeconds:0.0} s");
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, accepts, seconds: 2);
        await run.AuditAsync(ledger, scene);
    }

    static async Task KillThePostmasterAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        var rounds = run.IsThorough ? 10 : 1;
        for (var round = 1; round <= rounds; round++)
        {
            await using var ledger = await run.LedgerAsync(scene);
            await scene.Cluster.KillAsync();
            await scene.Cluster.StartAgainAsync();
            var accepts = FaultRun.Now;
            await ledger.GoOnAsync();
            run.ExpectRecovery(ledger, accepts, seconds: 2);
            await run.AuditAsync(ledger, scene);
            run.Say($"round {round} of {rounds}");
        }
    }

    static async Task RestartAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 10);
        await scene.Cluster.RestartAsync();
        var accepts = FaultRun.Now;
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, accepts, seconds: 2);
        run.ExpectNoFailedRead(ledger, after: accepts);
        await run.AuditAsync(ledger, scene);
    }

    static async Task TerminateAllAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 10);
        for (var time = 0; time < 3; time++)
        {
            await scene.Cluster.ExecuteAsync(
                "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'blog_app'"
            );
            await ledger.GoOnAsync();
        }

        run.ExpectNoFailedRead(ledger);
        await run.AuditAsync(ledger, scene);
    }
}
