using Blog.Api.Access;
using Blog.Api.Problems;
using Blog.Api.Requests;
using Blog.Api.Responses;
using Blog.Data.Health;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Health;

/// <summary>How the service is: <c>{"status"}</c>.</summary>
public sealed record HealthState(string Status);

/// <summary>Whether it can serve, and what stands in the way: <c>{"status","statements","missing_migrations","drift","warnings"}</c>.</summary>
/// <param name="Status">ready, not_ready, or stopping where the service has been told to end.</param>
/// <param name="Statements">How many statements were prepared and compared.</param>
/// <param name="MissingMigrations">Scripts that this build has and the database has not.</param>
/// <param name="Drift">What the statements need and do not find, and which files need it.</param>
/// <param name="Warnings">What serves, and should be otherwise.</param>
public sealed record ReadinessState(
    string Status,
    int Statements,
    IReadOnlyList<string> MissingMigrations,
    IReadOnlyList<Drift> Drift,
    IReadOnlyList<string> Warnings
);

/// <summary>Whether the process lives, and whether it can serve.</summary>
static class HealthRoutes
{
    /// <summary>Whoever shares out requests asks every few seconds and is to hear of this moment.</summary>
    public static readonly TimeSpan LookWithin = TimeSpan.FromSeconds(1.5);

    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/livez", GetLiveness)
            .WithName(nameof(GetLiveness))
            .OpenToAll()
            .WithTags("health")
            .WithoutRateLimit()
            .WithSqlBudget(0, 0);
        routes
            .MapGet("/readyz", GetReadiness)
            .WithName(nameof(GetReadiness))
            .OpenToAll()
            .WithTags("health")
            .WithDeadline(_ => LookWithin)
            .WithoutRateLimit()
            .WithSqlBudget(2, 2, "health/get_schema", "health/get_journal");
    }

    public static Representation<HealthState> GetLiveness() => new(new("alive"));

    public static async Task<Results<Representation<HealthState>, Problem>> GetReadiness(
        ReadinessWatch watch,
        Drain drain,
        CancellationToken ct
    ) =>
        drain.HasBegun
            ? KnownProblems.NotReady with
            {
                Detail = "The service is about to end",
                Reason = "stopping",
            }
            : await watch.CheckAsync(ct) switch
            {
                { IsReady: true } => new Representation<HealthState>(new("ready")),
                { IsFailing: true } => KnownProblems.NotReady with
                {
                    Detail = "The database says that something in it is wrong",
                    Reason = "database_failing",
                },
                { MissingMigrations: not [] } => KnownProblems.NotReady with
                {
                    Detail = "The schema of the database is older than the service",
                    Reason = "schema_older",
                },
                _ => KnownProblems.NotReady with
                {
                    Detail = "The database is not as the statements of the service need it",
                    Reason = "schema_drift",
                },
            };

    /// <summary>The same for an operator, by name: 200 or 503.</summary>
    public static async Task<IResult> ExplainReadiness(ReadinessWatch watch, Drain drain, CancellationToken ct) =>
        new ReadinessAnswer(await watch.LookAsync(ct), drain.HasBegun);

    sealed class ReadinessAnswer(ReadinessReport report, bool isEnding) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode =
                report.IsReady && !isEnding ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
            return httpContext.Response.WriteJsonAsync(
                new ReadinessState(
                    isEnding ? "stopping"
                        : report.IsReady ? "ready"
                        : "not_ready",
                    report.Statements,
                    report.MissingMigrations,
                    report.Drift,
                    report.Warnings
                )
            );
        }
    }
}
