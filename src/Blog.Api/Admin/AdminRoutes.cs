using Blog.Api.Access;
using Blog.Api.Health;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Api.Telemetry;
using Blog.Data.Health;
using Blog.Data.Migrations;

namespace Blog.Api.Admin;

/// <summary>What the operator asks: the statements, and what the server says of them.</summary>
static class AdminRoutes
{
    /// <summary>The first look at the figures of a database asks the server for every identifier.</summary>
    static readonly TimeSpan patience = TimeSpan.FromMinutes(1);

    /// <summary>Answers the admin listener here, and lets every other request pass.</summary>
    public static void UseAdmin(this WebApplication app)
    {
        var listener = app.Services.GetRequiredService<AdminListener>();
        app.MapWhen(
            listener.Received,
            admin =>
            {
                admin.UseRouting();
                admin.UseAccess();
                admin.Use(Deadlines.BoundAsync);
                admin.Use(RequestChecks.CheckAsync);
                admin.UseEndpoints(MapAdmin);
            }
        );
    }

    static void MapAdmin(IEndpointRouteBuilder routes)
    {
        var admin = routes.MapGroup("").ExcludeFromDescription().RequireScope(Scopes.Sql).WithDeadline(_ => patience);
        admin.MapSql();
        admin.MapGet("/migrations", ListMigrations);
        admin.MapMetrics();
        admin.MapGet("/livez", HealthRoutes.GetLiveness).OpenToAll();
        admin.MapGet("/readyz", HealthRoutes.ExplainReadiness).OpenToAll().WithDeadline(_ => HealthRoutes.LookWithin);
    }

    static async Task<Representation<MigrationList>> ListMigrations(Readiness readiness, CancellationToken ct) =>
        new(MigrationList.Of(await readiness.ListMigrationsAsync(ct)));
}
