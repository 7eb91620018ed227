using Blog.Data.Operate;

namespace Blog.Api.Admin.Pages;

/// <summary>Whether anything but the catalogue has spoken to the database.</summary>
static class AuditPage
{
    public static HtmlPage Of(Findings findings) =>
        new("Audit", $"<h1>Audit</h1>{findings.Notice}{Html.When(findings.Audit, Write)}");

    static Html Write(SqlAudit audit) =>
        $"""
            {Verdict(audit)}
            {Html.When(audit.Unknown.Count > 0, Unknown(audit))}
            <section>
            <h2>What the driver sent by itself</h2>
            <table class="small">
            <caption>Transactions, the loading of types, and the probe of these pages</caption>
            <thead><tr><th scope="col">What</th><th scope="col" class="num">Calls</th></tr></thead>
            <tbody>{audit.Driver.Select(Driver)}</tbody>
            </table>
            </section>
            <section>
            <h2>Not seen yet</h2>
            <p>{audit.Unseen.Count} of {audit.Seen.Count + audit.Unseen.Count} statements of the catalogue.</p>
            <ul class="columns">{audit.Unseen.Select(Unseen)}</ul>
            </section>
            """;

    static Html Verdict(SqlAudit audit)
    {
        Html since = $"""
            <p class="fine">Everything that the role <code>{audit.Role}</code> has sent to this database{(
                audit.Since is { } moment ? " since " + Figure.Moment(moment) : ""
            )}: {audit.Seen.Count} statements of the catalogue, {Figure.Ms(audit.TotalMs)} in all.</p>
            """;
        return audit.Unknown.Count switch
        {
            0 => Say("good", "Nothing but the catalogue and the driver has spoken."),
            1 => Say("bad", "1 statement is not in the catalogue."),
            var unknown => Say("bad", $"{Figure.Count(unknown)} statements are not in the catalogue."),
        };

        Html Say(string verdict, string sentence) =>
            $"""<div class="verdict {verdict}"><p><strong>{sentence}</strong></p>{since}</div>""";
    }

    static Html Unknown(SqlAudit audit) =>
        $"""
            <section>
            <h2>Not in the catalogue</h2>
            <p>Somebody else speaks as <code>{audit.Role}</code>, or this is another version of the service than the one that sent it.</p>
            {audit.Unknown.OrderByDescending(row => row.Calls).Select(Stranger)}
            </section>
            """;

    static Html Stranger(StatementStatistics row) =>
        $"""
            <article class="stranger">
            <h3>queryid <code>{row.QueryId}</code></h3>
            <p class="fine">{Figure.Count(row.Calls)} calls · {Figure.Ms(row.TotalMs)} in all · {Figure.Count(
                row.Rows
            )} rows</p>
            {StatementPage.Sql(row.Query, $"Statement {row.QueryId}")}
            </article>
            """;

    static Html Driver(DriverCalls calls) =>
        $"""<tr><th scope="row">{calls.Name}</th><td class="num">{Figure.Count(calls.Calls)}</td></tr>""";

    static Html Unseen(string statement) =>
        $"""<li><a href="/sql/{statement[..statement.LastIndexOf(' ')]}">{statement}</a></li>""";
}
