using Blog.Data.Catalogue;

namespace Blog.Data;

/// <summary>One wait for the server: the name of the query, or <c>commit</c>, and how long it took.</summary>
public readonly record struct RoundTrip(string Name, TimeSpan Elapsed);

/// <summary>
/// What one unit of work asked of the database. Whoever opens one with <see cref="Begin"/> sees everything that is sent
/// until it is disposed, from this flow of control and those it starts.
/// </summary>
public sealed class SqlUsage : IDisposable
{
    static readonly AsyncLocal<SqlUsage?> current = new();

    readonly Lock gate = new();
    readonly List<RoundTrip> roundTrips = [];

    SqlUsage() { }

    /// <summary>Statements sent; <c>begin</c> and <c>commit</c> are not counted.</summary>
    public int Statements { get; private set; }

    /// <summary>Waits for the server, in order; those of a commit are among them.</summary>
    public IReadOnlyList<RoundTrip> RoundTrips => roundTrips;

    /// <summary>Rows that came back.</summary>
    public long Rows { get; private set; }

    /// <summary>The queries that returned more rows than their header allows; empty when all kept to it.</summary>
    public IReadOnlyList<string> OverBudget { get; private set; } = [];

    internal static SqlUsage? Current => current.Value;

    /// <summary>Starts to count.</summary>
    public static SqlUsage Begin() => current.Value = new SqlUsage();

    /// <summary>Stops counting here; what was counted stays readable.</summary>
    public void Dispose() => current.Value = null;

    internal void Record(Query query, long rows, long allowedRows, TimeSpan elapsed)
    {
        lock (gate)
        {
            Statements += query.Statements.Count;
            Rows += rows;
            roundTrips.Add(new(query.TimingName, elapsed));
            if (rows > allowedRows)
            {
                OverBudget = [.. OverBudget, query.Id];
            }
        }
    }

    internal void RecordCommit(TimeSpan elapsed)
    {
        lock (gate)
        {
            roundTrips.Add(new("commit", elapsed));
        }
    }
}
