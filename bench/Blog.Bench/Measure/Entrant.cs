using Blog.Bench.Requests;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Measure;

/// <summary>Who takes part in the rounds of one endpoint.</summary>
/// <param name="Key">Its name.</param>
/// <param name="LoadAsync">One load: the round, from 0 for the warm-up on, and its seconds.</param>
sealed record Entrant(string Key, Func<int, int, CancellationToken, Task<Sample>> LoadAsync)
{
    /// <param name="endpoint">What is asked.</param>
    /// <param name="service">That is asked.</param>
    /// <param name="database">Whose time is measured too.</param>
    /// <param name="requests">Those of a round, and how many are left out at first.</param>
    public static Entrant Of(
        string endpoint,
        RunningService service,
        ProcessTree database,
        Func<int, CancellationToken, Task<(RequestFile File, int Skip)>> requests
    )
    {
        var key = service.Contestant.Key;
        return new(
            key,
            async (round, seconds, cancellationToken) =>
            {
                var (file, skip) = await requests(round, cancellationToken);
                var (serviceBefore, databaseBefore) = (service.Processes.ProcessorSeconds, database.ProcessorSeconds);
                var load = await service.ScrapedAsync(
                    () => Wrk.LoadAsync(service.Url, file, skip, seconds, cancellationToken),
                    cancellationToken
                );
                var (serviceAfter, databaseAfter) = (service.Processes.ProcessorSeconds, database.ProcessorSeconds);
                if (load.Failed > 0)
                {
                    Progress.Say($"{key} fails {endpoint}: {load.Failures}");
                }

                return new(
                    endpoint,
                    key,
                    round,
                    load.Microseconds / 1e6,
                    load.Succeeded,
                    load.Failed,
                    load.P50 / 1e3,
                    load.P99 / 1e3,
                    serviceAfter - serviceBefore,
                    databaseAfter - databaseBefore,
                    service.Processes.ResidentMegabytes,
                    service.Processes.PeakMegabytes
                );
            }
        );
    }
}
