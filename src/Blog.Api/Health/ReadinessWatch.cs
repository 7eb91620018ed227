using System.Data.Common;
using System.Diagnostics;
using Blog.Api.Telemetry;
using Blog.Data;
using Blog.Data.Health;

namespace Blog.Api.Health;

/// <summary>Looks at the database when the service starts and whenever somebody asks, and logs what has changed since the last look.</summary>
sealed partial class ReadinessWatch(Readiness readiness, WarmUp warmUp, ILogger<ReadinessWatch> log) : BackgroundService
{
    readonly Lock gate = new();
    Task<ReadinessReport>? look;
    string? said;

    /// <summary>Looks at the database now, or learns what the look finds that somebody else has begun.</summary>
    /// <exception cref="DbException">It cannot be reached, has not answered in time, or there is no blog in it.</exception>
    public async Task<ReadinessReport> CheckAsync(CancellationToken cancellationToken)
    {
        Task<ReadinessReport> current;
        lock (gate)
        {
            current = look is { IsCompleted: false } underWay ? underWay : look = LookInTimeAsync();
        }

        try
        {
            return await current.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException late) when (Deadline.Current is { IsOver: true })
        {
            throw new NoConnectionException(late);
        }
    }

    /// <summary>Looks at the database now, for as long as the current deadline gives it.</summary>
    /// <inheritdoc cref="CheckAsync" path="/exception" />
    public async Task<ReadinessReport> LookAsync(CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        ReadinessReport report;
        try
        {
            report = await readiness.CheckAsync(cancellationToken);
        }
        catch (Exception late)
            when (late is OperationCanceledException or UnansweredException && Deadline.Current is { IsOver: true })
        {
            // A database that has not answered until the deadline is one that cannot be reached.
            ApiMeter.SayReady(false);
            throw new NoConnectionException(late);
        }
        catch
        {
            ApiMeter.SayReady(false);
            throw;
        }

        ApiMeter.SayReady(report.IsReady);
        var findings = string.Join(
            "; ",
            [
                .. report.MissingMigrations.Select(script => $"migration {script} is missing"),
                .. report.Drift.Select(drift => drift.ToString()),
                .. report.Warnings,
            ]
        );
        if (Interlocked.Exchange(ref said, findings) != findings)
        {
            if (report.IsReady)
            {
                LogReady(report.Statements, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }

            if (findings.Length > 0)
            {
                LogFindings(report.IsReady ? "Ready, but" : "Not ready", findings);
            }
        }

        return report;
    }

    /// <summary>Nobody's own: it goes on where the one who began it has gone.</summary>
    async Task<ReadinessReport> LookInTimeAsync()
    {
        // The gate is not kept for as long as it takes to begin.
        await Task.Yield();
        using var deadline = Deadline.Begin(HealthRoutes.LookWithin, CancellationToken.None);
        return await LookAsync(deadline.Token);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Both would be longer about it side by side.
            await warmUp.Ended.WaitAsync(stoppingToken);
            await LookAsync(stoppingToken);
        }
        catch (DbException failure)
        {
            LogNoLook(failure.Message);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It stops before it has looked.
        }
    }

    [LoggerMessage(LogLevel.Information, "Ready: {Statements} statements prepared and compared in {Milliseconds} ms")]
    partial void LogReady(int statements, long milliseconds);

    [LoggerMessage(LogLevel.Warning, "{Verdict}: {Findings}")]
    partial void LogFindings(string verdict, string findings);

    [LoggerMessage(LogLevel.Warning, "Not ready: {Reason}")]
    partial void LogNoLook(string reason);
}
