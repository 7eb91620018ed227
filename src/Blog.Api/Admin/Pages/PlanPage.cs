using System.Data.Common;
using Blog.Data;
using Blog.Data.Operate;

namespace Blog.Api.Admin.Pages;

/// <summary>What the server does with a file: its plan for any arguments, and both plans for those of a form.</summary>
static class PlanPage
{
    const double FarApart = 3;

    static readonly Dictionary<string, string?> noArguments = [];

    public static async Task<HtmlPage> OfAsync(PlanForm form, StatementProbe probe, CancellationToken ct)
    {
        if (form.Error is { } error)
        {
            return Page(form, error, Html.None, StatusCodes.Status400BadRequest);
        }

        try
        {
            return form is { IsSent: true, IsFromHere: true }
                ? Page(form, null, Compared(form, await PlanComparison.OfAsync(probe, form.Query, form.Values, ct)))
                : Page(
                    form,
                    null,
                    Expected(form, await probe.EstimateAsync(form.Query, PlanMode.Generic, noArguments, ct))
                );
        }
        catch (DbException failure) when (DatabaseFailure.Of(failure) is { Kind: FailureKind.Refused })
        {
            return Page(form, Findings.FirstLine(failure), Html.None, StatusCodes.Status400BadRequest);
        }
        catch (DbException failure)
        {
            return Missing(form, Findings.Explain(failure, "This file"));
        }
        catch (StatisticsUnavailableException unavailable)
        {
            return Missing(form, unavailable.Message);
        }
    }

    static HtmlPage Missing(PlanForm form, string obstacle) =>
        Page(
            form,
            null,
            $"""<p class="notice bad" role="alert"><strong>There is no plan.</strong> {obstacle}</p>""",
            StatusCodes.Status503ServiceUnavailable
        );

    static HtmlPage Page(PlanForm form, string? error, Html plans, int status = StatusCodes.Status200OK) =>
        new(
            $"Plan of {form.Query.Id}",
            $"""
                <h1>Plan of <a href="/sql/{form.Query.Id}">{form.Query.Id}</a></h1>
                <p class="lead">{form.Query.Purpose}</p>
                <p>Promised: {form.Query.Header["plan"]}.{Html.When(
                    form.Query.Header.GetValueOrDefault("uses"),
                    indexes => $" Indexes: {indexes}."
                )}</p>
                {Html.When(form.Query.Writes, $"""<p class="notice">This file writes: it is <strong>never executed</strong> from this page, its plans are only estimated.</p>""")}
                {form.Write(error)}
                {ContractCases.Of(form.Query)}
                {plans}
                """,
            status
        );

    static Html Expected(PlanForm form, IReadOnlyList<PlanNode> plans) =>
        $"""
            {Html.When(
                form is { IsSent: true, IsFromHere: false },
                $"""<p class="notice" role="status"><strong>Nothing was executed:</strong> the way here was a link of another site. The button does it.</p>"""
            )}
            <h2>For any arguments</h2>
            <p>What the planner expects of the generic plan, the one that the service works with. Nothing was executed. A plan for particular
            arguments (custom) needs them: with nulls in their place it would say nothing.</p>
            {plans.Select((plan, index) => Statement(form, index + 1, Column(form, "Generic", plan)))}
            """;

    static Html Compared(PlanForm form, PlanComparison plans) =>
        $"""
            <h2>With these arguments</h2>
            <p>{(plans.IsMeasured
                ? "Executed once under each plan, in a read-only transaction that was rolled back."
                : "Nothing was executed: executing it would leave a trace. This is what the planner expects.")}
            The service works with the generic plan.</p>
            {plans.Generic.Zip(plans.Custom, (generic, custom) => (generic, custom)).Select(
                (pair, index) =>
                    Statement(
                        form,
                        index + 1,
                        $"""
                            {Apart(pair.generic, pair.custom)}<div class="pair">{Column(form, "Generic: for any arguments", pair.generic)}{Column(form, "Custom: for these", pair.custom)}</div>
                            """
                    )
            )}
            """;

    static Html Statement(PlanForm form, int number, Html plans) =>
        $"""
            <section aria-labelledby="s{number}">
            <h3 id="s{number}"><a href="/sql/{form.Query.Id}#s{number}">Statement {number}</a></h3>
            {plans}
            </section>
            """;

    static Html Column(PlanForm form, string title, PlanNode plan) =>
        $"""<div class="plan" tabindex="0" role="region" aria-label="{title}"><h4>{title}</h4>{PlanTree.Of(plan, form.Query)}</div>""";

    static Html Apart(PlanNode generic, PlanNode custom)
    {
        var (most, least) = (
            Math.Max(generic.Buffers ?? 0, custom.Buffers ?? 0),
            Math.Min(generic.Buffers ?? 0, custom.Buffers ?? 0)
        );
        return Html.When(
            most > FarApart * Math.Max(1, least),
            $"""<p class="notice bad"><strong>The plans are far apart:</strong> {Figure.Blocks(most)} under one, {Figure.Blocks(least)} under the other.</p>"""
        );
    }
}
