using System.Globalization;
using System.Text;
using Blog.Bench.Equality;
using Blog.Bench.Measure;
using Blog.Bench.Requests;
using Blog.Bench.Stage;

namespace Blog.Bench.Report;

/// <summary>The page with what was measured.</summary>
static class ResultsPage
{
    static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    public static string Of(BenchResults results)
    {
        var page = new StringBuilder();
        page.Append(Opening(results));
        page.Append(GoalsTable.Of(results));
        foreach (var endpoint in (string[])[Endpoints.Graph, Endpoints.Page, Endpoints.Create])
        {
            page.Append(EndpointTable.Of(results, endpoint));
        }

        page.Append(Others(results));
        page.Append(How(results)).Append('\n');
        return page.ToString();
    }

    static string Opening(BenchResults results)
    {
        var (machine, pace) = (results.Machine, results.Pace);
        var length = pace.IsShort ? " **This is a short run: its figures are for a look.**" : "";
        var command = pace.IsShort ? "--short --write" : "--write";
        return string.Create(
            invariant,
            $"""
            # What was measured

            This page is written by the command below.{length} It took {results.Took.TotalMinutes:0} minutes.

            ```
            dotnet run -c Release --project bench/Blog.Bench -- {command}
            ```

            {machine.Cores} cores ({machine.Processor}) for services, PostgreSQL and load together, {machine.MemoryGigabytes:0} GB, {machine.Kernel}, {machine.Runtime}, PostgreSQL {machine.PostgreSql}; commit {machine.Commit}; load average
            {machine.LoadBefore} before it began. {results.Posts:#,0} posts, {results.Links:#,0} links to tags. {pace.Count} rounds of {pace.Seconds} s after {pace.WarmUpSeconds} s of warm-up, {Wrk.Connections} connections. Only ratios inside one run count, and differences under 10 % mean
            nothing. [How it is done](#how-it-is-done) stands at the end.


            """
        );
    }

    static string Others(BenchResults results)
    {
        var page = new StringBuilder("## Beside the load\n\n| | bound | measured | |\n|---|---|---|---|\n");
        var peak = results
            .Samples.Where(sample => sample.Entrant == Contestant.OursKey)
            .Select(sample => sample.PeakMegabytes)
            .Highest();
        var start = results.Starts.Median();
        page.Append(
            invariant,
            $"| peak memory of this service | {Goals.Memory.Must:0} MB | {peak:0} MB | {Goals.Memory.VerdictOn(peak)} |\n"
        );
        page.Append(
            invariant,
            $"| from its start to the first 200 of GET /users/{{id}}, median of {results.Starts.Count} ({results.Starts.Lowest():0.00} to {results.Starts.Highest():0.00}) | {Goals.Start.Must:0.0} s | {start:0.00} s | {Goals.Start.VerdictOn(start)} |\n\n"
        );
        return page.ToString();
    }

    static string How(BenchResults results)
    {
        var entrants = string.Join(
            '\n',
            Contestant
                .Peers.Prepend(Contestant.Ours)
                .Where(one => results.Samples.Any(sample => sample.Entrant == one.Key))
                .Select(one => $"- **{one.Key}**: {one.Title} (`{one.Path}`).")
        );
        return $"""
            ## How it is done

            {entrants}
            - **{Floor.Key}**: the files of `sql/queries` that this service sends for the endpoint, prepared, one pipeline a transaction, over as many connections: what the database alone can do. Nobody reads the rows.

            All run at once, each on a port of its own, as the role `blog_app` on one PostgreSQL whose fsync, synchronous_commit and full_page_writes are on, with {string.Join(
                ", ",
                FilledServer.Settings.Select(setting => $"`{setting}`")
            )}:
            neither a vacuum nor a checkpoint falls on one of them alone. What that role is set to (`plan_cache_mode`, `jit`) is set for all. None has a limit of memory. Before anything is loaded each peer answers {SameAnswers.Users} users, {SameAnswers.Pages} pages and a created user as
            this service does: the same JSON, but for the order of members, and for ids and times of what was just created.

            This service runs in Production with all that is on by default: validation, counting, headers, the log, metrics, which are asked for once a second while it is loaded.

            wrk sends prepared requests over one thread: all users in random order; pages of 20 posts with author and tags that begin anywhere; users with a profile, three posts and nine tag names as frequent as in
            the database, in every tenth a new one. In a round everybody gets the same requests. Users are created in a copy of the database that is dropped afterwards.

            - **requests/s**: those that succeeded; the median of the rounds, the lowest and the highest.
            - **p50**, **p99**: medians of the rounds, as wrk sees them.
            - **CPU**: user and system time by a request, of the service and of all processes of PostgreSQL, those that have ended too; medians. **cores**: how many of the machine's cores both kept busy; wrk has the rest.
            - **memory**: resident at the end of a load, and the peak since the start.
            - **ratios**: the best round of each side, and in parentheses the medians.
            """;
    }
}
