using Blog.Api.Responses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Problems;

/// <summary>Errors that no endpoint made, and the pages that explain the codes.</summary>
static class ProblemRoutes
{
    public static void MapProblems(this IEndpointRouteBuilder routes) =>
        routes
            .MapGet("/problems/{code}", ExplainProblem)
            .WithName(nameof(ExplainProblem))
            .WithTags("problems")
            .WithSqlBudget(0, 0);

    static Results<Representation<Problem>, Problem> ExplainProblem(string code) =>
        KnownProblems.All.TryGetValue(code, out var found)
            ? new Representation<Problem>(found)
            : KnownProblems.RouteNotFound;

    /// <summary>Gives a body to what routing refused: an unknown path, a method that a path does not answer.</summary>
    public static Task ExplainStatusAsync(HttpContext context)
    {
        var problem = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => KnownProblems.RouteNotFound,
            StatusCodes.Status405MethodNotAllowed => KnownProblems.MethodNotAllowed,
            StatusCodes.Status406NotAcceptable => KnownProblems.NotAcceptable,
            StatusCodes.Status413PayloadTooLarge => KnownProblems.PayloadTooLarge,
            StatusCodes.Status415UnsupportedMediaType => KnownProblems.UnsupportedMediaType,
            StatusCodes.Status400BadRequest => KnownProblems.MalformedJson,
            _ => KnownProblems.InternalError,
        };
        return problem.ExecuteAsync(context);
    }
}
