using System.Diagnostics;
using System.Diagnostics.Metrics;
using Npgsql;

namespace Blog.Data;

/// <summary>
/// What the door shows to a tracer and a meter, in the words of OpenTelemetry's conventions for databases
/// (https://opentelemetry.io/docs/specs/semconv/database/). Nothing in it is the value of an argument.
/// </summary>
static class DoorSignals
{
    const string SummaryTag = "db.query.summary";
    const string CommitSummary = "commit";

    static readonly KeyValuePair<string, object?> system = new("db.system.name", "postgresql");
    static readonly ActivitySource source = new(BlogData.SourceName);
    static readonly Meter meter = new(BlogData.SourceName);
    static readonly Histogram<double> durations = meter.CreateHistogram(
        "db.client.operation.duration",
        "s",
        "Round trips to the database, by query of the catalogue.",
        tags: null,
        // As the conventions recommend.
        new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10] }
    );
    static readonly Counter<long> rowsOverBudget = meter.CreateCounter<long>(
        "blog.sql.rows_over_budget",
        "{round trip}",
        "Round trips that returned more rows than the header of their query allows."
    );
    static readonly Counter<long> refused = meter.CreateCounter<long>(
        "blog.sql.refused",
        "{round trip}",
        "Round trips that strict budgets did not send, or whose rows they did not hand on."
    );

    /// <summary>Begins the span of a round trip; null where nobody listens.</summary>
    public static Activity? Begin(string summary, NpgsqlConnection connection)
    {
        if (!source.HasListeners())
        {
            return null;
        }

        return source
            .StartActivity(summary, ActivityKind.Client)
            ?.SetTag(system.Key, system.Value)
            .SetTag(SummaryTag, summary)
            .SetTag("db.namespace", connection.Database)
            .SetTag("server.address", connection.Host)
            .SetTag("server.port", connection.Port);
    }

    /// <inheritdoc cref="Begin" />
    public static Activity? BeginCommit(NpgsqlConnection connection) => Begin(CommitSummary, connection);

    public static void EndCommit(Activity? span, TimeSpan elapsed, Exception? failure) =>
        End(span, CommitSummary, elapsed, failure);

    /// <summary>Ends the span and records the duration.</summary>
    public static void End(Activity? span, string summary, TimeSpan elapsed, Exception? failure)
    {
        var query = new KeyValuePair<string, object?>(SummaryTag, summary);
        if (failure is null)
        {
            durations.Record(elapsed.TotalSeconds, system, query);
        }
        else
        {
            var type = TypeOf(failure);
            durations.Record(elapsed.TotalSeconds, system, query, new("error.type", type));
            span?.SetTag("error.type", type).SetStatus(ActivityStatusCode.Error, failure.GetType().Name);
            if (failure is PostgresException { SqlState: var state })
            {
                span?.SetTag("db.response.status_code", state);
            }
        }

        span?.Dispose();
    }

    public static void CountRowsOverBudget(string summary) =>
        rowsOverBudget.Add(1, new KeyValuePair<string, object?>(SummaryTag, summary));

    public static void CountRefused(string summary) =>
        refused.Add(1, new KeyValuePair<string, object?>(SummaryTag, summary));

    /// <summary>Where the server says what went wrong it is its SQLSTATE, else the name of the exception.</summary>
    static string TypeOf(Exception failure) =>
        failure is PostgresException { SqlState: var state } ? state : failure.GetType().FullName!;
}
