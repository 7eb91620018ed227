using System.Globalization;
using System.Threading.RateLimiting;
using Blog.Api.Problems;
using Blog.Data;

namespace Blog.Api.Users;

/// <summary>How many streams run at once: each holds a connection to the database for as long as its client likes.</summary>
sealed class StreamPlaces(int places) : IDisposable
{
    public const string Setting = "Limits:Streams";

    const int AtMost = 1000;

    readonly ConcurrencyLimiter limiter = new(new() { PermitLimit = places, QueueLimit = 0 });

    /// <summary>How many more may begin now.</summary>
    public long Free => limiter.GetStatistics()!.CurrentAvailablePermits;

    /// <summary>What is wrong with the setting, in a sentence; null where nothing is.</summary>
    public static string? FaultOf(IConfiguration configuration) =>
        Read(configuration) is null
            ? $"Limits__Streams is a whole number from 1 to {AtMost}, not \"{configuration[Setting]}\"."
            : null;

    /// <summary>How many; null where the setting is no number that means something.</summary>
    public static int? Read(IConfiguration configuration) =>
        configuration[Setting] is not { Length: > 0 } setting ? BlogData.UsualStreams
        : int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number is > 0 and <= AtMost
            ? number
        : null;

    /// <summary>Runs a stream where there is a place for it, else answers at once.</summary>
    public static ValueTask<object?> TakeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        context.HttpContext.RequestServices.GetRequiredService<StreamPlaces>().RunAsync(context, next);

    /// <inheritdoc />
    public void Dispose() => limiter.Dispose();

    async ValueTask<object?> RunAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        using var place = limiter.AttemptAcquire();
        return place.IsAcquired
            ? await next(context)
            : KnownProblems.Overloaded with
            {
                Detail = "As many streams run as may run at once",
            };
    }
}
