using Blog.Api.Contract;
using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Blog.Data.Plans;

namespace Blog.Api.Admin.Pages;

/// <summary>One file: who sends it, what it promises, what it costs, and its text.</summary>
static class StatementPage
{
    static readonly (string Field, string Name)[] header =
    [
        ("in", "Takes"),
        ("out", "Gives"),
        ("budget", "Budget"),
        ("plan", "Plan"),
        ("uses", "Indexes"),
        ("needs", "Needs"),
        ("why", "Why"),
        ("note", "Note"),
    ];

    public static HtmlPage Of(Query query, Findings findings, IReadOnlyList<SqlOperation> operations) =>
        new(
            query.Id,
            Write(
                query,
                findings,
                [.. operations.Where(operation => operation.Queries.Contains(query.Id, StringComparer.Ordinal))]
            )
        );

    static Html Write(Query query, Findings findings, IReadOnlyList<SqlOperation> operations) =>
        $"""
            <h1>{query.Id}</h1>
            <p class="lead">{query.Purpose}</p>
            <p><a class="button" href="/sql/{query.Id}/plan">Its plan</a> <span class="file">sql/queries/{query.Id}.sql</span></p>
            {findings.Notice}
            {Html.When(findings.Audit, audit => Figures(QueryItem.Of(query, audit)))}
            <dl class="header">
              <div><dt>Sent by</dt><dd>{Senders(query, operations)}</dd></div>
              {header.Where(one => query.Header.ContainsKey(one.Field)).Select(one =>
                Field(one.Name, query.Header[one.Field])
            )}
            </dl>
            {query.Statements.Select((text, index) => Statement(query, index + 1, text, findings.Audit))}
            <section aria-labelledby="contract">
            <h2 id="contract">Plan contract</h2>
            <p class="fine">What its plans may cost, in cases of the rows that sql/plans/fill.sql makes. <span class="file">sql/plans/{query.Id}.plan</span></p>
            {Box($"Plan contract of {query.Id}", $"{PlanText.Write(PlanContracts.Find(query)).TrimEnd()}")}
            </section>
            """;

    static Html Figures(QueryItem item) =>
        $"""
            <dl class="tiles">
              <div><dt>Calls</dt><dd>{Figure.Count(item.Calls)}</dd></div>
              <div><dt>Mean{QueryTable.Marks(item)}</dt><dd>{Figure.Ms(item.MeanMs)}</dd></div>
              <div><dt>Total</dt><dd>{Figure.Ms(item.TotalMs)}</dd></div>
              <div><dt>Rows</dt><dd>{Figure.Count(item.Rows)}</dd></div>
              <div><dt>In memory</dt><dd>{Figure.Percent(item.HitRatio)}</dd></div>
              <div><dt>Share of the load</dt><dd>{Figure.Percent(item.Share)}{Figure.Bar(item.Share ?? 0)}</dd></div>
            </dl>
            """;

    static Html Senders(Query query, IReadOnlyList<SqlOperation> operations)
    {
        if (operations.Count == 0)
        {
            return $"{query.UsedBy}";
        }

        var saysMore = operations.All(operation => operation.Route != query.UsedBy);
        return $"""<ul class="plain">{operations.Select(Sender)}</ul>{Html.When(saysMore, $"""<span class="fine">{query.UsedBy}</span>""")}""";
    }

    static Html Sender(SqlOperation operation) => $"<li>{RouteName.Of(operation)}</li>";

    static Html Field(string name, string value) => $"<div><dt>{name}</dt><dd>{value}</dd></div>";

    static Html Statement(Query query, int number, string text, SqlAudit? audit) =>
        $"""
            <section aria-labelledby="s{number}">
            <h2 id="s{number}">Statement {number}</h2>
            {Html.When(audit, found => Counted(query, number, found))}
            {Sql(text, $"Statement {number} of {query.Id}")}
            </section>
            """;

    public static Html Sql(string text, string label) => Box(label, SqlHighlight.Of(text));

    /// <summary>A text in a box that scrolls by itself, also by the keyboard.</summary>
    static Html Box(string label, Html text) =>
        $"""<pre class="sql" tabindex="0" role="region" aria-label="{label}">{text}</pre>""";

    static Html Counted(Query query, int number, SqlAudit audit)
    {
        var queryId = audit.Identities.Single(one => one.Query == query && one.Number == number).QueryId;
        var seen = audit.Seen.FirstOrDefault(one => one.Query == query && one.Number == number)?.Statistics;
        return $"""<p class="fine">queryid <code>{queryId}</code> · {(seen is null
            ? "not seen yet"
            : $"{Figure.Count(seen.Calls)} calls · {Figure.Ms(seen.TotalMs / seen.Calls)} each · {Figure.Count(seen.Rows)} rows · {Figure.Blocks(seen.BlocksHit + seen.BlocksRead)}, {Figure.Count(seen.BlocksRead)} not in memory")}</p>""";
    }
}
