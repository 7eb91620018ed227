using System.Diagnostics.Metrics;

namespace Blog.Api.Telemetry;

/// <summary>What only this service counts of its answers; requests and their durations are the server's own.</summary>
static class ApiMeter
{
    public const string Name = "Blog.Api";

    static readonly Meter meter = new(Name);
    static readonly Counter<long> problems = meter.CreateCounter<long>(
        "blog.problems",
        "{answer}",
        "Errors answered, by their code."
    );
    static readonly Counter<long> retries = meter.CreateCounter<long>(
        "blog.retries",
        "{attempt}",
        "Operations that were done again, because the database had done nothing of them: another write was at the same rows, or the connection was gone."
    );
    static readonly Counter<long> overBudget = meter.CreateCounter<long>(
        "blog.sql.requests_over_budget",
        "{request}",
        "Requests that asked more of the database than the budget of their operation, or were kept from it."
    );
    static readonly Counter<long> contracts = meter.CreateCounter<long>(
        "blog.sql.contracts",
        "{statement}",
        "Statements that a receipt has measured, by whether both plans kept to their contract."
    );
    static readonly Gauge<int> ready = meter.CreateGauge<int>(
        "blog.ready",
        "{state}",
        "What the last look at the readiness found: 1 ready, 0 not."
    );

    /// <param name="reason">write_conflict or connection.</param>
    public static void CountRetry(string reason) =>
        retries.Add(1, new KeyValuePair<string, object?>("blog.retry.reason", reason));

    /// <param name="code">One of the stable codes.</param>
    /// <param name="status">The HTTP status.</param>
    public static void CountProblem(string code, int status)
    {
        if (problems.Enabled)
        {
            problems.Add(1, new("blog.problem.code", code), new("http.response.status_code", status));
        }
    }

    public static void CountOverBudget(Endpoint? endpoint) =>
        overBudget.Add(
            1,
            new KeyValuePair<string, object?>("http.route", (endpoint as RouteEndpoint)?.RoutePattern.RawText)
        );

    /// <param name="query">Id of the file.</param>
    /// <param name="holds">Whether both plans kept to its contract.</param>
    public static void CountContract(string query, bool holds) =>
        contracts.Add(1, new("db.query.summary", query), new("blog.contract.holds", holds ? "true" : "false"));

    public static void SayReady(bool isReady) => ready.Record(isReady ? 1 : 0);
}
