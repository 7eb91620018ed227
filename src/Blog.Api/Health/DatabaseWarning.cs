using Blog.Data;

namespace Blog.Api.Health;

/// <summary>Says once, at the start, that the way to the database is open to whoever is in between.</summary>
sealed partial class DatabaseWarning(string connectionString, ILogger<DatabaseWarning> log) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (ConnectionText.UnverifiedHost(connectionString) is { } host)
        {
            LogUnverified(host);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(
        LogLevel.Warning,
        "The database at {Host} need not prove who it is: SSL Mode=VerifyFull is not in the connection string"
    )]
    partial void LogUnverified(string host);
}
