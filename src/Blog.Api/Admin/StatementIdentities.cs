using System.Data.Common;
using Blog.Data.Operate;

namespace Blog.Api.Admin;

/// <summary>Finds out when the service starts by which identifier of pg_stat_statements its server knows each statement.</summary>
sealed partial class StatementIdentities(SqlStatistics statistics, ILogger<StatementIdentities> log) : BackgroundService
{
    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await statistics.IdentifyAsync(stoppingToken);
        }
        catch (Exception failure) when (failure is DbException or StatisticsUnavailableException)
        {
            // Whoever asks for them asks the server again, and is told.
            LogUnknown(failure.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It stops before they are known.
        }
    }

    [LoggerMessage(LogLevel.Information, "The identifiers of the statements are not known yet: {Reason}")]
    partial void LogUnknown(string reason);
}
