using System.Globalization;

namespace Blog.Cli.Sql;

/// <summary>What <c>blog sql contracts</c> says on a terminal.</summary>
static class ContractText
{
    public static string Of(ContractReport report)
    {
        var width = report.Contracts.Max(item => item.Query.Length);
        var broken = report.Contracts.Count(item => !item.Holds);
        return string.Join(
            Environment.NewLine,
            (string[])
                [
                    .. report.Contracts.Select(item =>
                        In(
                            $"{(item.Holds ? "holds" : "BROKEN"), -7} {item.Query.PadRight(width)} {item.Cases, 3} cases  {item.Slowest?.Milliseconds, 8:0.00} ms  {Share(item)}"
                        )
                    ),
                    "",
                    .. report.Broken.Select(item => $"broken: {item.Told}"),
                    report.Slowest is { } slowest
                        ? In(
                            $"slowest: {slowest.Statement}, {slowest.Case}, {slowest.Mode} plan: {slowest.Milliseconds:0.00} ms, {slowest.Buffers:#,0} buffers"
                        )
                        : "",
                    In(
                        $"{report.Contracts.Count} contracts, {report.Contracts.Sum(item => item.Cases)} cases at {report.Posts:#,0} posts: {(broken == 0 ? "all hold" : In($"{broken} broken"))}"
                    ),
                ]
        );
    }

    static string Share(ContractItem item) =>
        item.OfBound is null
            ? "buffers not approved"
            : In($"buffers {item.Buffers, 7:#,0} of {item.Bound, 7:#,0}, {item.OfBound, 4:0 %}");

    static string In(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
