using Blog.Data;
using Blog.Data.Input;
using Microsoft.AspNetCore.Diagnostics;

namespace Blog.Api.Problems;

/// <summary>Turns every exception that leaves an endpoint into an error document; what it says never comes from the exception of a bug.</summary>
sealed partial class ProblemHandler(ILogger<ProblemHandler> log) : IExceptionHandler
{
    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer; the status is for the log.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Of(exception);
        if (problem.Code.Status >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(exception, httpContext.Request.Method, httpContext.Request.Path, problem.Code.Code, httpContext.TraceIdentifier);
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    static Problem Of(Exception exception) =>
        exception switch
        {
            MalformedJsonException malformed => new(ProblemCodes.MalformedJson, malformed.Message),
            InvalidInputException invalid => new(ProblemCodes.ValidationFailed, errors: invalid.Errors),
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => ProblemCodes.PayloadTooLarge,
            BadHttpRequestException => new(ProblemCodes.MalformedJson, "The body ended before it was whole."),
            _ => DatabaseFailure.Of(exception) is { } failure ? Of(failure) : ProblemCodes.InternalError,
        };

    static Problem Of(DatabaseFailure failure) =>
        failure switch
        {
            { Constraint: { } broken } => new(
                ProblemCodes.ValidationFailed,
                errors: [new(broken.Code, broken.Detail) { Pointer = $"#/{broken.Member}" }]
            ),
            { Kind: FailureKind.WriteConflict } => ProblemCodes.WriteConflict,
            { Kind: FailureKind.Unavailable } => ProblemCodes.DatabaseUnavailable,
            { Kind: FailureKind.Overloaded } => ProblemCodes.Overloaded,
            { Kind: FailureKind.StorageFull } => ProblemCodes.StorageFull,
            { Kind: FailureKind.SchemaMismatch } => ProblemCodes.NotReady,
            { Kind: FailureKind.TimedOut } => ProblemCodes.DeadlineExceeded,
            _ => ProblemCodes.InternalError,
        };

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed: {Code}, request {RequestId}")]
    partial void LogFailure(Exception exception, string method, string path, string code, string requestId);
}
