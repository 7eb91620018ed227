using System.Data;
using System.Data.Common;
using Blog.Data.Catalogue;
using Npgsql;

namespace Blog.Data.Operate;

/// <summary>What pg_stat_statements has counted, held against the catalogue.</summary>
public sealed class SqlStatistics(BlogData data)
{
    internal const string NotInstalled =
        "pg_stat_statements is not installed in this database: create extension pg_stat_statements.";

    static readonly Query findStatistics = QueryCatalogue.Find("operate/find_statistics");
    static readonly Query getStatistics = QueryCatalogue.Find("operate/get_statistics");

    readonly Lock oneAtATime = new();

    Task<IReadOnlyList<StatementIdentity>>? asked;

    /// <summary>
    /// Asks the server by which identifier it knows each statement, and remembers it. The round trips of the probe; none where it is known already.
    /// </summary>
    /// <exception cref="StatisticsUnavailableException">The server computes no identifiers.</exception>
    /// <exception cref="DbException">A statement of the catalogue does not fit the database.</exception>
    public Task<IReadOnlyList<StatementIdentity>> IdentifyAsync(CancellationToken cancellationToken) =>
        IdentifyAsync(null, cancellationToken);

    /// <summary>
    /// Everything that a role has sent in this database since the statistics were reset. Two round trips; those of the probe as well where the
    /// identifiers are not known yet, or something is found that has none of them: a table that was made anew gives its statements others.
    /// </summary>
    /// <param name="role">Whose statements, usually blog_app.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="StatisticsUnavailableException">It cannot be told: the extension or a right is missing.</exception>
    /// <exception cref="DbException">The database failed, or a statement of the catalogue does not fit it.</exception>
    public async Task<SqlAudit> AuditAsync(string role, CancellationToken cancellationToken)
    {
        var (counted, since) = await ReadAsync(role, cancellationToken);
        var identities = await IdentifyAsync(null, cancellationToken);
        return Compare(role, counted, since, identities) is { Unknown: [] } audit
            ? audit
            : Compare(role, counted, since, await IdentifyAsync(identities, cancellationToken));
    }

    /// <summary>Who comes while somebody else asks gets that answer too; whoever leaves does not end it for the others.</summary>
    /// <param name="doubted">Those that are not believed any more; null: whatever is known is believed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<StatementIdentity>> IdentifyAsync(
        IReadOnlyList<StatementIdentity>? doubted,
        CancellationToken cancellationToken
    )
    {
        lock (oneAtATime)
        {
            if (
                asked is null or { IsCompleted: true, IsCompletedSuccessfully: false }
                || (asked.IsCompletedSuccessfully && asked.Result == doubted)
            )
            {
                asked = new StatementProbe(data).IdentifyAsync(CancellationToken.None);
            }

            return asked.WaitAsync(cancellationToken);
        }
    }

    static SqlAudit Compare(
        string role,
        IReadOnlyList<StatementStatistics> counted,
        DateTime? since,
        IReadOnlyList<StatementIdentity> identities
    )
    {
        var known = identities.ToLookup(identity => identity.QueryId);
        var seen = counted.Where(row => known.Contains(row.QueryId)).ToDictionary(row => row.QueryId);
        var others = counted
            .Where(row => !known.Contains(row.QueryId))
            .Select(row => (Name: DriverStatements.NameOf(row.Query), Statement: row))
            .ToList();
        return new(
            role,
            [
                .. identities
                    .Where(identity => seen.ContainsKey(identity.QueryId))
                    .Select(identity => new SeenStatement(identity.Query, identity.Number, seen[identity.QueryId])),
            ],
            [.. others.Where(row => row.Name is null).Select(row => row.Statement)],
            [.. identities.Where(identity => !seen.ContainsKey(identity.QueryId)).Select(identity => identity.Name)],
            [
                .. others
                    .Where(row => row.Name is not null)
                    .GroupBy(row => row.Name!, row => row.Statement.Calls, StringComparer.Ordinal)
                    .Select(group => new DriverCalls(group.Key, group.Sum()))
                    .OrderBy(calls => calls.Name, StringComparer.Ordinal),
            ],
            identities,
            counted.Sum(row => row.TotalMs),
            since
        );
    }

    /// <summary>Whether a query cannot be prepared without the extension.</summary>
    internal static bool NeedsExtension(Query query) => query == getStatistics;

    /// <summary>Puts the schema of the extension on the path of the transaction. One round trip.</summary>
    /// <returns>Whether the extension is installed in this database.</returns>
    internal static async Task<bool> FindAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            findStatistics,
            null,
            transaction,
            cancellationToken
        );
        return (await sets.ReadAsync<PlaceRow>()).Single().ExtensionSchema is not null;
    }

    async Task<(IReadOnlyList<StatementStatistics> Counted, DateTime? Since)> ReadAsync(
        string role,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenWatchAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        if (!await FindAsync(transaction, cancellationToken))
        {
            throw new StatisticsUnavailableException(NotInstalled);
        }

        try
        {
            await using var sets = await BlogData.QueryAsync(
                session,
                getStatistics,
                new { roleName = role },
                transaction,
                cancellationToken
            );
            var rows = await sets.ReadAsync<StatisticsRow>();
            var reset = (await sets.ReadAsync<ResetRow>()).Single();
            return rows.Any(row => row.QueryId is null)
                ? throw new StatisticsUnavailableException(
                    $"This role may not see what {role} sent. Grant it pg_monitor, or connect as {role}."
                )
                : ([.. rows.Select(row => row.ToStatistics())], reset.Since);
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.ObjectNotInPrerequisiteState)
        {
            throw new StatisticsUnavailableException(
                "pg_stat_statements is not loaded: add it to shared_preload_libraries and restart the server.",
                failure
            );
        }
        catch (PostgresException failure) when (failure.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new StatisticsUnavailableException(
                "pg_stat_statements is older than its version 1.9 in this database: alter extension pg_stat_statements update.",
                failure
            );
        }
    }

    sealed record PlaceRow(string? ExtensionSchema, string SearchPath);

    sealed record ResetRow(DateTime? Since);

    sealed record StatisticsRow(
        long? QueryId,
        string Query,
        long Calls,
        double TotalMs,
        long Rows,
        long BlocksHit,
        long BlocksRead
    )
    {
        public StatementStatistics ToStatistics() =>
            new(QueryId!.Value, Query, Calls, TotalMs, Rows, BlocksHit, BlocksRead);
    }
}

