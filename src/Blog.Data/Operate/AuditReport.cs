namespace Blog.Data.Operate;

/// <summary>The end of an audit: <c>{"role","seen","unknown","unseen","driver"}</c>.</summary>
/// <param name="Role">Whose statements.</param>
/// <param name="Seen">How many statements of the catalogue were executed.</param>
/// <param name="Unknown">What else was, but for the driver's own; empty where nothing but the catalogue has spoken.</param>
/// <param name="Unseen">Statements of the catalogue that were not executed.</param>
/// <param name="Driver">The driver's own.</param>
public sealed record AuditReport(
    string Role,
    int Seen,
    IReadOnlyList<UnknownStatement> Unknown,
    IReadOnlyList<string> Unseen,
    IReadOnlyList<DriverCalls> Driver
)
{
    /// <summary>Sums an audit up.</summary>
    public static AuditReport Of(SqlAudit audit)
    {
        ArgumentNullException.ThrowIfNull(audit);
        return new(
            audit.Role,
            audit.Seen.Count,
            [.. audit.Unknown.Select(row => new UnknownStatement(row.QueryId, row.Calls, row.Query))],
            audit.Unseen,
            audit.Driver
        );
    }
}

/// <summary>A statement that is not in the catalogue.</summary>
/// <param name="QueryId">Its identifier on this server.</param>
/// <param name="Calls">How often it was executed.</param>
/// <param name="Query">The text of its first call, constants replaced.</param>
public sealed record UnknownStatement(long QueryId, long Calls, string Query);
