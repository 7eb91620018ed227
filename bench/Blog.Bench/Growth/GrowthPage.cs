using System.Globalization;
using System.Text;
using Blog.Bench.Requests;
using Blog.Bench.Stage;

namespace Blog.Bench.Growth;

/// <summary>The page with what was measured at several sizes.</summary>
static class GrowthPage
{
    const double Flat = 1.2;
    const double FlatInDepth = 1.1;
    const double TagMilliseconds = 1;
    const double SearchMilliseconds = 60;

    static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    public static string Of(GrowthResults results)
    {
        var page = new StringBuilder();
        page.Append(Opening(results));
        page.Append(
            "| | posts | requests/s | p50 ms | CPU us, service | PostgreSQL | sum | beside the smallest |\n|---|---|---|---|---|---|---|---|\n"
        );
        foreach (var endpoint in results.Endpoints)
        {
            foreach (var size in results.Sizes)
            {
                page.Append(Row(results, endpoint, size));
            }
        }

        return page.Append('\n').Append(Verdicts(results)).ToString();
    }

    static string Opening(GrowthResults results)
    {
        var (machine, pace) = (results.Machine, results.Pace);
        return string.Create(
            invariant,
            $"""
            # What a request costs while the tables grow

            ![Processor time of a request beside that in the smallest database](growth.svg)

            This page and the curve are written by the command below. It took {results.Took.TotalMinutes:0} minutes.

            ```
            dotnet run -c Release --project bench/Blog.Bench -- growth --write
            ```

            {machine.Cores} cores ({machine.Processor}), {machine.MemoryGigabytes:0} GB, {machine.Kernel}, {machine.Runtime}, PostgreSQL {machine.PostgreSql}; commit {machine.Commit}; load average {machine.LoadBefore} before it began. Databases of
            {string.Join(
                ", ",
                results.Sizes.Select(size => size.ToString("#,0", invariant))
            )} posts (`bench/data.sql`), each with a PostgreSQL ({string.Join(
                ", ",
                FilledServer.Settings.Select(setting => $"`{setting}`")
            )}) and a service of its own, all at once, loaded in turn: {pace.Count} rounds of {pace.Seconds} s, {Measure.Wrk.Connections} connections.
            All figures are medians of the rounds; CPU is user and system time of a request. Each page has 20 posts with author and tags. Users are
            drawn at random, 20,000 times: from all of them, and then from 1,000 that are spread evenly over them.


            """
        );
    }

    static string Row(GrowthResults results, string endpoint, long size)
    {
        double Median(Func<Measure.Sample, double> figure) => results.Median(endpoint, size, figure);
        var growth = size == results.Sizes[0] ? "" : results.Growth(endpoint, size).ToString("0.00", invariant);
        return string.Create(
            invariant,
            $"| {(size == results.Sizes[0] ? endpoint : "")} | {size:#,0} | {Median(sample => sample.Rate):#,0} | {Median(sample => sample.P50):0.0} | {Median(sample => sample.ServiceCost):#,0} | {Median(sample => sample.DatabaseCost):#,0} | {Median(sample => sample.WholeCost):#,0} | {growth} |\n"
        );
    }

    static string Verdicts(GrowthResults results)
    {
        var largest = results.Sizes[^1];
        double Cost(string endpoint, Func<Measure.Sample, double> figure) => results.Median(endpoint, largest, figure);
        IEnumerable<GrowthEndpoint> Of(GrowthKind kind) => GrowthEndpoint.All.Where(endpoint => endpoint.Kind == kind);
        var depth =
            Cost(GrowthEndpoint.DeepPage, sample => sample.WholeCost)
            / Cost(GrowthEndpoint.FirstPage, sample => sample.WholeCost);
        return string.Create(
            invariant,
            $"""
            In the largest database:
            - {Endpoints.Graph} and every page that is not a search cost at most {Flat:0.0} times what they cost in the smallest: {Verdict(
                GrowthEndpoint.All.Where(endpoint => endpoint.Kind != GrowthKind.Search),
                endpoint => results.Growth(endpoint.Title, largest),
                Flat,
                "0.00"
            )}.
            - A page at 90 % of the depth costs at most {FlatInDepth:0.0} times what the first one costs: {(
                depth <= FlatInDepth ? "kept" : "**missed**"
            )} ({depth:0.00}).
            - A page of a tag takes PostgreSQL at most {TagMilliseconds:0} ms of CPU: {Verdict(
                Of(GrowthKind.Tag),
                endpoint => Cost(endpoint.Title, sample => sample.DatabaseCost) / 1000,
                TagMilliseconds,
                "0.00"
            )}.
            - A search takes it at most {SearchMilliseconds:0} ms: {Verdict(
                Of(GrowthKind.Search),
                endpoint => Cost(endpoint.Title, sample => sample.DatabaseCost) / 1000,
                SearchMilliseconds,
                "0.0"
            )}.

            """
        );
    }

    static string Verdict(
        IEnumerable<GrowthEndpoint> endpoints,
        Func<GrowthEndpoint, double> figure,
        double bound,
        string format
    )
    {
        var figures = endpoints.Select(endpoint => (endpoint.Title, Figure: figure(endpoint))).ToArray();
        var beyond = figures
            .Where(one => one.Figure > bound)
            .Select(one => $"{one.Title} ({one.Figure.ToString(format, invariant)})")
            .ToArray();
        return beyond.Length == 0
            ? $"kept (at most {figures.Max(one => one.Figure).ToString(format, invariant)})"
            : $"**missed** by {string.Join(", ", beyond)}";
    }
}
