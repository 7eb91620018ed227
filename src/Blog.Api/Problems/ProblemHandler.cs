using Blog.Api.Requests;
using Blog.Data;
using Blog.Data.Idempotency;
using Blog.Data.Import;
using Blog.Data.Input;
using Blog.Data.Tags;
using Microsoft.AspNetCore.Diagnostics;

namespace Blog.Api.Problems;

/// <summary>Turns every exception that leaves an endpoint into an error document; what it says never comes from the exception of a bug.</summary>
sealed partial class ProblemHandler(ILogger<ProblemHandler> log) : IExceptionHandler
{
    // errno.h: ENOSPC, EDQUOT
    const int NoSpaceLeft = 28;
    const int QuotaExceeded = 122;

    /// <inheritdoc />
    public async ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (httpContext.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer; the status is for the log.
            httpContext.Response.StatusCode = StatusCodes.Status499ClientClosedRequest;
            return true;
        }

        var problem = Of(exception);
        if (DatabaseFailure.Of(exception) is { Kind: FailureKind.Misconfigured })
        {
            LogMisconfigured(exception.Message, httpContext.TraceIdentifier);
        }

        if (exception is PoolQueueException)
        {
            // There may be very many of these, and each says the same.
            LogSentAway(httpContext.Request.Method, httpContext.Request.Path, httpContext.TraceIdentifier);
        }
        else if (problem.Status >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(
                exception,
                httpContext.Request.Method,
                httpContext.Request.Path,
                problem.Code,
                httpContext.TraceIdentifier
            );
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    /// <summary>What a client is told of an exception.</summary>
    public static Problem Of(Exception exception) =>
        exception switch
        {
            ProblemException { Problem: var problem } => problem,
            MalformedJsonException malformed => KnownProblems.MalformedJson with { Detail = malformed.Message },
            InvalidInputException { Errors.Count: Limits.Errors } invalid => KnownProblems.ValidationFailed with
            {
                Detail = $"What was sent breaks rules; the first {Limits.Errors} places are named",
                Errors = invalid.Errors,
            },
            InvalidInputException invalid => KnownProblems.ValidationFailed with { Errors = invalid.Errors },
            InvalidHeaderException header => KnownProblems.InvalidHeader with { Errors = [header.Error] },
            TagNameTakenException taken => KnownProblems.TagNameTaken with { ExistingId = taken.ExistingId },
            KeyInProgressException => KnownProblems.IdempotencyInProgress,
            KeyReusedException => KnownProblems.IdempotencyKeyReused,
            ImportStoppedException { InnerException: { } cause } => Of(cause),
            UnsupportedMediaTypeException => KnownProblems.UnsupportedMediaType,
            BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
                KnownProblems.PayloadTooLarge,
            BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } => KnownProblems.RequestTimeout,
            BadHttpRequestException => KnownProblems.MalformedJson with
            {
                Detail = "The body ended before it was whole",
            },
            // Of the folder for temporary files, where an import waits until it is whole.
            IOException { HResult: NoSpaceLeft or QuotaExceeded } => KnownProblems.StorageFull,
            // The client is still there, so it was the deadline.
            OperationCanceledException => KnownProblems.DeadlineExceeded,
            BudgetExceededException exceeded => KnownProblems.InternalError with
            {
                Detail = exceeded.IsStored
                    ? "It is stored, but the answer would have asked more of the database than the budget of the operation"
                    : "It would have asked more of the database than the budget of the operation; nothing was stored",
            },
            _ => DatabaseFailure.Of(exception) is { } failure ? Of(failure) : KnownProblems.InternalError,
        };

    static Problem Of(DatabaseFailure failure) =>
        failure switch
        {
            { Constraint: { } broken } => KnownProblems.ValidationFailed with
            {
                Errors = [new(broken.Code, broken.Detail) { Pointer = $"#/{broken.Member}" }],
            },
            { Kind: FailureKind.Refused } => KnownProblems.ValidationFailed with
            {
                Errors =
                [
                    new(InputCodes.InvalidFormat, "The database refuses a value of this request.") { Pointer = "#" },
                ],
            },
            { Kind: FailureKind.WriteConflict } => KnownProblems.WriteConflict,
            { Kind: FailureKind.Unavailable } => KnownProblems.DatabaseUnavailable,
            { Kind: FailureKind.OutcomeUnknown } => KnownProblems.OutcomeUnknown,
            { Kind: FailureKind.Overloaded } => KnownProblems.Overloaded,
            { Kind: FailureKind.StorageFull } => KnownProblems.StorageFull,
            { Kind: FailureKind.SchemaMismatch } => KnownProblems.NotReady,
            { Kind: FailureKind.TimedOut } => KnownProblems.DeadlineExceeded,
            _ => KnownProblems.InternalError,
        };

    [LoggerMessage(
        LogLevel.Critical,
        "The configuration of the database does not let the service work: {Reason}, request {RequestId}"
    )]
    partial void LogMisconfigured(string reason, string requestId);

    [LoggerMessage(LogLevel.Warning, "{Method} {Path} sent away: too many wait for a connection, request {RequestId}")]
    partial void LogSentAway(string method, string path, string requestId);

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed: {Code}, request {RequestId}")]
    partial void LogFailure(Exception exception, string method, string path, string code, string requestId);
}
