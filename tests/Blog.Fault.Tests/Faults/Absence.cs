using Blog.Testing;

namespace Blog.Fault.Tests.Faults;

/// <summary>PostgreSQL is not there, or not yet.</summary>
static class Absence
{
    static readonly (string, string) oneSecond = ("Prefer", "wait=1");

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F05",
                "the service starts while there is no PostgreSQL",
                "/livez 200, /readyz and every endpoint 503 with Retry-After; serves when it is there, without a restart",
                "2 s after it accepts connections",
                StartWithoutAsync
            ),
            new(
                "F06",
                "PostgreSQL is in recovery for some seconds (a restore_command that takes its time)",
                "503 with Retry-After, never 500",
                "the deadline; 2 s after it accepts connections",
                RecoverSlowlyAsync
            ),
        ];

    static async Task StartWithoutAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await scene.Cluster.StopAsync();
        await using (var early = await scene.StartAnotherAsync())
        {
            await ExpectUnavailableAsync(run, early);
            await scene.Cluster.StartAgainAsync();
            await ExpectServesAsync(run, early);
        }

        await ExpectServesAsync(run, scene.Service);
    }

    static async Task RecoverSlowlyAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        await scene.Cluster.ExecuteAsync("alter system set restore_command = 'sleep 0.4; false'");
        await scene.Cluster.ExecuteAsync("alter system set hot_standby = off");
        await scene.Cluster.StopAsync();
        await File.WriteAllTextAsync(Path.Combine(scene.Cluster.DataFiles, "recovery.signal"), "");
        var started = FaultRun.Now;
        var starting = scene.Cluster.StartAgainAsync();
        var asked = 0;
        while (!starting.IsCompleted)
        {
            await ExpectUnavailableAsync(run, scene.Service, mayServe: true);
            asked++;
        }

        await starting;
        run.Measure(
            $"{System.Diagnostics.Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s of recovery, asked {asked} times"
        );
        await ExpectServesAsync(run, scene.Service);
        await scene.Cluster.ExecuteAsync("alter system reset all");
        run.Expect(asked > 0, $"it was back before it was asked");
    }

    static async Task ExpectUnavailableAsync(FaultRun run, ServiceProcess service, bool mayServe = false)
    {
        foreach (var path in (string[])["/users/1", "/posts?limit=5", "/tags", "/readyz"])
            Expect(await service.GetAsync(path, oneSecond), $"GET {path}");
        Expect(await service.PostAsync("/tags", """{"name":"t"}""", oneSecond), "POST /tags");
        var alive = await service.GetAsync("/livez");
        run.Expect(alive.Status == 200, $"GET /livez: {alive.Outcome}");

        void Expect(Answer answer, string request) =>
            run.Expect(
                (answer.Status is 503 && answer["Retry-After"] is not null) || (mayServe && answer.Status < 500),
                $"{request}: {answer.Outcome}"
            );
    }

    static async Task ExpectServesAsync(FaultRun run, ServiceProcess service)
    {
        var took = await Eventually.HoldsAsync(
            async () => (await service.GetAsync("/posts?limit=5", oneSecond)).Status == 200,
            "it serves"
        );
        run.Measure($"serves {took.TotalSeconds:0.00} s after PostgreSQL does");
        run.Expect(took.TotalSeconds <= 2 * run.Patience, $"it served after {took.TotalSeconds:0.00} s, and not 2 s");
        var ready = await service.GetAsync("/readyz");
        run.Expect(ready.Status == 200, $"GET /readyz: {ready.Outcome}");
    }
}
