using Blog.Api.Health;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Api.Telemetry;
using Blog.Data;
using Blog.Data.Catalogue;
using Blog.Data.Health;
using Blog.Data.Migrations;
using Blog.Data.Operate;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Admin;

/// <summary>What the operator asks: the statements, and what the server says of them.</summary>
static class AdminRoutes
{
    /// <summary>Answers the admin listener here, and lets every other request pass.</summary>
    public static void UseAdmin(this WebApplication app)
    {
        var listener = app.Services.GetRequiredService<AdminListener>();
        app.MapWhen(
            listener.Received,
            admin =>
            {
                admin.UseRouting();
                admin.Use(RequestChecks.CheckAsync);
                admin.UseEndpoints(MapAdmin);
            }
        );
    }

    static void MapAdmin(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("").ExcludeFromDescription();
        admin.MapGet("/sql", ListQueries);
        admin.MapGet("/sql/{topic}/{name}", ShowQuery);
        admin.MapGet("/sql/{topic}/{name}/plan", ExplainQuery);
        admin.MapGet("/sql/audit", AuditSql);
        admin.MapGet("/migrations", ListMigrations);
        admin.MapMetrics();
        admin.MapGet("/livez", HealthRoutes.GetLiveness);
        admin.MapGet("/readyz", HealthRoutes.ExplainReadiness);
    }

    static async Task<Results<Representation<QueryList>, Problem>> ListQueries(
        SqlStatistics statistics,
        BlogData data,
        CancellationToken ct
    ) =>
        await TellAsync(async () =>
            QueryList.Of(QueryCatalogue.All, await statistics.AuditAsync(data.Role, ct))
        );

    static async Task<Results<Representation<QueryItem>, Problem>> ShowQuery(
        string topic,
        string name,
        SqlStatistics statistics,
        BlogData data,
        CancellationToken ct
    ) =>
        QueryCatalogue.TryFind($"{topic}/{name}") is not { } query
            ? KnownProblems.RouteNotFound
            : await TellAsync(async () => QueryItem.Of(query, await statistics.AuditAsync(data.Role, ct)));

    static async Task<Results<Representation<QueryPlans>, Problem>> ExplainQuery(
        string topic,
        string name,
        StatementProbe probe,
        CancellationToken ct
    ) =>
        QueryCatalogue.TryFind($"{topic}/{name}") is { } query
            ? new Representation<QueryPlans>(await probe.ExplainAsync(query, ct))
            : KnownProblems.RouteNotFound;

    static async Task<Results<Representation<AuditReport>, Problem>> AuditSql(
        SqlStatistics statistics,
        BlogData data,
        CancellationToken ct
    ) => await TellAsync(async () => AuditReport.Of(await statistics.AuditAsync(data.Role, ct)));

    static async Task<Representation<MigrationList>> ListMigrations(Readiness readiness, CancellationToken ct) =>
        new(MigrationList.Of(await readiness.ListMigrationsAsync(ct)));

    static async Task<Results<Representation<T>, Problem>> TellAsync<T>(Func<Task<T>> tell)
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
