using System.Diagnostics;
using Blog.Api.Telemetry;
using Blog.Data;
using Blog.Data.Idempotency;

namespace Blog.Api.Requests;

/// <summary>
/// An operation is done again, as a whole, where the database says that it did nothing of it and that another time it may: two writes met,
/// or the connection was gone. Where nobody knows whether it was done it is not done again.
/// </summary>
static class Attempts
{
    /// <summary>Writes that meet three times are told so.</summary>
    const int MostOfConflicts = 3;

    /// <summary>Connections are lost several at a time; a database that is not back after this is none that comes back for this request.</summary>
    static readonly TimeSpan patience = TimeSpan.FromMilliseconds(500);

    /// <summary>The operations of the group are done again where that helps.</summary>
    public static RouteGroupBuilder WithAttempts(this RouteGroupBuilder group)
    {
        group.AddEndpointFilter(AnswerAsync);
        return group;
    }

    /// <summary>Forgets what the attempt before has left, and lets the next one ask as much of the database.</summary>
    public static void BeginAgain(HttpContext context)
    {
        SqlUsage.BeginAttempt();
        context.Features.Set<StoredAnswer>(null);
        context.Response.Clear();
    }

    static async ValueTask<object?> AnswerAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        long? failed = null;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await next(context);
            }
            catch (Exception failure)
                when (MayPass(failure, attempt, Stopwatch.GetElapsedTime(failed ??= Stopwatch.GetTimestamp()))
                        is { } reason
                )
            {
                ApiMeter.CountRetry(reason);
                await PauseAsync(attempt, context.HttpContext.RequestAborted);
                BeginAgain(context.HttpContext);
            }
        }
    }

    /// <summary>Why another attempt helps, in a word for the meter; null where it does not.</summary>
    static string? MayPass(Exception failure, int attempt, TimeSpan sinceFirst) =>
        DatabaseFailure.Of(failure) switch
        {
            { Kind: FailureKind.WriteConflict } when attempt < MostOfConflicts => "write_conflict",
            { Kind: FailureKind.Unavailable } when sinceFirst < patience => "connection",
            _ => null,
        };

    /// <summary>Those who met do not meet again at the same moment.</summary>
    static Task PauseAsync(int attempt, CancellationToken cancellationToken) =>
        Task.Delay(attempt * Random.Shared.Next(5, 50), cancellationToken);
}
