using Blog.Api.Contract;
using Blog.Data.Catalogue;
using Blog.Data.Operate;

namespace Blog.Api.Admin.Pages;

/// <summary>Every file with what it promises and what it costs: by the routes that send it, or in one order.</summary>
static class CataloguePage
{
    const int MostShown = 5;

    static readonly (string Key, string Name, Func<QueryItem, double?>? Figure)[] orders =
    [
        ("name", "name", null),
        ("calls", "calls", item => item.Calls),
        ("mean", "mean time", item => item.MeanMs),
        ("total", "total time", item => item.TotalMs),
        ("rows", "rows", item => item.Rows),
    ];

    /// <param name="findings">What the server says.</param>
    /// <param name="operations">Of the contract.</param>
    /// <param name="sort">Null for by route.</param>
    public static HtmlPage Of(Findings findings, IReadOnlyList<SqlOperation> operations, string? sort)
    {
        var items = QueryList.Of(QueryCatalogue.All, findings.Audit).Items;
        var order = orders.FirstOrDefault(order => order.Key == sort);
        return new(
            "The catalogue",
            Write(
                findings,
                items,
                order.Key,
                order.Key is null ? ByRoute(items, operations) : [QueryTable.Group(Sorted(items, order.Figure))]
            )
        );
    }

    static Html Write(Findings findings, IReadOnlyList<QueryItem> items, string? sort, IEnumerable<Html> groups) =>
        $"""
            <h1>The catalogue</h1>
            <p class="lead">Every statement that this service can send: {items.Sum(
                item => item.Statements.Count
            )} in {items.Count} files of <code>sql/queries</code>.</p>
            {findings.Notice}
            {Html.When(findings.Audit, Summary)}
            {Html.When(items.Any(item => item.Share > 0), Top(items))}
            <nav class="orders" aria-label="Order"><span>Order by</span> {Order(null, "route", sort)}{orders.Select(
                order => Order(order.Key, order.Name, sort)
            )}</nav>
            {QueryTable.Of(sort is null ? "The files of each route" : "The files in one order", groups)}
            <p class="legend"><span class="mark">slow</span> {QueryTable.SlowMs} ms or more on average.
            <span class="mark">reads disk</span> fewer than nine of ten blocks were in memory.
            Share is the part of the database's time for everything that this role has sent.</p>
            """;

    static Html Order(string? key, string name, string? current)
    {
        Html mark = $"";
        if (key == current)
        {
            mark = $""" aria-current="true" """;
        }

        return key is null ? ByRouteLink() : KeyLink();

        Html ByRouteLink() => $"""<a href="/sql"{mark}>{name}</a>""";
        Html KeyLink() => $"""<a href="/sql?sort={key}"{mark}>{name}</a>""";
    }

    static Html Summary(SqlAudit audit) =>
        $"""
            <dl class="tiles">
              <div><dt>Statements seen</dt><dd>{audit.Seen.Count} <small>of {audit.Seen.Count
                + audit.Unseen.Count}</small></dd></div>
              <div class="{(audit.Unknown.Count == 0 ? "good" : "bad")}"><dt>Not in the catalogue</dt><dd>{audit
                .Unknown
                .Count} <small><a href="/sql/audit">audit</a></small></dd></div>
              <div><dt>Time in the database</dt><dd>{Figure.Ms(audit.TotalMs)}</dd></div>
              <div><dt>Counted since</dt><dd>{Since(audit)}</dd></div>
            </dl>
            """;

    static Html Top(IReadOnlyList<QueryItem> items) =>
        $"""
            <section aria-labelledby="top">
            <h2 id="top">Where the time goes</h2>
            <ol class="top5">{items.Where(item => item.Share > 0).OrderByDescending(item => item.Share).Take(
                MostShown
            ).Select(Topped)}</ol>
            </section>
            """;

    static Html Topped(QueryItem item) =>
        $"""<li><a href="/sql/{item.Id}">{item.Id}</a> {Figure.Percent(item.Share)} <small>{Figure.Count(item.Calls)} × {Figure.Ms(item.MeanMs)}</small>{QueryTable.Marks(item)}{Figure.Bar(item.Share ?? 0)}</li>""";

    static Html Since(SqlAudit audit) =>
        $"""<small>{(audit.Since is { } since ? Figure.Moment(since) : "not known")}</small>""";

    static IEnumerable<QueryItem> Sorted(IEnumerable<QueryItem> items, Func<QueryItem, double?>? figure) =>
        figure is null ? items : items.OrderByDescending(item => figure(item) ?? -1);

    static IEnumerable<Html> ByRoute(IReadOnlyList<QueryItem> items, IReadOnlyList<SqlOperation> operations)
    {
        var byId = items.ToDictionary(item => item.Id, StringComparer.Ordinal);
        var sent = operations.SelectMany(operation => operation.Queries).ToHashSet(StringComparer.Ordinal);
        return operations
            .Where(operation => operation.Queries.Count > 0)
            .Select(operation =>
                QueryTable.Group(operation.Queries.Select(query => byId[query]), QueryTable.Route(operation))
            )
            .Concat(
                items
                    .Where(item => !sent.Contains(item.Id))
                    .GroupBy(item => item.UsedBy, StringComparer.Ordinal)
                    .Select(group => QueryTable.Group(group, QueryTable.Route(group.Key)))
            );
    }
}
