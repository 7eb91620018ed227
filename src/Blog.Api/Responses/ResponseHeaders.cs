using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using Blog.Api.Health;
using Blog.Api.Requests;
using Blog.Api.Telemetry;
using Blog.Api.Users;
using Blog.Data;

namespace Blog.Api.Responses;

/// <summary>The headers of every response: request id, caching, and what the request asked of the database.</summary>
sealed partial class ResponseHeaders(
    RequestDelegate next,
    IConfiguration configuration,
    Drain drain,
    ILogger<ResponseHeaders> log
)
{
    const int MaxRequestIdLength = 128;
    const int UsualTiming = 256;

    static readonly Func<ILogger, string, IDisposable?> requestScope = LoggerMessage.DefineScope<string>(
        "RequestId:{RequestId}"
    );

    readonly bool isStrict = RequestBudget.IsStrict(configuration);

    readonly string varies = CrossOrigin.IsOn(configuration) ? "Accept, Prefer, Origin" : "Accept, Prefer";

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        using var usage = SqlUsage.Begin(() => RequestBudget.Of(context), isStrict);
        using var scope = TakeRequestId(context);
        context.Response.OnStarting(() =>
        {
            Write(context, usage, Stopwatch.GetElapsedTime(start));
            return Task.CompletedTask;
        });
        await next(context);
    }

    void Write(HttpContext context, SqlUsage usage, TimeSpan elapsed)
    {
        var headers = context.Response.Headers;
        headers["X-Request-Id"] = context.TraceIdentifier;
        if (drain.HasBegun)
        {
            // Whoever holds the connection comes back on another one, which is elsewhere by then.
            headers.Connection = "close";
        }

        SecurityHeaders.Write(context);
        headers.Vary = varies;
        headers.CacheControl =
            HttpMethods.IsGet(context.Request.Method)
            && context.Response.StatusCode < StatusCodes.Status400BadRequest
            && context.Response.ContentType != PlanReceipts.ContentType
                ? "private, no-cache"
                : "no-store";
        headers.Remove("Expires");
        headers.Remove("Pragma");
        if (context.Response.ContentType == StreamRoutes.Ndjson)
        {
            // What a stream asks of the database is not known when its headers are sent.
            return;
        }

        headers["Server-Timing"] = ServerTiming(usage, elapsed);
        var isOver = usage.IsOver;
        headers["Blog-SQL"] = string.Create(
            CultureInfo.InvariantCulture,
            $"stmts={usage.Statements}, trips={usage.RoundTrips.Count}, rows={usage.Rows}, budget={(isOver ? "over" : "ok")}"
        );
        if (isOver)
        {
            ApiMeter.CountOverBudget(RequestBudget.EndpointOf(context));
            LogOverBudget(
                context.Request.Method,
                context.Request.Path,
                headers["Blog-SQL"].ToString(),
                RequestBudget.Of(context),
                usage.OverBudget
            );
        }
    }

    /// <summary>The server has opened a scope with the id that it made; one with the client's goes inside.</summary>
    IDisposable? TakeRequestId(HttpContext context)
    {
        if (RequestIdOf(context.Request) is not { } id)
        {
            return null;
        }

        context.TraceIdentifier = id;
        return requestScope(log, id);
    }

    /// <summary>The client's own id where it is printable and short, so that it can be found again in both logs.</summary>
    static string? RequestIdOf(HttpRequest request) =>
        request.Headers["X-Request-Id"].ToString() is { Length: > 0 and <= MaxRequestIdLength } id
        && id.All(IsPrintable)
            ? id
            : null;

    static bool IsPrintable(char character) => character is >= ' ' and <= '~';

    /// <summary>In milliseconds (W3C Server Timing): the whole, the database in sum, then one entry a round trip.</summary>
    static string ServerTiming(SqlUsage usage, TimeSpan elapsed)
    {
        var sum = TimeSpan.Zero;
        foreach (var trip in usage.RoundTrips)
        {
            sum += trip.Elapsed;
        }

        var text = new DefaultInterpolatedStringHandler(
            0,
            0,
            CultureInfo.InvariantCulture,
            stackalloc char[UsualTiming]
        );
        Append(ref text, "app", elapsed);
        Append(ref text, ", db", sum);
        foreach (var trip in usage.RoundTrips)
        {
            text.AppendLiteral(", ");
            Append(ref text, trip.Name, trip.Elapsed);
        }

        return text.ToStringAndClear();

        static void Append(ref DefaultInterpolatedStringHandler text, string name, TimeSpan elapsed)
        {
            text.AppendLiteral(name);
            text.AppendLiteral(";dur=");
            text.AppendFormatted(elapsed.TotalMilliseconds, "0.0##");
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Method} {Path} asked more of the database than its budget: {Usage}; {Budget}; rows of {Queries}"
    )]
    partial void LogOverBudget(
        string method,
        string path,
        string usage,
        SqlAllowance? budget,
        IReadOnlyList<string> queries
    );
}
