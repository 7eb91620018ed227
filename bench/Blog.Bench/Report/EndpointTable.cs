using System.Globalization;
using System.Text;
using Blog.Bench.Measure;
using Blog.Bench.Requests;
using Blog.Bench.Stage;

namespace Blog.Bench.Report;

/// <summary>All entrants of one endpoint, in absolute figures.</summary>
static class EndpointTable
{
    static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    public static string Of(BenchResults results, string endpoint)
    {
        var table = new StringBuilder();
        table.Append(
            invariant,
            $"""
            ## {endpoint}

            | | requests/s | lowest to highest | p50 ms | p99 ms | CPU us, service | PostgreSQL | sum | cores | memory MB, peak | failed |
            |---|---|---|---|---|---|---|---|---|---|---|

            """
        );
        foreach (var entrant in results.EntrantsOf(endpoint))
        {
            table.Append(Row(entrant, [.. results.Of(endpoint, entrant)]));
        }

        if (endpoint == Endpoints.Graph)
        {
            table.Append(Row("ours, answered 304", [.. results.Of(Endpoints.Unchanged, Contestant.OursKey)]));
        }

        return table.Append(Distance(results, endpoint)).Append('\n').ToString();
    }

    static string Row(string name, Sample[] samples)
    {
        double Middle(Func<Sample, double> figure) => samples.Select(figure).Median();
        var isService = name != Floor.Key;
        var (p50, p99) = (Middle(sample => sample.P50), Middle(sample => sample.P99));
        var memory = isService
            ? string.Create(
                invariant,
                $"{Middle(sample => sample.ResidentMegabytes):0}, {samples.Select(sample => sample.PeakMegabytes).Highest():0}"
            )
            : "";
        var cores = Middle(sample => (sample.ServiceSeconds + sample.DatabaseSeconds) / sample.Seconds);
        return string.Create(
            invariant,
            $"| {name} | {Middle(sample => sample.Rate):#,0} | {samples.Select(sample => sample.Rate).Lowest():#,0} to {samples.Select(sample => sample.Rate).Highest():#,0} | {(isService ? Number(p50) : "")} | {(isService ? Number(p99) : "")} | {(isService ? Cost(Middle(sample => sample.ServiceCost)) : "")} | {Cost(Middle(sample => sample.DatabaseCost))} | {Cost(Middle(sample => sample.WholeCost))} | {cores:0.00} | {memory} | {samples.Sum(sample => sample.Failed):#,0} |\n"
        );
    }

    static string Distance(BenchResults results, string endpoint)
    {
        Sample[] floor = [.. results.Of(endpoint, Floor.Key)];
        Sample[] ours = [.. results.Of(endpoint, Contestant.OursKey)];
        if (floor.Length == 0)
        {
            return "";
        }

        var rate = Ratio.OfHigher(ours, floor, sample => sample.Rate);
        var cost = Ratio.OfLower(ours, floor, sample => sample.DatabaseCost);
        return string.Create(
            invariant,
            $"\nDistance to the floor: {rate.Best:0.00} ({rate.Middle:0.00}) of the requests a second of pgbench, for which PostgreSQL needs {cost.Best:0.00} ({cost.Middle:0.00}) of its CPU.\n"
        );
    }

    static string Number(double milliseconds) => milliseconds.ToString(milliseconds < 10 ? "0.00" : "0.0", invariant);

    static string Cost(double microseconds) => microseconds.ToString("#,0", invariant);
}
