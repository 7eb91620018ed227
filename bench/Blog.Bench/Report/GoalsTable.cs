using System.Globalization;
using System.Text;
using Blog.Bench.Measure;
using Blog.Bench.Requests;
using Blog.Bench.Stage;

namespace Blog.Bench.Report;

/// <summary>The ratios beside what they must and should be.</summary>
static class GoalsTable
{
    static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    public static string Of(BenchResults results)
    {
        var table = new StringBuilder(
            """
            ## Ratios and goals

            | endpoint | rps vs raw | vs EF | vs reference | service + PostgreSQL CPU vs raw | p99 vs raw |
            |---|---|---|---|---|---|

            """
        );
        foreach (var goals in Goals.All)
        {
            Sample[] ours = [.. results.Of(goals.Endpoint, Contestant.OursKey)];
            Sample[] Of(string entrant) => [.. results.Of(goals.Endpoint, entrant)];
            Ratio Rate(string entrant) => Ratio.OfHigher(ours, Of(entrant), sample => sample.Rate);
            table.Append(
                invariant,
                $"""
                | {goals.Endpoint}, must / goal | {Text(goals.Raw)} | {Text(goals.EfCore)} | {Text(
                    goals.Reference
                )} | {Text(goals.Cost)} | {Text(goals.Slowest)} |
                | measured | {Text(goals.Raw, Rate("raw"))} | {Text(goals.EfCore, Rate("efcore"))} | {Text(
                    goals.Reference,
                    Rate("reference")
                )} | {Text(goals.Cost, Ratio.OfLower(ours, Of("raw"), sample => sample.WholeCost))} | {Text(
                    goals.Slowest,
                    Ratio.OfLower(ours, Of("raw"), sample => sample.P99)
                )} |

                """
            );
        }

        var unchanged = Ratio.OfHigher(
            results.Of(Endpoints.Unchanged, Contestant.OursKey),
            results.Of(Endpoints.Graph, Contestant.OursKey),
            sample => sample.Rate
        );
        table.Append(
            invariant,
            $"""
            | {Endpoints.Unchanged} | {Goals.Unchanged.Must:0} x the 200 | | | | |
            | measured | {Text(Goals.Unchanged, unchanged)} | | | | |

            The best round of each side, in parentheses the medians; then which column is kept, or **missed**. Against EF Core that has its connections tuned as well: {string.Join(
                ", ",
                Goals.All.Select(goals =>
                    $"{goals.Endpoint} {Text(Ratio.OfHigher(results.Of(goals.Endpoint, Contestant.OursKey), results.Of(goals.Endpoint, "efcore-tuned"), sample => sample.Rate))}"
                )
            )}.


            """
        );
        return table.ToString();
    }

    static string Text(Bound bound) => $"{Text(bound.Must)} / **{Text(bound.Goal)}**";

    static string Text(double ratio) => ratio.ToString(ratio < 10 ? "0.00" : "0", invariant);

    static string Text(Ratio ratio) =>
        double.IsNaN(ratio.Best)
            ? "not measured"
            : string.Create(invariant, $"{Text(ratio.Best)} ({Text(ratio.Middle)})");

    static string Text(Bound bound, Ratio ratio) =>
        double.IsNaN(ratio.Best) ? Text(ratio) : $"{Text(ratio)} {bound.VerdictOn(ratio.Best)}";
}
