using Blog.Data.Catalogue;
using Blog.Data.Operate;

namespace Blog.Api.Admin.Pages;

/// <summary>A plan as a tree: each step with what was expected of it, what it did, and what it took.</summary>
static class PlanTree
{
    /// <summary>From here on an estimate is wrong: so many times the rows that were expected.</summary>
    const double WrongBy = 10;

    /// <summary>From here on a step alone looks at many blocks.</summary>
    const long ManyBlocks = 1000;

    /// <summary>A table of one row, which is as good as any index.</summary>
    const string OneRow = "tag_epoch";

    public static Html Of(PlanNode plan, Query query)
    {
        var expressions = plan
            .All.Where(node => node.Subplan?.StartsWith("CTE ", StringComparison.Ordinal) == true)
            .DistinctBy(node => node.Subplan, StringComparer.Ordinal)
            .ToDictionary(node => node.Subplan![4..], node => node.Milliseconds ?? 0, StringComparer.Ordinal);
        return $"""
            <p class="sum">{Sum(plan)}</p>
            <ul class="tree">{Step(plan)}</ul>
            """;

        Html Step(PlanNode node) =>
            $"""
                <li><div class="step">
                <p><strong>{node.Type}</strong>{Reads(node)}{Html.When(
                    node.Subplan,
                    name => $""" <span class="type">{name}</span>"""
                )}{Marks(node, query)}</p>
                <p class="fine">{Facts(node)}</p>
                {Took(node)}
                {Html.When(
                    node.Conditions.Count > 0,
                    $"""<ul class="conditions">{node.Conditions.Select(Condition)}</ul>"""
                )}
                </div>{Html.When(node.Below.Count > 0, $"<ul>{node.Below.Select(Step)}</ul>")}</li>
                """;

        Html Took(PlanNode node)
        {
            if (plan.Milliseconds is not (> 0 and var whole))
            {
                return Html.None;
            }

            var own = OwnMilliseconds(node);
            return $"""<p class="took">{Figure.Bar(own / whole)} <span>{Figure.Ms(own)}, {Figure.Percent(own / whole)}</span></p>""";
        }

        // A table expression runs where it is first read, and stands below the step that has it.
        double OwnMilliseconds(PlanNode node) =>
            Math.Max(
                0,
                (node.Milliseconds ?? 0)
                    - node.Below.Where(below => below.Subplan is null || !expressions.ContainsKey(below.Subplan[4..]))
                        .Sum(below => below.Milliseconds ?? 0)
                    - (node.Type == "CTE Scan" ? expressions.GetValueOrDefault(node.Source ?? "") : 0)
            );
    }

    static string Sum(PlanNode plan) =>
        plan.Rows is null
            ? $"{Rows(plan.EstimatedRows)} expected, cost {Figure.Count(plan.EstimatedCost)}"
            : $"{Rows(plan.Rows.Value)}, {Figure.Blocks(plan.Buffers ?? 0)}, {Figure.Ms(plan.Milliseconds)}";

    static Html Reads(PlanNode node)
    {
        Html relation = Html.When(node.Relation ?? node.Source, name => $" on <b>{name}</b>");
        return $"{relation}{Html.When(node.Index, name => $" by <b>{name}</b>")}";
    }

    static string Facts(PlanNode node) =>
        node.Loops switch
        {
            null => $"{Rows(node.EstimatedRows)} expected",
            0 => $"never ran; {Rows(node.EstimatedRows)} expected",
            1 =>
                $"{Rows(node.Rows!.Value)}, {Figure.Count(node.EstimatedRows)} expected{Removed(node)} · {Figure.Blocks(node.Buffers ?? 0)}",
            _ =>
                $"{Rows(node.Rows!.Value)} in {Figure.Count(node.Loops)} runs, {Figure.Count(node.EstimatedRows)} expected of each{Removed(node)} · {Figure.Blocks(node.Buffers ?? 0)}",
        };

    static string Removed(PlanNode node) =>
        node.RowsRemoved > 0 ? $" · {Figure.Count(node.RowsRemoved)} thrown away" : "";

    static string Rows(double rows) => $"{Figure.Count(rows)} {(rows == 1 ? "row" : "rows")}";

    static Html Marks(PlanNode node, Query query)
    {
        var factor = node.Loops > 0 ? node.Rows / node.Loops / Math.Max(1, node.EstimatedRows) : null;
        var blocks = node.Buffers - node.Below.Sum(below => below.Buffers ?? 0);
        var readsAll =
            node.Type == "Seq Scan"
            && node.Relation != OneRow
            && query.Header["plan"].Contains("no seq scan", StringComparison.Ordinal);
        return $"""{Html.When(factor > WrongBy, Mark($"{Figure.Count(factor)} times the rows expected"))}{Html.When(
            blocks >= ManyBlocks,
            Mark($"{Figure.Blocks(blocks ?? 0)}")
        )}{Html.When(readsAll, Mark("reads the whole table"))}""";
    }

    static Html Mark(string words) => $""" <span class="mark">{words}</span>""";

    static Html Condition(string condition) => $"<li><code>{condition}</code></li>";
}
