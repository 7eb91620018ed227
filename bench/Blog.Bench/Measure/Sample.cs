namespace Blog.Bench.Measure;

/// <summary>What one load of one entrant has come to.</summary>
/// <param name="Endpoint">As the report calls it.</param>
/// <param name="Entrant">As the command line calls it.</param>
/// <param name="Round">From 1.</param>
/// <param name="Seconds">How long it was.</param>
/// <param name="Succeeded">Requests; only these count.</param>
/// <param name="Failed">Requests.</param>
/// <param name="P50">In milliseconds; 0 where nobody measured it.</param>
/// <param name="P99">In milliseconds; 0 where nobody measured it.</param>
/// <param name="ServiceSeconds">Processor time of the service.</param>
/// <param name="DatabaseSeconds">Processor time of all processes of PostgreSQL.</param>
/// <param name="ResidentMegabytes">Of the service when the load ended.</param>
/// <param name="PeakMegabytes">Of the service since its start.</param>
sealed record Sample(
    string Endpoint,
    string Entrant,
    int Round,
    double Seconds,
    long Succeeded,
    long Failed,
    double P50,
    double P99,
    double ServiceSeconds,
    double DatabaseSeconds,
    double ResidentMegabytes,
    double PeakMegabytes
)
{
    /// <summary>Requests that succeeded, a second.</summary>
    public double Rate => Succeeded / Seconds;

    /// <summary>Microseconds of the processor a request, of the service.</summary>
    public double ServiceCost => Cost(ServiceSeconds);

    /// <summary>Microseconds of the processor a request, of PostgreSQL.</summary>
    public double DatabaseCost => Cost(DatabaseSeconds);

    /// <summary>Of both.</summary>
    public double WholeCost => ServiceCost + DatabaseCost;

    double Cost(double seconds) => seconds * 1_000_000 / Math.Max(1, Succeeded);
}
