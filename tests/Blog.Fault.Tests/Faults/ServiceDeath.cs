using System.Diagnostics;

namespace Blog.Fault.Tests.Faults;

/// <summary>The service is killed (kill -9) and started again.</summary>
static class ServiceDeath
{
    const int Rounds = 10;

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F29",
                "a key is used again after the service was killed: with the same body, and with another one",
                "the stored answer; 422 idempotency_key_reused",
                "at once",
                UseAKeyAgainAsync
            ),
            new(
                "F31",
                $"the service is killed under load, {Rounds} times",
                "nothing acknowledged is lost, nothing is done twice",
                "every row",
                KillUnderLoadAsync,
                Length.Long
            ),
        ];

    static async Task UseAKeyAgainAsync(FaultRun run)
    {
        const string body = """{"name":"Ann"}""";
        var scene = await run.SceneAsync();
        var key = ("Idempotency-Key", $"{Guid.NewGuid():n}");
        var first = await scene.Service.PostAsync("/users", body, key);
        await scene.Service.KillAsync();
        var killed = FaultRun.Now;
        await scene.StartServiceAsync();
        var again = await scene.Service.PostAsync("/users", body, key);
        run.Measure($"answered {Stopwatch.GetElapsedTime(killed).TotalSeconds:0.0} s after the kill");
        var other = await scene.Service.PostAsync("/users", """{"name":"Ben"}""", key);
        run.Expect(first.Status == 201, $"first {first.Outcome}");
        // The request id is in the headers, and of each its own.
        run.Expect((again.Outcome, again["Idempotency-Replayed"]) == (first.Outcome, "?1"), $"again {again.Outcome}");
        run.Expect(
            other.Status == 422 && other.Body.Contains("\"idempotency_key_reused\"", StringComparison.Ordinal),
            $"another {other.Outcome}"
        );
    }

    static async Task KillUnderLoadAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        for (var round = 1; round <= Rounds; round++)
        {
            await using var ledger = await run.LedgerAsync(scene);
            ledger.MayStayUnanswered = true;
            await scene.Service.KillAsync();
            await scene.StartServiceAsync();
            await ledger.GoOnAsync();
            await run.AuditAsync(ledger, scene);
            run.Say($"round {round} of {Rounds}");
        }
    }
}
