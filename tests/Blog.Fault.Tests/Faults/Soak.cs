using System.Globalization;
using Blog.Fault.Tests.Stage;
using Blog.Testing;

namespace Blog.Fault.Tests.Faults;

/// <summary>Five minutes in which something always happens.</summary>
static class Soak
{
    const int Seed = 50;
    const int Minutes = 5;
    const int WarmFaults = 9;
    static readonly TimeSpan between = TimeSpan.FromSeconds(10);

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F50",
                $"{Minutes} minutes of load, and every 10 s one of F01, F03, F10 and F21 by chance (seed {Seed})",
                "the ledger is clean, memory grows by less than a tenth, no descriptor stays open, the pool is idle at the end",
                "10 %",
                SoakAsync,
                Length.Long
            ),
        ];

    static async Task SoakAsync(FaultRun run)
    {
        var chance = new Random(Seed);
        var scene = await run.SceneAsync();
        await scene.StartServiceAsync();
        await using var ledger = await run.LedgerAsync(scene, clients: 3, seconds: 5);
        var happened = new List<string>();
        var (memory, files) = (0L, 0);
        for (var faults = (int)(TimeSpan.FromMinutes(Minutes) / between); happened.Count < faults; )
        {
            var next = chance.Next(4);
            happened.Add(await HappenAsync(next, scene));
            await Task.Delay(between);
            await ledger.GoOnAsync();
            if (happened.Count == WarmFaults)
                (memory, files) = Look(scene.Service);
            run.Say(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{happened.Count} of {faults}: {happened[^1]}; {Look(scene.Service).Memory / 1024} MB, {Look(scene.Service).Files} descriptors"
                )
            );
        }

        await ledger.StopAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        var (memoryAtTheEnd, filesAtTheEnd) = Look(scene.Service);
        var busy = (
            await scene.Cluster.ListAsync(
                "select count(*) from pg_stat_activity where usename = 'blog_app' and state <> 'idle'"
            )
        ).Single();
        var growth = 100.0 * (memoryAtTheEnd - memory) / memory;
        run.Measure(
            $"seed {Seed}: {string.Join(", ", happened.CountBy(what => what).OrderBy(what => what.Key).Select(what => $"{what.Value} x {what.Key}"))}"
        );
        run.Measure(
            $"memory {memory / 1024} MB after {WarmFaults} faults, {memoryAtTheEnd / 1024} MB at the end ({growth:+0;-0} %); descriptors {files}, {filesAtTheEnd}; {busy} connections busy"
        );
        run.Expect(growth < 10, $"memory has grown by {growth:0} %");
        run.Expect(filesAtTheEnd <= files + 10, $"{filesAtTheEnd} descriptors after {files}");
        run.Expect(busy == "0", $"{busy} connections are busy at the end");
        await run.AuditAsync(ledger, scene);
    }

    static async Task<string> HappenAsync(int which, Scene scene)
    {
        switch (which)
        {
            case 0:
                await Crashes.KillOneAsync(scene);
                return "F01";
            case 1:
                await scene.Cluster.RestartAsync();
                return "F03";
            case 2:
                await Network.ResetAllAsync(scene, times: 3);
                return "F10";
            default:
                Crowds.Abort(await Crowds.AskRawAsync(scene.Service, clients: 100, "/posts?limit=100"));
                return "F21";
        }
    }

    /// <summary>Kilobytes in memory, and open files and sockets.</summary>
    static (long Memory, int Files) Look(ServiceProcess service) =>
        (
            long.Parse(
                File.ReadLines($"/proc/{service.Id}/status")
                    .Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
                    .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
                CultureInfo.InvariantCulture
            ),
            Directory.GetFileSystemEntries($"/proc/{service.Id}/fd").Length
        );
}
