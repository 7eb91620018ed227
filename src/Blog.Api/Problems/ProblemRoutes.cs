using Blog.Api.Responses;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Blog.Api.Problems;

/// <summary>Errors that no endpoint made, and the pages that explain the codes.</summary>
static class ProblemRoutes
{
    public static void MapProblems(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/problems/{code}", GetProblemCode).WithName(nameof(GetProblemCode)).WithTags("problems").WithSqlBudget(0, 0);

    static Results<Json<ProblemCode>, Problem> GetProblemCode(string code) =>
        ProblemCodes.All.TryGetValue(code, out var found) ? new Json<ProblemCode>(found) : ProblemCodes.RouteNotFound;

    /// <summary>Gives a body to what routing refused: an unknown path, a method that a path does not answer.</summary>
    public static Task ExplainStatusAsync(HttpContext context)
    {
        var code = context.Response.StatusCode switch
        {
            StatusCodes.Status404NotFound => ProblemCodes.RouteNotFound,
            StatusCodes.Status405MethodNotAllowed => ProblemCodes.MethodNotAllowed,
            StatusCodes.Status406NotAcceptable => ProblemCodes.NotAcceptable,
            StatusCodes.Status413PayloadTooLarge => ProblemCodes.PayloadTooLarge,
            StatusCodes.Status415UnsupportedMediaType => ProblemCodes.UnsupportedMediaType,
            StatusCodes.Status400BadRequest => ProblemCodes.MalformedJson,
            _ => ProblemCodes.InternalError,
        };
        return new Problem(code).ExecuteAsync(context);
    }
}
