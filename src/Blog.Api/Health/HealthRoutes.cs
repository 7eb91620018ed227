using Blog.Api.Problems;
using Blog.Api.Responses;
using Blog.Data.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Health;

/// <summary>How the service is: <c>{"status"}</c>.</summary>
public sealed record HealthState(string Status);

/// <summary>Whether the process lives, and whether it can serve.</summary>
static class HealthRoutes
{
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/livez", GetLiveness).WithName(nameof(GetLiveness)).WithTags("health").WithSqlBudget(0, 0);
        routes
            .MapGet("/readyz", GetReadiness)
            .WithName(nameof(GetReadiness))
            .WithTags("health")
            .WithSqlBudget(1, 1, "health/get_journal");
    }

    public static Representation<HealthState> GetLiveness() => new(new("alive"));

    public static async Task<Results<Representation<HealthState>, Problem>> GetReadiness(
        Readiness readiness,
        CancellationToken ct
    ) =>
        await readiness.FindMissingMigrationsAsync(ct) is []
            ? new Representation<HealthState>(new("ready"))
            : KnownProblems.NotReady with
            {
                Detail = "The schema of the database is older than the service",
            };
}
