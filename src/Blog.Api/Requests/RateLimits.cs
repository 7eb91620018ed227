using System.Globalization;
using System.Threading.RateLimiting;
using Blog.Api.Problems;

namespace Blog.Api.Requests;

/// <summary>An endpoint that is answered however often it is asked.</summary>
sealed record Unlimited;

/// <summary>
/// How many requests a minute one client has, where <c>Limits:RequestsPerMinute</c> says so; 304 costs none. Each is counted when it
/// comes, so that many at once do not all see the last one that is left; that of a 304 is given back. Clients who have been away
/// for ten seconds with all of it are forgotten (<see cref="PartitionedRateLimiter"/>).
/// </summary>
/// <param name="next">What answers.</param>
/// <param name="perMinute">Requests of one client.</param>
sealed class RateLimits(RequestDelegate next, int perMinute)
{
    public const string Setting = "Limits:RequestsPerMinute";

    const int AtMost = 1_000_000;

    readonly PartitionedRateLimiter<HttpContext> clients = PartitionedRateLimiter.Create<HttpContext, string>(context =>
        RateLimitPartition.Get<string>(RateKey.Of(context), _ => new TokenBucket(perMinute, TimeProvider.System))
    );

    // https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/
    readonly string policy = string.Create(CultureInfo.InvariantCulture, $"\"default\";q={perMinute};w=60");

    /// <summary>What is wrong with the setting, in a sentence; null where nothing is.</summary>
    public static string? FaultOf(IConfiguration configuration) =>
        Read(configuration) is null
            ? $"Limits__RequestsPerMinute is a whole number from 0, for no limit, to {AtMost}, not \"{configuration[Setting]}\"."
            : null;

    /// <summary>Requests a minute; 0 where there is no limit, null where the setting is no number that means something.</summary>
    public static int? Read(IConfiguration configuration) =>
        configuration[Setting] is not { Length: > 0 } setting ? 0
        : int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= AtMost
            ? number
        : null;

    public Task InvokeAsync(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<Unlimited>() is not null)
        {
            return next(context);
        }

        var token = (TokenBucket.Token)clients.AttemptAcquire(context);
        context.Response.OnStarting(() =>
        {
            Settle(context.Response, token);
            return Task.CompletedTask;
        });
        return token.IsAcquired ? next(context) : KnownProblems.QuotaExceeded.ExecuteAsync(context);
    }

    void Settle(HttpResponse response, TokenBucket.Token token)
    {
        if (response.StatusCode == StatusCodes.Status304NotModified)
        {
            token.Bucket.GiveBack();
        }

        var (remaining, wait) = token.Bucket.Look();
        var seconds = Math.Ceiling(wait.TotalSeconds);
        var headers = response.Headers;
        headers["RateLimit-Policy"] = policy;
        headers["RateLimit"] = string.Create(CultureInfo.InvariantCulture, $"\"default\";r={remaining};t={seconds}");
        if (!token.IsAcquired)
        {
            headers.RetryAfter = Math.Max(1, seconds).ToString(CultureInfo.InvariantCulture);
        }
    }
}

static class RateLimitSetup
{
    /// <summary>Leaves an endpoint out of what is counted.</summary>
    public static TBuilder WithoutRateLimit<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder => builder.WithMetadata(new Unlimited());

    /// <summary>Counts what comes in behind here. Nothing where there is no limit.</summary>
    public static void UseRateLimits(this WebApplication app)
    {
        if (RateLimits.Read(app.Configuration) is > 0 and var perMinute)
        {
            app.UseMiddleware<RateLimits>(perMinute);
        }
    }
}
