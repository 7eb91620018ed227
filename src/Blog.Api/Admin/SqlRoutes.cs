using System.Data.Common;
using Blog.Api.Admin.Pages;
using Blog.Api.Contract;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data;
using Blog.Data.Catalogue;
using Blog.Data.Operate;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Admin;

/// <summary>The catalogue and what the server makes of it: JSON for programs, pages for people.</summary>
static class SqlRoutes
{
    public static void MapSql(this IEndpointRouteBuilder admin)
    {
        var both = admin.MapGroup("/sql").WithMediaType(RequestChecks.Json, HtmlPage.ContentType);
        both.MapGet("", ListQueries);
        both.MapGet("/audit", AuditSql);
        both.MapGet("/{topic}/{name}", ShowQuery);
        both.MapGet("/{topic}/{name}/plan", ExplainQuery);
        admin.MapGet(StyleSheet.Path, () => new StyleSheet()).WithMediaType(StyleSheet.ContentType);
    }

    static async Task<Results<Representation<QueryList>, HtmlPage, Problem>> ListQueries(
        HttpRequest request,
        SqlStatistics statistics,
        BlogData data,
        ContractDocument contract,
        CancellationToken ct
    )
    {
        if (WantsPage(request))
        {
            return CataloguePage.Of(
                await Findings.AskAsync(statistics, data.Role, ct),
                SqlOperation.AllOf(await contract.Text),
                request.Query["sort"]
            );
        }

        return await TellAsync(async () =>
            QueryList.Of(QueryCatalogue.All, await statistics.AuditAsync(data.Role, ct))
        );
    }

    static async Task<Results<Representation<QueryItem>, HtmlPage, Problem>> ShowQuery(
        string topic,
        string name,
        HttpRequest request,
        SqlStatistics statistics,
        BlogData data,
        ContractDocument contract,
        CancellationToken ct
    )
    {
        if (QueryCatalogue.TryFind($"{topic}/{name}") is not { } query)
        {
            return WantsPage(request) ? MissingPage.Of($"{topic}/{name}") : KnownProblems.RouteNotFound;
        }

        if (WantsPage(request))
        {
            return StatementPage.Of(
                query,
                await Findings.AskAsync(statistics, data.Role, ct),
                SqlOperation.AllOf(await contract.Text)
            );
        }

        return await TellAsync(async () => QueryItem.Of(query, await statistics.AuditAsync(data.Role, ct)));
    }

    static async Task<
        Results<Representation<QueryPlans>, Representation<PlanComparison>, HtmlPage, Problem>
    > ExplainQuery(string topic, string name, HttpRequest request, StatementProbe probe, CancellationToken ct)
    {
        if (QueryCatalogue.TryFind($"{topic}/{name}") is not { } query)
        {
            return WantsPage(request) ? MissingPage.Of($"{topic}/{name}") : KnownProblems.RouteNotFound;
        }

        var form = PlanForm.Read(query, request);
        if (WantsPage(request))
        {
            return await PlanPage.OfAsync(form, probe, ct);
        }

        if (form.Error is { } error)
        {
            return KnownProblems.InvalidParameter with { Detail = error };
        }

        try
        {
            if (form is not { IsSent: true, IsFromHere: true })
            {
                return new Representation<QueryPlans>(await probe.ExplainAsync(query, ct));
            }

            return new Representation<PlanComparison>(await PlanComparison.OfAsync(probe, query, form.Values, ct));
        }
        catch (DbException failure) when (DatabaseFailure.Of(failure) is { Kind: FailureKind.Refused })
        {
            return KnownProblems.InvalidParameter with { Detail = Findings.FirstLine(failure) };
        }
        catch (StatisticsUnavailableException unavailable)
        {
            return KnownProblems.NotReady with { Detail = unavailable.Message };
        }
    }

    static async Task<Results<Representation<AuditReport>, HtmlPage, Problem>> AuditSql(
        HttpRequest request,
        SqlStatistics statistics,
        BlogData data,
        CancellationToken ct
    )
    {
        if (WantsPage(request))
        {
            return AuditPage.Of(await Findings.AskAsync(statistics, data.Role, ct));
        }

        return await TellAsync(async () => AuditReport.Of(await statistics.AuditAsync(data.Role, ct)));
    }

    static bool WantsPage(HttpRequest request) =>
        RequestChecks.Prefers(request, HtmlPage.ContentType, RequestChecks.Json);

    static async Task<Results<Representation<T>, HtmlPage, Problem>> TellAsync<T>(Func<Task<T>> tell)
    {
        try
        {
            return new Representation<T>(await tell());
        }
        catch (StatisticsUnavailableException unavailable)
        {
            return KnownProblems.NotReady with { Detail = unavailable.Message };
        }
    }
}