/// <summary>A row of pg_stat_statements, of one role and database.</summary>
/// <param name="QueryId">Its identifier on this server.</param>
/// <param name="Query">The text of its first call, constants replaced.</param>
/// <param name="Calls">How often it was executed.</param>
/// <param name="TotalMs">Milliseconds in all.</param>
/// <param name="Rows">Rows returned or written in all.</param>
/// <param name="BlocksHit">Blocks of 8 KiB found in the server's memory.</param>
/// <param name="BlocksRead">Blocks that were not.</param>
public sealed record StatementStatistics(
    long QueryId,
    string Query,
    long Calls,
    double TotalMs,
    long Rows,
    long BlocksHit,
    long BlocksRead
);

/// <summary>A statement of the catalogue that was executed.</summary>
public sealed record SeenStatement(Query Query, int Number, StatementStatistics Statistics);

/// <summary>How often the driver sent something of its own: begin, commit, the loading of types.</summary>
public sealed record DriverCalls(string Name, long Calls);

/// <summary>Everything that a role has sent, sorted by where it comes from.</summary>
/// <param name="Role">Whose statements these are.</param>
/// <param name="Seen">Statements of the catalogue that were executed, in its order.</param>
/// <param name="Unknown">Whatever else was; empty where nothing but the catalogue and the driver has spoken.</param>
/// <param name="Unseen">Statements of the catalogue that were not executed: <c>users/get_user 1</c>.</param>
/// <param name="Driver">What the driver sent of its own, and the probe.</param>
/// <param name="Identities">The identifier of every statement of the catalogue on this server, in its order.</param>
/// <param name="TotalMs">Milliseconds of everything that the role has sent.</param>
/// <param name="Since">When counting began; null where the server does not say.</param>
public sealed record SqlAudit(
    string Role,
    IReadOnlyList<SeenStatement> Seen,
    IReadOnlyList<StatementStatistics> Unknown,
    IReadOnlyList<string> Unseen,
    IReadOnlyList<DriverCalls> Driver,
    IReadOnlyList<StatementIdentity> Identities,
    double TotalMs,
    DateTime? Since
);

/// <summary>It cannot be told what was sent; the message is for an operator and says what to do.</summary>
public sealed class StatisticsUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
