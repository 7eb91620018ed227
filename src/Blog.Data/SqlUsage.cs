using System.Diagnostics;
using Blog.Data.Catalogue;

namespace Blog.Data;

/// <summary>One wait for the server: the name of the query, or <c>commit</c>, and how long it took.</summary>
public readonly record struct RoundTrip(string Name, TimeSpan Elapsed);

/// <summary>A query that was sent, with all that it takes to send it again.</summary>
/// <param name="Query">One of the catalogue, or several in one round trip.</param>
/// <param name="Arguments">What it was given, by the names of the members; null where it takes nothing.</param>
/// <param name="Rows">How many came back.</param>
/// <param name="Elapsed">How long the round trip took.</param>
public sealed record SentQuery(Query Query, object? Arguments, long Rows, TimeSpan Elapsed);

/// <summary>A round trip that has ended.</summary>
/// <param name="Sent">What was sent.</param>
/// <param name="AllowedRows">How many rows its header allows for these arguments.</param>
/// <param name="IsStored">Whether what it wrote is committed.</param>
/// <param name="Span">Its span; null where nobody listened.</param>
sealed record EndedTrip(SentQuery Sent, long AllowedRows, bool IsStored, ActivityContext? Span)
{
    /// <summary>Counts it for the current unit of work too, which had its part in it while another one sent it.</summary>
    public void Share()
    {
        SqlUsage.Current?.Record(this);
        if (Span is { } span)
        {
            Activity.Current?.AddLink(new(span));
        }
    }
}

/// <summary>
/// What one unit of work asked of the database. Whoever opens one with <see cref="Begin"/> sees everything that is sent
/// until it is disposed, from this flow of control and those it starts.
/// </summary>
public sealed class SqlUsage : IDisposable
{
    static readonly AsyncLocal<SqlUsage?> current = new();

    readonly Lock gate = new();
    readonly List<RoundTrip> roundTrips = [];
    readonly Func<SqlAllowance?>? allowance;
    readonly bool isStrict;
    List<SentQuery>? sent;
    int attempts = 1;
    bool isStored;
    bool isRefused;

    SqlUsage(Func<SqlAllowance?>? allowance, bool isStrict)
    {
        this.allowance = allowance;
        this.isStrict = isStrict;
    }

    /// <summary>Statements sent; <c>begin</c> and <c>commit</c> are not counted.</summary>
    public int Statements { get; private set; }

    /// <summary>Waits for the server, in order; those of a commit are among them.</summary>
    public IReadOnlyList<RoundTrip> RoundTrips => roundTrips;

    /// <summary>Rows that came back.</summary>
    public long Rows { get; private set; }

    /// <summary>The queries that returned more rows than their header allows; empty when all kept to it.</summary>
    public IReadOnlyList<string> OverBudget { get; private set; } = [];

    /// <summary>Whether it asked more than it may, or was kept from it.</summary>
    public bool IsOver =>
        isRefused
        || OverBudget.Count > 0
        || (Allowed() is { } most && (Statements > most.Statements || roundTrips.Count > most.Trips));

    internal static SqlUsage? Current => current.Value;

    /// <summary>Starts to count.</summary>
    /// <param name="allowance">Says what it may ask, each time anew; null for whatever it needs.</param>
    /// <param name="isStrict">Whether what goes beyond is refused; otherwise it is counted.</param>
    public static SqlUsage Begin(Func<SqlAllowance?>? allowance = null, bool isStrict = false) =>
        current.Value = new SqlUsage(allowance, isStrict);

    /// <summary>From here on the current unit of work keeps what it sends, for whoever explains it afterwards.</summary>
    /// <returns>What was sent so far, in its order; grows with each round trip.</returns>
    /// <exception cref="InvalidOperationException">Nobody counts.</exception>
    public static IReadOnlyList<SentQuery> KeepSent() =>
        (Current ?? throw new InvalidOperationException("Nobody counts what is sent.")).sent = [];

    /// <summary>What is asked from here on is the same once more: the current unit of work may ask as much again.</summary>
    public static void BeginAttempt()
    {
        if (Current is { } usage)
        {
            usage.attempts++;
            usage.isRefused = false;
        }
    }

    /// <summary>Stops counting here; what was counted stays readable.</summary>
    public void Dispose() => current.Value = null;

    /// <summary>To be asked before anything is sent.</summary>
    /// <exception cref="BudgetExceededException">It would be more than the unit of work may ask.</exception>
    internal void Admit(string summary, int statements)
    {
        if (
            isStrict
            && Allowed() is { } most
            && (Statements + statements > most.Statements || roundTrips.Count + 1 > most.Trips)
        )
        {
            throw Refuse(
                summary,
                $"{summary} was not sent: {Statements} of {most.Statements} statements and {roundTrips.Count} of {most.Trips} trips were used",
                isStored
            );
        }
    }

    /// <summary>To be asked before rows are handed on.</summary>
    /// <exception cref="BudgetExceededException">They are more than the header of the query allows.</exception>
    internal void AdmitRows(Query query, long rows, long allowedRows, bool isCommitted)
    {
        if (isStrict && rows > allowedRows && allowance?.Invoke() is not null)
        {
            throw Refuse(
                query.Id,
                $"{query.Id} returned {rows} rows or more, where {allowedRows} are allowed",
                isStored || (isCommitted && query.Writes)
            );
        }
    }

    internal void Record(EndedTrip trip)
    {
        var ((query, _, rows, elapsed), allowedRows, isStored, _) = trip;
        lock (gate)
        {
            sent?.Add(trip.Sent);
            Statements += query.Statements.Count;
            Rows += rows;
            roundTrips.Add(new(query.TimingName, elapsed));
            this.isStored |= isStored && query.Writes;
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
            isStored = true;
        }
    }

    SqlAllowance? Allowed() =>
        allowance?.Invoke() is { } most ? new(attempts * most.Statements, attempts * most.Trips) : null;

    BudgetExceededException Refuse(string summary, string what, bool isStored)
    {
        isRefused = true;
        DoorSignals.CountRefused(summary);
        return new(what, isStored);
    }
}
