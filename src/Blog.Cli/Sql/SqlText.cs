using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Data.Operate;

namespace Blog.Cli.Sql;

/// <summary>What <c>blog sql</c> says on a terminal.</summary>
static partial class SqlText
{
    public static string Of(QueryList list)
    {
        var width = list.Items.Max(item => item.Id.Length);
        return string.Join(
            Environment.NewLine,
            list.Items.Select(item =>
            {
                var counted = item.Calls is null
                    ? ""
                    : string.Create(
                        CultureInfo.InvariantCulture,
                        $"{item.Calls, 10:#,0} calls {item.MeanMs?.ToString("0.000 'ms'", CultureInfo.InvariantCulture), 12}  "
                    );
                return $"{item.Id.PadRight(width)}  {counted}{item.UsedBy}";
            })
        );
    }

    public static string Of(QueryPlans plans) =>
        string.Join("\n\n", plans.Items.Select(plan => $"/* {plan.Statement} */\n{plan.Plan}"));

    public static string Of(AuditReport report)
    {
        var driver = report.Driver.Select(calls =>
            string.Create(CultureInfo.InvariantCulture, $"{calls.Name} {calls.Calls:#,0}")
        );
        return string.Join(
            Environment.NewLine,
            (string[])
                [
                    $"{report.Role}: {report.Seen} statements of the catalogue seen, {report.Unseen.Count} not yet, {report.Unknown.Count} unknown",
                    $"  the driver's own: {string.Join(", ", driver)}",
                    .. report.Unknown.Select(unknown =>
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"  unknown: {unknown.QueryId}, {unknown.Calls:#,0} calls: {Spaces().Replace(unknown.Query, " ")}"
                        )
                    ),
                ]
        );
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
