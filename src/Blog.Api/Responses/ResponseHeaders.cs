using System.Diagnostics;
using System.Globalization;
using System.Text;
using Blog.Api.Requests;
using Blog.Api.Users;
using Blog.Data;

namespace Blog.Api.Responses;

/// <summary>What an operation may ask of the database; <see cref="ResponseHeaders"/> holds every answer against it.</summary>
/// <param name="Statements">Statements, without begin and commit.</param>
/// <param name="Trips">Waits for the server, a commit's too.</param>
public sealed record SqlBudget(int Statements, int Trips);

/// <summary>The files of the catalogue that an operation may send.</summary>
/// <param name="Queries">Their ids, in the order in which they may be sent; empty where it asks the database nothing.</param>
public sealed record SqlFiles(params IReadOnlyList<string> Queries);

/// <summary>The headers of every response: request id, caching, and what the request asked of the database.</summary>
sealed partial class ResponseHeaders(RequestDelegate next, ILogger<ResponseHeaders> log)
{
    const int MaxRequestIdLength = 128;

    public async Task InvokeAsync(HttpContext context)
    {
        var start = Stopwatch.GetTimestamp();
        using var usage = SqlUsage.Begin();
        context.TraceIdentifier = RequestIdOf(context.Request) ?? context.TraceIdentifier;
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
        headers.XContentTypeOptions = "nosniff";
        headers.Vary = "Accept, Prefer";
        headers.CacheControl =
            HttpMethods.IsGet(context.Request.Method) && context.Response.StatusCode < StatusCodes.Status400BadRequest
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
        var budget = context.GetEndpoint()?.Metadata.GetMetadata<SqlBudget>();
        // A condition may cost one look at the revision, before a read or after a write that found no row.
        var forCondition =
            context.Request.Headers.IfMatch.Count + context.Request.Headers.IfNoneMatch.Count > 0 ? 1 : 0;
        // The key is claimed before the write, and the answer stored behind it.
        var forKey =
            context.Request.Headers.ContainsKey(IdempotencyKey.Header)
            && context.GetEndpoint()?.Metadata.GetMetadata<TakesIdempotencyKey>() is not null
                ? 2
                : 0;
        var attempts = context.Features.Get<SecondAttempt>() is null ? 1 : 2;
        var isOver =
            usage.OverBudget.Count > 0
            || (
                budget is not null
                && (
                    usage.Statements > attempts * (budget.Statements + forCondition + forKey)
                    || usage.RoundTrips.Count > attempts * (budget.Trips + forCondition + forKey)
                )
            );
        headers["Blog-SQL"] = string.Create(
            CultureInfo.InvariantCulture,
            $"stmts={usage.Statements}, trips={usage.RoundTrips.Count}, rows={usage.Rows}, budget={(isOver ? "over" : "ok")}"
        );
        if (isOver)
        {
            LogOverBudget(
                context.Request.Method,
                context.Request.Path,
                headers["Blog-SQL"].ToString(),
                budget,
                usage.OverBudget
            );
        }
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
        var sum = usage.RoundTrips.Sum(trip => trip.Elapsed.TotalMilliseconds);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"app;dur={elapsed.TotalMilliseconds:0.0##}, db;dur={sum:0.0##}");
        foreach (var trip in usage.RoundTrips)
        {
            text.Append(CultureInfo.InvariantCulture, $", {trip.Name};dur={trip.Elapsed.TotalMilliseconds:0.0##}");
        }

        return text.ToString();
    }

    [LoggerMessage(
        LogLevel.Warning,
        "{Method} {Path} asked more of the database than its budget: {Usage}; {Budget}; rows of {Queries}"
    )]
    partial void LogOverBudget(
        string method,
        string path,
        string usage,
        SqlBudget? budget,
        IReadOnlyList<string> queries
    );
}

static class SqlBudgetMetadata
{
    /// <summary>States what the operation may ask of the database, and by which files.</summary>
    public static TBuilder WithSqlBudget<TBuilder>(
        this TBuilder builder,
        int statements,
        int trips,
        params IReadOnlyList<string> queries
    )
        where TBuilder : IEndpointConventionBuilder =>
        builder.WithMetadata(new SqlBudget(statements, trips)).WithSql(queries);

    /// <summary>States by which files the operation may ask the database, as often as it needs.</summary>
    public static TBuilder WithSql<TBuilder>(this TBuilder builder, params IReadOnlyList<string> queries)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new SqlFiles(queries));
}
