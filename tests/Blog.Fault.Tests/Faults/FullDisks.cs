using System.Security.Cryptography;
using Blog.Fault.Tests.Stage;
using Npgsql;

namespace Blog.Fault.Tests.Faults;

/// <summary>No room is left, on a tmpfs that PostgreSQL has for its data or for its log.</summary>
static class FullDisks
{
    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F15",
                "the disk of the data is full under load (the database on a tmpfs of 64 MB)",
                "what needs room is 503 storage_full, every read is answered; works when there is room, without a restart",
                "2 s after there is room",
                FillTheDataAsync,
                Length.Long
            ),
            new(
                "F16",
                "the disk of the write-ahead log is full under load (pg_wal on a tmpfs): PostgreSQL panics; room comes, it is started again",
                "503 meanwhile; nothing acknowledged is lost",
                "2 s after it accepts connections",
                FillTheLogAsync,
                Length.Long
            ),
        ];

    static async Task FillTheDataAsync(FaultRun run)
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 64);
        var cluster = await BlogCluster.StartAsync();
        await cluster.ExecuteAsync($"create tablespace small location '{await disk.FolderAsync(cluster)}'");
        await using (
            var elsewhere = new NpgsqlConnection(cluster.ConnectionString("postgres", "postgres") + ";Pooling=false")
        )
        {
            await elsewhere.OpenAsync();
            await elsewhere.ExecuteAsync("alter database blog set tablespace small");
        }

        await cluster.MigrateAsync();
        await using var scene = await Scene.OpenAsync(cluster, pool: 16);
        await using var ledger = await run.LedgerAsync(scene);
        // What does not compress needs room.
        ledger.Content = Convert.ToBase64String(RandomNumberGenerator.GetBytes(100_000));
        await disk.FillAsync(leaveKilobytes: 512);
        await Blog.Testing.Eventually.HoldsAsync(
            () => ledger.Exchanges.Count(exchange => exchange.Code == "storage_full") >= 10,
            "ten writes found no room",
            30
        );
        ledger.Content = "c";
        var full = FaultRun.Now;
        disk.Free();
        await ledger.GoOnAsync();
        run.ExpectRecovery(ledger, full, seconds: 2);
        var failed = ledger
            .Exchanges.Where(exchange => !exchange.IsAnsweredWell && exchange.Answer?.Status != 412)
            .ToArray();
        run.Measure($"{failed.Length} writes without room");
        run.Expect(
            failed.All(exchange => exchange.Code == "storage_full"),
            $"otherwise: {failed.FirstOrDefault(exchange => exchange.Code != "storage_full")}"
        );
        run.ExpectNoFailedRead(ledger);
        await run.AuditAsync(ledger, scene);
    }

    static async Task FillTheLogAsync(FaultRun run)
    {
        await using var disk = await SmallDisk.MountAsync(megabytes: 128);
        var cluster = await BlogCluster.StartAsync("max_wal_size=32MB", "min_wal_size=32MB");
        await cluster.MigrateAsync();
        await cluster.StopAsync();
        var log = Path.Combine(cluster.DataFiles, "pg_wal");
        var folder = await disk.FolderAsync(cluster);
        await SmallDisk.RunAsync("cp", "-a", $"{log}/.", folder);
        Directory.Delete(log, recursive: true);
        File.CreateSymbolicLink(log, folder);
        await cluster.StartAgainAsync();
        await using var scene = await Scene.OpenAsync(cluster, pool: 16);
        await using var ledger = await run.LedgerAsync(scene);
        await disk.FillAsync(leaveKilobytes: 512);
        await PanicAsync(cluster);
        await Task.WhenAny(cluster.Stopped, Task.Delay(TimeSpan.FromSeconds(2)));
        var stopped = cluster.Stopped.IsCompleted;
        disk.Free();
        if (stopped)
            await cluster.StartAgainAsync();
        await cluster.AcceptsAsync();
        var accepts = FaultRun.Now;
        await ledger.GoOnAsync();
        run.Measure($"{(stopped ? "PostgreSQL ended" : "PostgreSQL recovered by itself")}");
        run.ExpectRecovery(ledger, accepts, seconds: 2);
        await run.AuditAsync(ledger, scene);
    }

    /// <summary>Begins new files of the log until there is no room for one.</summary>
    static async Task PanicAsync(BlogCluster cluster)
    {
        try
        {
            for (var file = 0; file < 100; file++)
                await cluster.ExecuteAsync(
                    "select pg_logical_emit_message(false, 'fault', 'x'); select pg_switch_wal()"
                );
        }
        catch (NpgsqlException)
        {
            return;
        }

        throw new InvalidOperationException("PostgreSQL found room for 100 files of its log.");
    }
}
