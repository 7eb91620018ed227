using System.Globalization;
using System.Text;
using Blog.Fault.Tests.Faults;

namespace Blog.Fault.Tests.Report;

/// <summary>The page with what was promised and what was measured.</summary>
static class FaultTable
{
    /// <param name="before">The page as it was: what was not run now keeps its row.</param>
    /// <param name="results">Of this run.</param>
    /// <param name="remark">On how they were run; empty where there is none.</param>
    /// <param name="postgres">The major version of the server.</param>
    public static string Of(string before, IReadOnlyCollection<FaultResult> results, string remark, int postgres)
    {
        var rows = before
            .Split('\n')
            .Where(line => line.StartsWith("| F", StringComparison.Ordinal))
            .Concat(results.Select(Row))
            .GroupBy(line => line.Split(' ')[1], StringComparer.Ordinal)
            .Where(same => KnownFaults.All.Any(fault => fault.Id == same.Key))
            .OrderBy(same => same.Key, StringComparer.Ordinal)
            .Select(same => same.Last())
            .ToArray();
        var page = new StringBuilder();
        page.Append(
            CultureInfo.InvariantCulture,
            $"""
            # What holds when something fails

            Each fault is made to happen, and what was promised is held against what came of it. These are {rows.Length} of {KnownFaults.All.Count}.{remark} Run on PostgreSQL {postgres} and {Environment.ProcessorCount} cores ({Load()}),
            with the service as a process of its own and a durable PostgreSQL of its own; this page is written by

            ```
            dotnet run --project tests/Blog.Fault.Tests -- --write docs/operate/faults.md
            ```

            which ends with 1 where a promise is broken. `--only F01,F09` runs some, the others keep their rows; `--short` those that `dotnet test` runs too. It needs Linux, and for F15 and F16 root, who may mount a tmpfs.

            - **Load** is a ledger: clients that create users (with a post and tags), create posts, change a post with If-Match, and read, without a pause. Each write stores a text that
              no other one stores, under an Idempotency-Key, or some without one. At the end each is held against the rows: what was acknowledged is there once and whole, what was told to have failed is not there, what
              was not told (`outcome_unknown`, or no answer) is there at most once, and is known when it is sent again with its key. The version of a changed post has moved by one for each
              change that was acknowledged. The last acknowledged writes are sent again and get the stored answer.
            - Every answer is one that [`docs/openapi.json`](../openapi.json) declares, errors are `application/problem+json`, 503 has `Retry-After`, nothing is 500, and no request takes longer than it was given
              (`Prefer: wait=`) and half a second; but for F20, where the service itself stands still in the middle of requests.
            - **measured**: *well again* is the time from the end of the fault to the end of the last request that failed.
            - **bound**: what the measured may be. **verdict**: *holds*, or what does not.
            - Where the bound names tests, the fault is theirs; the verdict is that of running them now.
            - The numbers are kept from a longer list. F41 to F45 are of migrations (`LockTests`, `RehearsalTests`, `RetryTests`, `NoTransactionTests`, `JournalTests`) and F47 is of the private server (the tests of
              `Blog.LocalPostgres`). F33 to F36 and F38 are of standbys, which this service does not have. F32 (a search for cycles among transactions), F39 and F40 (PgBouncer) have not been made.

            | id | fault | promise | measured | bound | verdict |
            |---|---|---|---|---|---|

            """
        );
        return page.AppendJoin('\n', rows).Append('\n').ToString();
    }

    static string Row(FaultResult result) =>
        $"| {result.Fault.Id} | {Cell(result.Fault.What)} | {Cell(result.Fault.Promise)} | {Cell(result.Measured)} | {Cell(result.Fault.Bound)} | {Verdict(result)} |";

    static string Verdict(FaultResult result) =>
        result.Holds ? "holds" : $"**broken**: {Cell(result.Broken.First().Split('\n')[0])}";

    /// <summary>Whether the machine did anything else; the load of a run alone is about that of its cores.</summary>
    static string Load() =>
        $"load average {File.ReadAllText("/proc/loadavg").Split(' ')[2]} over the last quarter of an hour";

    static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);
}
