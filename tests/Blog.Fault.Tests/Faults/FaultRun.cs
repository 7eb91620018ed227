using System.Diagnostics;
using System.Globalization;
using Blog.Fault.Tests.Load;
using Blog.Fault.Tests.Stage;

namespace Blog.Fault.Tests.Faults;

/// <summary>One run of a fault: where it happens, what was measured, and which promises did not hold.</summary>
/// <param name="scenes">Where it may happen.</param>
/// <param name="isThorough">Whether it may take its time: the command, not the tests.</param>
/// <param name="say">Receives a line of progress.</param>
sealed class FaultRun(Scenes scenes, bool isThorough, Action<string> say)
{
    readonly List<string> measured = [];
    readonly List<TimeSpan> recoveries = [];
    readonly List<LedgerAudit> audits = [];
    readonly List<string> broken = [];

    public bool IsThorough => isThorough;

    /// <summary>What was measured, all rounds together, in a sentence.</summary>
    public string Measured =>
        string.Join(
            "; ",
            [
                .. measured,
                .. recoveries.Count == 0
                    ? (string[])[]
                    : [Text($"well again after {recoveries.Max().TotalSeconds:0.00} s")],
                .. audits.Count == 0 ? (string[])[] : [LedgerAudit.Sum(audits)],
            ]
        );

    /// <summary>What was promised and does not hold.</summary>
    public IReadOnlyCollection<string> Broken => broken;

    /// <summary>The scene that faults share: what they break they mend.</summary>
    public Task<Scene> SceneAsync() => scenes.SharedAsync();

    public void Say(string line) => say(line);

    public void Measure(FormattableString text) => measured.Add(Text(text));

    public void Expect(bool holds, FormattableString otherwise)
    {
        if (!holds)
            broken.Add(Text(otherwise));
    }

    /// <summary>
    /// What a bound is multiplied by. The command holds the bounds as they are, on a machine that does nothing else; the tests run
    /// beside others, and would measure those.
    /// </summary>
    public int Patience => isThorough ? 1 : 4;

    /// <summary>Starts clients on the service of a scene.</summary>
    public Task<Ledger> LedgerAsync(Scene scene, int clients = 6, int seconds = 2) =>
        Ledger.StartAsync(() => scene.Service.Address, clients, seconds, grace: 0.5 * Patience);

    /// <summary>Holds a ledger against the rows, and says so.</summary>
    public async Task<LedgerAudit> AuditAsync(Ledger ledger, Scene scene)
    {
        var audit = await LedgerAudit.OfAsync(ledger, scene.Cluster);
        audits.Add(audit);
        broken.AddRange(audit.Broken.Take(20));
        if (audit.Broken.Count > 0)
            SayErrors(scene.Service.Output);
        return audit;
    }

    /// <summary>Expects that a ledger went on well after a moment, and says after what time.</summary>
    /// <param name="ledger">Which runs, and has gone on.</param>
    /// <param name="moment">When the fault was over.</param>
    /// <param name="seconds">The bound.</param>
    public void ExpectRecovery(Ledger ledger, long moment, double seconds)
    {
        var failed = ledger.FailedUntil(moment);
        recoveries.Add(failed);
        Expect(
            failed.TotalSeconds <= seconds * Patience,
            $"requests failed until {failed.TotalSeconds:0.00} s after the fault was over, and not {seconds} s"
        );
    }

    /// <summary>Expects that every read of a ledger, or those sent after a moment, were answered well.</summary>
    public void ExpectNoFailedRead(Ledger ledger, long after = 0)
    {
        var reads = ledger.Exchanges.Where(exchange => !exchange.Request.IsWrite && exchange.Started > after).ToArray();
        var failed = reads.Where(exchange => !exchange.IsAnsweredWell).ToArray();
        Measure($"{failed.Length} of {reads.Length} reads failed");
        Expect(failed.Length == 0, $"{failed.Length} reads failed, first {failed.FirstOrDefault()}");
    }

    /// <summary>What the log of the service has on an answer that nobody was promised, with the exception behind it.</summary>
    void SayErrors(string output)
    {
        var lines = output.Split('\n');
        for (var line = 0; line < lines.Length; line++)
            if (lines[line].Contains("internal_error", StringComparison.Ordinal))
                foreach (var said in lines.Skip(line).Take(8))
                    say(said);
    }

    static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    public static long Now => Stopwatch.GetTimestamp();
}
