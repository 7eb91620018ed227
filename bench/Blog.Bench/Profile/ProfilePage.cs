using System.Globalization;
using System.Text;
using Blog.Bench.Measure;

namespace Blog.Bench.Profile;

/// <summary>The page with what was sampled.</summary>
static class ProfilePage
{
    static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    public static string Of(ProfileResults results)
    {
        var (machine, profiles) = (results.Machine, results.Profiles);
        var page = new StringBuilder();
        page.Append(
            invariant,
            $"""
            # Where the processor time of the service goes

            This page is written by the command below.

            ```
            dotnet run -c Release --project bench/Blog.Bench -- profile --write
            ```

            {machine.Cores} cores ({machine.Processor}), {machine.Kernel}, {machine.Runtime}, PostgreSQL {machine.PostgreSql}; commit {machine.Commit}; {results.Posts:#,0} posts, {Wrk.Connections} connections; {results.Pace.Seconds} s
            an endpoint after {results.Pace.WarmUpSeconds} s of warm-up. perf looked {profiles.Min(profile =>
                profile.Counts.Values.Sum()
            ):#,0} times or more at an endpoint, where the processor was in the service: in which assembly or library, not on whose behalf.
            Microseconds are its share of the processor time of a request; that of PostgreSQL is beside it.

            | | {string.Join(" | ", profiles.Select(profile => profile.Endpoint))} |
            |---|{string.Concat(profiles.Select(_ => "---|"))}

            """
        );
        foreach (var part in Perf.Parts.Where(part => profiles.Any(profile => profile.ShareOf(part) >= 0.005)))
        {
            page.Append(
                Row(
                    part,
                    profiles.Select(profile =>
                        string.Create(
                            invariant,
                            $"{profile.ShareOf(part) * profile.Sample.ServiceCost:0.0} us, {profile.ShareOf(part):0 %}"
                        )
                    )
                )
            );
        }

        page.Append(
            Row(
                "**the service**",
                profiles.Select(profile => string.Create(invariant, $"{profile.Sample.ServiceCost:0} us"))
            )
        );
        page.Append(
            Row(
                "PostgreSQL",
                profiles.Select(profile => string.Create(invariant, $"{profile.Sample.DatabaseCost:0} us"))
            )
        );
        return page.ToString();
    }

    static string Row(string name, IEnumerable<string> cells) => $"| {name} | {string.Join(" | ", cells)} |\n";
}
