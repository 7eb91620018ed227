using System.Globalization;
using System.Text.Json;
using Blog.Fault.Tests.Stage;

namespace Blog.Fault.Tests.Faults;

/// <summary>Others are at the same rows, or say that they will be.</summary>
static class Rivals
{
    const int Writers = 32;

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F18",
                $"{Writers} writers at one post, without If-Match",
                "each is done or told 409 or 503; the post has moved by one version for each that was done",
                "5 s",
                WriteAtOnceAsync
            ),
            new(
                "F19",
                "an operator holds a lock on a table (lock table blog.post in exclusive mode) for 3 s under load",
                "writes to it are 503 overloaded, every read is answered",
                "1 s for the lock, in all 1.5 s",
                LockATableAsync
            ),
            new(
                "F37",
                "a synchronous standby is named that is not there, under load: no commit returns",
                "503 outcome_unknown by the deadline, never 2xx; afterwards each is known by its key; every read is answered",
                "deadline + 0.5 s",
                NameAStandbyAsync
            ),
        ];

    static async Task WriteAtOnceAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        var created = await scene.Service.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"T","content":"C"}]}"""
        );
        var post = JsonDocument.Parse(created.Body).RootElement.GetProperty("posts")[0].GetProperty("id").GetInt64();
        var start = FaultRun.Now;
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Writers)
                .Select(writer => scene.Service.PatchAsync($"/posts/{post}", $$"""{"content":"{{writer}}"}"""))
        );
        var took = System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalSeconds;
        var done = answers.Count(answer => answer.Status == 200);
        var version = (await scene.Cluster.ListAsync($"select version from blog.post where id = {post}")).Single();
        run.Measure($"{done} of {Writers} done, version {version}, {took:0.0} s");
        run.Expect(
            done > 0 && answers.All(answer => answer.Status is 200 or 409 or 503),
            $"{string.Join(", ", answers.Select(answer => answer.Status).Distinct())}"
        );
        run.Expect(
            version == (done + 1).ToString(CultureInfo.InvariantCulture),
            $"version {version} after {done} writes"
        );
        run.Expect(took <= 5 * run.Patience, $"it took {took:0.0} s");
    }

    static async Task LockATableAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene);
        await using var stranger = await scene.Cluster.OpenAsync();
        await stranger.ExecuteAsync("begin; lock table blog.post in exclusive mode");
        var held = FaultRun.Now;
        await Task.Delay(TimeSpan.FromSeconds(3));
        await stranger.ExecuteAsync("rollback");
        await ledger.GoOnAsync();
        var failed = ledger.Exchanges.Where(exchange => exchange.Ended > held && !exchange.IsAnsweredWell).ToArray();
        var longest = failed.Select(exchange => exchange.Seconds).DefaultIfEmpty().Max();
        run.Measure($"{failed.Length} writes failed, after {longest:0.00} s at most");
        run.Expect(failed.Length > 0, $"no write failed");
        run.Expect(longest <= 1.5 * run.Patience, $"one failed after {longest:0.00} s");
        run.Expect(
            failed.All(exchange => exchange.Code == "overloaded"),
            $"one failed otherwise: {failed.FirstOrDefault(exchange => exchange.Code != "overloaded")}"
        );
        run.ExpectNoFailedRead(ledger);
        await run.AuditAsync(ledger, scene);
    }

    static async Task NameAStandbyAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await using var ledger = await run.LedgerAsync(scene, seconds: 1);
        await scene.Cluster.ExecuteAsync("alter system set synchronous_standby_names = 'absent'");
        await scene.Cluster.ExecuteAsync("select pg_reload_conf()");
        // A commit that began before the reload may still return.
        await Task.Delay(200);
        var named = FaultRun.Now;
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        var unnamed = FaultRun.Now;
        await scene.Cluster.ExecuteAsync("alter system reset synchronous_standby_names");
        await scene.Cluster.ExecuteAsync("select pg_reload_conf()");
        var told = ledger
            .Exchanges.Where(exchange =>
                exchange.Request.IsWrite && exchange.Started > named && exchange.Ended < unnamed
            )
            .ToArray();
        run.Measure(
            $"{told.Length} writes answered meanwhile, {told.Count(exchange => exchange.IsAnsweredWell)} of them with 2xx"
        );
        run.Expect(told.Length > 0, $"no write was answered meanwhile");
        foreach (var exchange in told.Where(exchange => exchange.Code != "outcome_unknown"))
            run.Expect(false, $"{exchange}");
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, unnamed, seconds: 2);
        run.ExpectNoFailedRead(ledger);
        await run.AuditAsync(ledger, scene);
    }
}
