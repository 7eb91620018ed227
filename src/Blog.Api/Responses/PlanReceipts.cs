using Blog.Api.Access;
using Blog.Api.Requests;
using Blog.Api.Telemetry;
using Blog.Data;
using Blog.Data.Operate;

namespace Blog.Api.Responses;

/// <summary>What a request asked of the database, in place of its answer.</summary>
/// <param name="Request">As in its first line: <c>GET /users/8?include=posts</c>.</param>
/// <param name="Status">What it would have been answered with.</param>
/// <param name="Budget">What it may ask of the database.</param>
/// <param name="RoundTrips">What it asked, in the order in which it did.</param>
/// <param name="Posts">How many posts the planner reckons with: the bounds of a contract depend on it.</param>
/// <param name="Holds">Whether every statement that was executed keeps to its contract.</param>
/// <param name="Statements">Sent once more with the same arguments, in the same order.</param>
public sealed record RequestReceipt(
    string Request,
    int Status,
    SqlAllowance? Budget,
    IReadOnlyList<TripReceipt> RoundTrips,
    long Posts,
    bool Holds,
    IReadOnlyList<StatementReceipt> Statements
);

/// <summary>One wait of the request for the database.</summary>
/// <param name="Files">What was sent.</param>
/// <param name="Rows">How many came back.</param>
/// <param name="Milliseconds">From sending it to the last row.</param>
public sealed record TripReceipt(IReadOnlyList<string> Files, long Rows, double Milliseconds);

/// <summary>The operation can be asked for its receipt in place of its answer.</summary>
sealed record OffersReceipt
{
    public static OffersReceipt Instance { get; } = new();
}

/// <summary>
/// Receipts, where the operator has switched them on: a request that wants one is answered as if it wanted JSON, and then what it sent is
/// measured and shown in place of that. A request that asked the database nothing, or ended in an error other than 404, is answered as ever.
/// </summary>
static class PlanReceipts
{
    /// <summary>The setting: <see cref="Off"/> where it is not set.</summary>
    public const string Setting = "Sql:Explain";

    /// <summary>Whoever may read and has the right to see SQL may see the plans.</summary>
    public const string On = "on";

    /// <summary>The type is one that nobody has heard of.</summary>
    public const string Off = "off";

    /// <summary>Content-Type of a receipt.</summary>
    public const string ContentType = "application/vnd.blog.plan+json";

    /// <summary>Whether the setting has a value that means something.</summary>
    public static bool IsKnown(IConfiguration configuration) => configuration[Setting] is null or On or Off;

    /// <summary>The operation can be asked for its receipt.</summary>
    public static TBuilder WithReceipt<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(OffersReceipt.Instance);

    /// <summary>Nothing at all where they are not switched on.</summary>
    public static void UsePlanReceipts(this WebApplication app)
    {
        if (app.Configuration[Setting] == On)
        {
            app.Use(AnswerAsync);
        }
    }

    static Task AnswerAsync(HttpContext context, RequestDelegate next)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OffersReceipt>() is not { } offer)
        {
            return next(context);
        }

        context.Features.Set(offer);
        return !IsWanted(context) ? next(context)
            : Refusals.Of(Caller.Of(context), Scopes.Sql) is { } refusal ? refusal.ExecuteAsync(context)
            : AnswerWithReceiptAsync(context, next);
    }

    /// <summary>Whether it is asked for. Whoever asks without the right to see plans is told which one is missing.</summary>
    static bool IsWanted(HttpContext context) =>
        RequestChecks.Admits(context.Request, ContentType)
        && RequestChecks.Prefers(context.Request, ContentType, RequestChecks.Json);

    static async Task AnswerWithReceiptAsync(HttpContext context, RequestDelegate next)
    {
        var (request, response) = (context.Request, context.Response);
        request.Headers.Accept = RequestChecks.Json;
        var sent = SqlUsage.KeepSent();
        var body = response.Body;
        await using var representation = new MemoryStream();
        response.Body = representation;
        try
        {
            await next(context);
        }
        finally
        {
            response.Body = body;
        }

        if (sent.Count == 0)
        {
            representation.Position = 0;
            await representation.CopyToAsync(body, context.RequestAborted);
            return;
        }

        var (statements, posts) = await context
            .RequestServices.GetRequiredService<ReceiptProbe>()
            .MeasureAsync(sent, context.RequestAborted);
        foreach (var statement in statements)
        {
            if (statement.Holds is { } holds)
            {
                ApiMeter.CountContract(statement.Id[..statement.Id.IndexOf(' ', StringComparison.Ordinal)], holds);
            }
        }

        var receipt = new RequestReceipt(
            $"{request.Method} {request.Path}{request.QueryString}",
            response.StatusCode,
            RequestBudget.Of(context),
            [.. sent.Select(trip => new TripReceipt(trip.Query.FileIds, trip.Rows, trip.Elapsed.TotalMilliseconds))],
            posts,
            statements.All(statement => statement.Holds is not false),
            statements
        );
        response.Clear();
        await response.WriteJsonAsync(receipt, ContentType);
    }
}
