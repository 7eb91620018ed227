using Blog.Api.Access;
using Blog.Api.Contract;
using Blog.Api.Requests;
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
            .OpenToAll()
            .WithTags("problems")
            .WithMediaType(RequestChecks.Json, ProblemPage.ContentType)
            .WithProblems(KnownProblems.RouteNotFound)
            .WithSqlBudget(0, 0);

    static Results<Representation<ProblemDescription>, ProblemPage, Problem> ExplainProblem(
        string code,
        HttpRequest request
    ) =>
        !KnownProblems.All.TryGetValue(code, out var found) ? KnownProblems.RouteNotFound
        : RequestChecks.Prefers(request, ProblemPage.ContentType, RequestChecks.Json) ? new ProblemPage(found)
        : new Representation<ProblemDescription>(new(found.Code, found.Status, found.Detail, found.Remedy));

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
