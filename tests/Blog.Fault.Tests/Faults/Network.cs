using Blog.Fault.Tests.Load;
using Blog.Fault.Tests.Stage;

namespace Blog.Fault.Tests.Faults;

/// <summary>The wire between the service and PostgreSQL is bad. It is a relay in this process.</summary>
static class Network
{
    // Each ends a write: the one with a key, and the ones of a single statement.
    static readonly string[] commits = ["idempotency/commit_answer 1", "posts/patch_post 1", "COMMIT\0"];

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F09",
                "under load nothing gets through the wire any more for 3 s, in either direction",
                "503 or 504 by the deadline; then as before",
                "deadline + 0.5 s; 2 s after the wire passes on",
                FallSilentAsync
            ),
            new(
                "F10",
                "connections are reset under load: all of them five times, and ten right after a command",
                "no read fails; a write is answered well or is unknown, and known by its key",
                "at once",
                ResetAsync
            ),
            new(
                "F11",
                "the answer to a commit is lost, twenty times under load",
                "the same key gets the stored answer; one row",
                "one retry",
                LoseAnswersAsync
            ),
            new(
                "F12",
                "300 ms there and back, 20 KB/s a connection, half-closed once",
                "slower, and well; what is too much is 503 overloaded",
                "the deadline of 10 s",
                BeSlowAsync
            ),
        ];

    /// <summary>Also a part of the soak.</summary>
    public static async Task ResetAllAsync(Scene scene, int times)
    {
        for (var time = 0; time < times; time++)
        {
            scene.Wire.Reset();
            await Task.Delay(100);
        }
    }

    static async Task FallSilentAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 1);
        scene.Wire.FallSilent();
        await Task.Delay(TimeSpan.FromSeconds(3));
        var alive = await scene.Service.GetAsync("/livez");
        scene.Wire.Pass();
        var over = FaultRun.Now;
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, over, seconds: 2);
        run.Expect(alive.Status == 200, $"GET /livez meanwhile: {alive.Outcome}");
        await run.AuditAsync(ledger, scene);
    }

    static async Task ResetAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 10);
        await ResetAllAsync(scene, times: 5);
        foreach (var text in (string[])["users/get_user 1", "posts/list_posts", "tags/list_tags", .. commits])
            await HappenAsync(scene, ledger, () => scene.Wire.ResetAfter(text), times: 2);
        await ledger.GoOnAsync();
        run.ExpectNoFailedRead(ledger);
        await run.AuditAsync(ledger, scene);
    }

    static async Task LoseAnswersAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 10);
        await HappenAsync(scene, ledger, () => scene.Wire.LoseTheAnswerTo("idempotency/commit_answer 1"), times: 20);
        await ledger.GoOnAsync();
        run.ExpectNoFailedRead(ledger);
        await run.AuditAsync(ledger, scene);
    }

    static async Task BeSlowAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, clients: run.IsThorough ? 32 : 8, seconds: 10);
        scene.Wire.Latency = TimeSpan.FromMilliseconds(150);
        scene.Wire.BytesPerSecond = 20_000;
        scene.Wire.HalfClose();
        await Task.Delay(TimeSpan.FromSeconds(run.IsThorough ? 20 : 2));
        var failed = ledger
            .Exchanges.Where(exchange =>
                !Ledger.IsAsExpected(exchange) && exchange.Code is not ("overloaded" or "outcome_unknown")
            )
            .ToArray();
        run.Expect(failed.Length == 0, $"{failed.Length} failed, first {failed.FirstOrDefault()}");
        scene.Wire.Pass();
        await run.AuditAsync(ledger, scene);
    }

    static async Task HappenAsync(Scene scene, Ledger ledger, Action arrange, int times)
    {
        for (var time = 0; time < times; time++)
        {
            arrange();
            var waited = System.Diagnostics.Stopwatch.GetTimestamp();
            while (!scene.Wire.HasHappened && System.Diagnostics.Stopwatch.GetElapsedTime(waited).TotalSeconds < 2)
                await Task.Delay(5);
        }

        scene.Wire.Pass();
        await ledger.GoOnAsync(answers: 6);
    }
}
