using System.Globalization;

namespace Blog.Api.Health;

/// <summary>
/// The end of the service. First it is not ready, and answers everything all the same, for as long as whoever shares out the requests needs to notice;
/// then it takes no more connections, and answers what it has accepted; then it ends.
/// </summary>
sealed partial class Drain(TimeSpan notice, ILogger<Drain> log) : IHostedLifecycleService
{
    /// <summary>Seconds between not being ready and not being there; 5, in Development 0.</summary>
    public const string Setting = "Shutdown:NoticeSeconds";

    /// <summary>From the signal to the end, whatever is still being answered.</summary>
    public static readonly TimeSpan AtMost = TimeSpan.FromSeconds(30);

    static readonly TimeSpan usual = TimeSpan.FromSeconds(5);

    volatile bool hasBegun;

    /// <summary>Whether the service is told to end.</summary>
    public bool HasBegun => hasBegun;

    /// <summary>How long the notice is; null where the setting is no whole number from 0 to 25.</summary>
    public static TimeSpan? NoticeOf(IConfiguration configuration, IHostEnvironment environment) =>
        configuration[Setting] is not { Length: > 0 } setting
            ? environment.IsDevelopment()
                ? TimeSpan.Zero
                : usual
            : int.TryParse(setting, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= 25
                ? TimeSpan.FromSeconds(seconds)
                : null;

    /// <inheritdoc />
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        hasBegun = true;
        LogStopping((int)notice.TotalSeconds);
        await Task.Delay(notice, cancellationToken);
    }

    /// <inheritdoc />
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StoppedAsync(CancellationToken cancellationToken)
    {
        LogStopped();
        return Task.CompletedTask;
    }

    [LoggerMessage(LogLevel.Information, "Told to end: not ready from now on, and no more connections in {Seconds} s")]
    partial void LogStopping(int seconds);

    [LoggerMessage(LogLevel.Information, "Ended: everything that was accepted is answered")]
    partial void LogStopped();
}
