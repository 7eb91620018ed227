using Blog.Api.Contract;
using Blog.Data.Operate;

namespace Blog.Api.Admin.Pages;

/// <summary>Files of the catalogue in rows, under the routes that send them.</summary>
static class QueryTable
{
    /// <summary>From here on a file is called slow, in milliseconds of its average call.</summary>
    public const int SlowMs = 50;

    const double FewHits = 0.9;
    const double WorthALook = 0.01;

    // Roles are said, because a table whose rows are drawn as cards is none to every browser.
    public static Html Of(string caption, IEnumerable<Html> groups) =>
        $"""
            <table class="queries" role="table">
            <caption>{caption}</caption>
            <thead role="rowgroup"><tr role="row">
              <th role="columnheader" scope="col">File</th>
              <th role="columnheader" scope="col" class="num">Calls</th>
              <th role="columnheader" scope="col" class="num">Mean</th>
              <th role="columnheader" scope="col" class="num">Total</th>
              <th role="columnheader" scope="col" class="num">Rows</th>
              <th role="columnheader" scope="col" class="num">In memory</th>
              <th role="columnheader" scope="col" class="num">Share</th>
            </tr></thead>
            {groups}
            </table>
            """;

    public static Html Group(IEnumerable<QueryItem> items, Html? title = null) =>
        $"""<tbody role="rowgroup">{title ?? Html.None}{items.Select(Row)}</tbody>""";

    public static Html Route(SqlOperation operation) => Title($"{RouteName.Of(operation)} {Costs(operation)}");

    public static Html Route(string usedBy) => Title($"{usedBy}");

    static Html Title(Html name) =>
        $"""<tr role="row" class="route"><th role="rowheader" scope="rowgroup" colspan="7">{name}</th></tr>""";

    static Html Costs(SqlOperation operation) =>
        $"""<small>{(operation.Statements is { } statements
            ? $"at most {statements} {(statements == 1 ? "statement" : "statements")} in {operation.Trips} {(operation.Trips == 1 ? "round trip" : "round trips")}"
            : "a stream")}</small>""";

    static Html Row(QueryItem item) =>
        $"""
            <tr role="row">
              <th role="rowheader" scope="row"><a href="/sql/{item.Id}">{item.Id}</a>{Marks(item)}
                <span class="purpose">{item.Purpose}</span>
                <span class="fine">{item.Budget} · {item.Plan}</span></th>
              {Figures(item)}
            </tr>

            """;

    static Html Figures(QueryItem item)
    {
        if (item.Calls is null or 0)
        {
            return $"""<td role="cell" class="num never" colspan="6">{(item.Calls is null ? "–" : "not called yet")}</td>""";
        }

        return $"""
              <td role="cell" class="num" data-label="Calls">{Figure.Count(item.Calls)}</td>
              <td role="cell" class="num" data-label="Mean">{Figure.Ms(item.MeanMs)}</td>
              <td role="cell" class="num" data-label="Total">{Figure.Ms(item.TotalMs)}</td>
              <td role="cell" class="num" data-label="Rows">{Figure.Count(item.Rows)}</td>
              <td role="cell" class="num" data-label="In memory">{Figure.Percent(item.HitRatio)}</td>
              <td role="cell" class="num share" data-label="Share">{Figure.Percent(item.Share)}{Figure.Bar(
                item.Share ?? 0
            )}</td>
            """;
    }

    /// <summary>What is to be looked at.</summary>
    public static Html Marks(QueryItem item) =>
        $"""{Html.When(item.MeanMs >= SlowMs, Mark("slow"))}{Html.When(
            item.HitRatio < FewHits && item.Share >= WorthALook,
            Mark("reads disk")
        )}""";

    static Html Mark(string word) => $""" <span class="mark">{word}</span>""";
}
