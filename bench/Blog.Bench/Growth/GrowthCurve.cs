using System.Globalization;
using System.Text;

namespace Blog.Bench.Growth;

/// <summary>
/// The curve: one line an endpoint, from the smallest database to the largest, each with its name at its end. No script; its colours follow
/// the reader's.
/// </summary>
static class GrowthCurve
{
    const double Width = 900;
    const double Height = 460;
    const double Left = 56;
    const double Right = 640;
    const double Top = 48;
    const double Bottom = 410;
    const double LabelHeight = 17;

    static readonly CultureInfo invariant = CultureInfo.InvariantCulture;

    static readonly string[] colours =
    [
        "#1f77b4",
        "#d95f02",
        "#2a9d5c",
        "#c2378b",
        "#7b61c9",
        "#a67c00",
        "#0f9fb0",
        "#cc3d3d",
        "#6b8e23",
        "#7f7f7f",
        "#1b2a41",
    ];

    public static string Of(GrowthResults results)
    {
        var highest = Math.Max(
            2,
            Math.Ceiling(
                results
                    .Endpoints.SelectMany(endpoint => results.Sizes.Select(size => results.Growth(endpoint, size)))
                    .Max() * 2
            ) / 2
        );
        double X(long size) =>
            Left
            + (Right - Left)
                * (Math.Log(size) - Math.Log(results.Sizes[0]))
                / (Math.Log(results.Sizes[^1]) - Math.Log(results.Sizes[0]));
        double Y(double growth) => Bottom - (Bottom - Top) * growth / highest;

        var picture = new StringBuilder();
        picture.Append(
            invariant,
            $$"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{Width}} {{Height}}" role="img" aria-label="Processor time of a request beside that in the smallest database" font-family="system-ui, sans-serif" font-size="13">
              <style>
                .paper { fill: #ffffff } .ink { fill: #1f2328 } .faint { fill: #59636e } .rule { stroke: #d1d9e0 } .bound { stroke: #59636e; stroke-dasharray: 5 4 }
                @media (prefers-color-scheme: dark) { .paper { fill: #0d1117 } .ink { fill: #f0f6fc } .faint { fill: #9198a1 } .rule { stroke: #3d444d } .bound { stroke: #9198a1 } }
              </style>
              <rect class="paper" width="{{Width}}" height="{{Height}}"/>
              <text class="ink" x="{{Left}}" y="24" font-size="15">CPU of a request, service and PostgreSQL, beside that in the smallest database</text>

            """
        );
        for (var level = 0.0; level <= highest; level += highest > 4 ? 1 : 0.5)
        {
            picture.Append(Rule("rule", Y(level)));
            picture.Append(
                invariant,
                $"  <text class=\"faint\" x=\"{Left - 8:0}\" y=\"{Y(level) + 4:0.0}\" text-anchor=\"end\">{level:0.0}</text>\n"
            );
        }

        picture.Append(Rule("bound", Y(1.2)));
        picture.Append(invariant, $"  <text class=\"faint\" x=\"{Left + 4:0}\" y=\"{Y(1.2) - 5:0.0}\">1.2</text>\n");
        foreach (var size in results.Sizes)
        {
            picture.Append(
                invariant,
                $"  <text class=\"faint\" x=\"{X(size):0.0}\" y=\"{Bottom + 20:0}\" text-anchor=\"middle\">{size:#,0}</text>\n"
            );
        }

        picture.Append(
            invariant,
            $"  <text class=\"faint\" x=\"{(Left + Right) / 2:0}\" y=\"{Bottom + 40:0}\" text-anchor=\"middle\">posts</text>\n"
        );
        picture.Append(Lines(results, X, Y));
        return picture.Append("</svg>\n").ToString();
    }

    static string Rule(string kind, double y) =>
        string.Create(
            invariant,
            $"  <line class=\"{kind}\" x1=\"{Left:0}\" y1=\"{y:0.0}\" x2=\"{Right:0}\" y2=\"{y:0.0}\"/>\n"
        );

    static string Lines(GrowthResults results, Func<long, double> x, Func<double, double> y)
    {
        var lines = new StringBuilder();
        var largest = results.Sizes[^1];
        var ends = results
            .Endpoints.Select(
                (endpoint, at) =>
                    (endpoint, colour: colours[at % colours.Length], end: y(results.Growth(endpoint, largest)))
            )
            .OrderBy(line => line.end)
            .ToArray();
        var labels = Apart([.. ends.Select(line => line.end)]);
        for (var at = 0; at < ends.Length; at++)
        {
            var (endpoint, colour, end) = ends[at];
            var points = string.Join(
                ' ',
                results.Sizes.Select(size =>
                    string.Create(invariant, $"{x(size):0.0},{y(results.Growth(endpoint, size)):0.0}")
                )
            );
            var label = GrowthEndpoint.All.First(one => one.Title == endpoint).Label;
            lines.Append(
                invariant,
                $"  <polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n"
            );
            lines.Append(
                invariant,
                $"  <path d=\"M{Right + 2:0} {end:0.0}L{Right + 18:0} {labels[at]:0.0}\" fill=\"none\" stroke=\"{colour}\"/>\n"
            );
            lines.Append(
                invariant,
                $"  <text class=\"ink\" x=\"{Right + 22:0}\" y=\"{labels[at] + 4:0.0}\">{label} {results.Growth(endpoint, largest):0.00}</text>\n"
            );
        }

        return lines.ToString();
    }

    /// <summary>Heights for labels near these, none over another, and none below the lowest rule.</summary>
    static double[] Apart(double[] wanted)
    {
        var heights = (double[])wanted.Clone();
        for (var at = 1; at < heights.Length; at++)
        {
            heights[at] = Math.Max(heights[at], heights[at - 1] + LabelHeight);
        }

        for (var at = heights.Length - 1; at >= 0; at--)
        {
            heights[at] = Math.Min(heights[at], at == heights.Length - 1 ? Bottom : heights[at + 1] - LabelHeight);
        }

        return heights;
    }
}
