using Blog.Bench.Requests;

namespace Blog.Bench.Report;

/// <summary>What a figure has to be at least, and what it should be.</summary>
/// <param name="Must">Without exception.</param>
/// <param name="Goal">Or a written reason.</param>
/// <param name="IsLowerBetter">Of costs and times.</param>
sealed record Bound(double Must, double Goal, bool IsLowerBetter = false)
{
    /// <summary>In bold where it is not kept, or unknown.</summary>
    public string VerdictOn(double measured) =>
        double.IsNaN(measured) ? "not measured"
        : Keeps(measured, Goal) ? "goal"
        : Keeps(measured, Must) ? "must"
        : "**missed**";

    bool Keeps(double measured, double bound) => IsLowerBetter ? measured <= bound : measured >= bound;
}

/// <summary>The goals of one endpoint, as ratios inside one run.</summary>
/// <param name="Endpoint">Which.</param>
/// <param name="Raw">Requests a second against Npgsql by hand.</param>
/// <param name="EfCore">Requests a second against EF Core.</param>
/// <param name="Reference">Requests a second against the reference.</param>
/// <param name="Cost">Processor time of service and PostgreSQL a request against Npgsql by hand.</param>
/// <param name="Slowest">p99 against Npgsql by hand.</param>
sealed record EndpointGoals(string Endpoint, Bound Raw, Bound EfCore, Bound Reference, Bound Cost, Bound Slowest);

/// <summary>What was decided before anything was measured.</summary>
static class Goals
{
    public static readonly IReadOnlyList<EndpointGoals> All =
    [
        new(Endpoints.Graph, new(0.75, 1.10), new(2.0, 2.8), new(20, 30), Lower(1.30, 0.90), Lower(1.0, 0.7)),
        new(Endpoints.Page, new(1.0, 1.8), new(2.0, 3.5), new(18, 33), Lower(1.0, 0.55), Lower(1.0, 0.7)),
        new(Endpoints.Create, new(0.85, 1.05), new(1.7, 2.2), new(18, 23), Lower(1.15, 0.85), Lower(1.0, 1.0)),
    ];

    /// <summary>Requests a second of a 304 against the 200.</summary>
    public static readonly Bound Unchanged = new(2, 2);

    /// <summary>Peak of this service, in MB.</summary>
    public static readonly Bound Memory = Lower(150, 150);

    /// <summary>From the start to the first answer, in seconds.</summary>
    public static readonly Bound Start = Lower(0.5, 0.5);

    static Bound Lower(double must, double goal) => new(must, goal, IsLowerBetter: true);
}
