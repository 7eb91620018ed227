using Blog.Data;

namespace Blog.Api.Requests;

/// <summary>How long an operation may take where that is neither the usual nor for the client to say.</summary>
/// <param name="Of">Says it for a request.</param>
sealed record OwnDeadline(Func<HttpContext, TimeSpan> Of);

/// <summary>Every request ends: after ten seconds, after those of <c>Prefer: wait</c>, or after those of its operation.</summary>
static class Deadlines
{
    static readonly TimeSpan usual = TimeSpan.FromSeconds(10);

    /// <summary>The operation has a deadline of its own, whatever the client prefers.</summary>
    public static TBuilder WithDeadline<TBuilder>(this TBuilder builder, Func<HttpContext, TimeSpan> of)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new OwnDeadline(of));

    /// <summary>Bounds what comes after it: its token is that of the request from here on, cancelled at the deadline or when the client hangs up.</summary>
    public static async Task BoundAsync(HttpContext context, RequestDelegate next)
    {
        var hangUp = context.RequestAborted;
        using var deadline = Deadline.Begin(Of(context), hangUp);
        context.RequestAborted = deadline.Token;
        try
        {
            await next(context);
        }
        finally
        {
            context.RequestAborted = hangUp;
        }
    }

    static TimeSpan Of(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<OwnDeadline>() is { } own)
        {
            return own.Of(context);
        }

        var preferences = Preferences.Of(context);
        return preferences.Wait is { } seconds ? preferences.SayWaited(context.Response, seconds) : usual;
    }
}
