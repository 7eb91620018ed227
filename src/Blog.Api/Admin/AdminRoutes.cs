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
        admin.MapSql();
        admin.MapGet("/migrations", ListMigrations);
        admin.MapMetrics();
        admin.MapGet("/livez", HealthRoutes.GetLiveness);
        admin.MapGet("/readyz", HealthRoutes.ExplainReadiness);
    }

    static async Task<Representation<MigrationList>> ListMigrations(Readiness readiness, CancellationToken ct) =>
        new(MigrationList.Of(await readiness.ListMigrationsAsync(ct)));
}
