using System.Data;
using System.Globalization;
using System.Text.Json;
using Blog.Data.Catalogue;
using Npgsql;

namespace Blog.Data.Operate;

/// <summary>
/// What a server makes of the catalogue: an identifier and a plan for each statement. They are prepared and explained, and executed
/// only where it is measured, on a connection whose role needs the rights that they need.
/// </summary>
public sealed class StatementProbe(BlogData data)
{
    /// <summary>Under this name a statement is prepared, so that whoever reads pg_stat_statements knows the probe.</summary>
    public const string Name = "blog_probe";

    const string Measured = "analyze, buffers, format json";

    static readonly Dictionary<string, string?> noArguments = [];

    /// <summary>The identifier of every statement in pg_stat_statements of this server. Three round trips a statement.</summary>
    /// <exception cref="StatisticsUnavailableException">The server computes no identifiers, or the extension is not installed.</exception>
    /// <exception cref="System.Data.Common.DbException">A statement does not fit the schema, or a right is missing.</exception>
    public async Task<IReadOnlyList<StatementIdentity>> IdentifyAsync(CancellationToken cancellationToken)
    {
        var statements = QueryCatalogue.All.SelectMany(query => StatementsOf(new(query, noArguments))).ToArray();
        var plans = await ExplainAsync(statements, "verbose, format json", PlanMode.Generic, cancellationToken);
        return
        [
            .. statements.Zip(
                plans,
                (statement, plan) => new StatementIdentity(statement.Query, statement.Number, IdentifierIn(plan))
            ),
        ];
    }

    /// <summary>The plans of a file for any arguments, those that the service's role works with. Three round trips a statement.</summary>
    /// <param name="query">Of the catalogue.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="System.Data.Common.DbException">A statement does not fit the schema, or a right is missing.</exception>
    public async Task<QueryPlans> ExplainAsync(Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        var statements = StatementsOf(new(query, noArguments)).ToArray();
        var plans = await ExplainAsync(statements, "verbose", PlanMode.Generic, cancellationToken);
        return new([
            .. statements.Zip(
                plans,
                (statement, plan) =>
                    new QueryPlan(string.Create(CultureInfo.InvariantCulture, $"{query.Id} {statement.Number}"), plan)
            ),
        ]);
    }

    /// <summary>
    /// Executes a file with arguments and measures its plans: rows, buffers and milliseconds of each node. What it writes is rolled
    /// back; a file that only reads is given a transaction that can do nothing else. Three round trips a statement.
    /// </summary>
    /// <param name="query">Of the catalogue.</param>
    /// <param name="mode">Which of the two plans.</param>
    /// <param name="arguments">By name, as PostgreSQL reads them: <c>8</c>, <c>{a,b}</c>; one that is missing is null.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A plan a statement, in their order.</returns>
    /// <exception cref="System.Data.Common.DbException">An argument is not of its type, a statement does not fit the schema, or a right is missing.</exception>
    public async Task<IReadOnlyList<PlanNode>> MeasureAsync(
        Query query,
        PlanMode mode,
        IReadOnlyDictionary<string, string?> arguments,
        CancellationToken cancellationToken
    )
    {
        var statements = StatementsOf(new(query, arguments)).ToArray();
        var plans = await ExplainAsync(statements, Measured, mode, cancellationToken);
        return [.. plans.Select(PlanNode.Parse)];
    }

    /// <summary>
    /// The same for several files that go one after the other in one transaction, in a database that is there to be measured: they may
    /// take numbers of its sequences, which nothing gives back.
    /// </summary>
    /// <inheritdoc cref="MeasureAsync(Query, PlanMode, IReadOnlyDictionary{string, string?}, CancellationToken)"/>
    public async Task<IReadOnlyList<PlanNode>> MeasureAsync(
        IReadOnlyList<ProbedQuery> queries,
        PlanMode mode,
        CancellationToken cancellationToken
    )
    {
        var statements = queries.SelectMany(StatementsOf).ToArray();
        var plans = await ExplainAsync(statements, Measured, mode, cancellationToken, mayDraw: true);
        return [.. plans.Select(PlanNode.Parse)];
    }

    /// <summary>The plans of a file with arguments, none of it executed: what the planner expects. Three round trips a statement.</summary>
    /// <inheritdoc cref="MeasureAsync(Query, PlanMode, IReadOnlyDictionary{string, string?}, CancellationToken)"/>
    public async Task<IReadOnlyList<PlanNode>> EstimateAsync(
        Query query,
        PlanMode mode,
        IReadOnlyDictionary<string, string?> arguments,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(query);
        var statements = StatementsOf(new(query, arguments)).ToArray();
        var plans = await ExplainAsync(statements, "format json", mode, cancellationToken);
        return [.. plans.Select(PlanNode.Parse)];
    }

    static IEnumerable<ProbedStatement> StatementsOf(ProbedQuery probed) =>
        Enumerable
            .Range(1, probed.Query.Statements.Count)
            .Select(number => new ProbedStatement(probed.Query, number, probed.Arguments));

    static long IdentifierIn(string plan)
    {
        using var json = JsonDocument.Parse(plan);
        return json.RootElement[0].TryGetProperty("Query Identifier", out var identifier)
            ? identifier.GetInt64()
            : throw new StatisticsUnavailableException(
                "The server computes no identifiers of statements: compute_query_id is off."
            );
    }

    sealed record ProbedStatement(Query Query, int Number, IReadOnlyDictionary<string, string?> Arguments);

    /// <summary>Explains statements one after the other, in a transaction that is rolled back.</summary>
    async Task<List<string>> ExplainAsync(
        ProbedStatement[] statements,
        string options,
        PlanMode mode,
        CancellationToken cancellationToken,
        bool mayDraw = false
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        if (
            !await SqlStatistics.FindAsync(transaction, cancellationToken)
            && statements.Any(statement => SqlStatistics.NeedsExtension(statement.Query))
        )
        {
            throw new StatisticsUnavailableException(SqlStatistics.NotInstalled);
        }

        await SendAsync("set local standard_conforming_strings = on", cancellationToken);
        await SendAsync(
            mode == PlanMode.Generic
                ? "set local plan_cache_mode = force_generic_plan"
                : "set local plan_cache_mode = force_custom_plan",
            cancellationToken
        );
        // A sequence gives no number in a transaction that can do nothing but read.
        if (
            !statements.Any(one =>
                one.Query.Writes || (mayDraw && one.Query.Text.Contains("nextval(", StringComparison.Ordinal))
            )
        )
        {
            await SendAsync("set transaction read only", cancellationToken);
        }

        var plans = new List<string>(statements.Length);
        var isPrepared = false;
        try
        {
            foreach (var (query, number, arguments) in statements)
            {
                var (text, parameters) = query.Numbered(number);
                await SendAsync(
                    $"prepare {Name}{List(parameters.Select(parameter => parameter.Type))} as {text}",
                    cancellationToken
                );
                isPrepared = true;
                plans.Add(
                    await ReadAsync(
                        $"explain ({options}) execute {Name}{List(parameters.Select(parameter => Literal(arguments.GetValueOrDefault(parameter.Name))))}"
                    )
                );
                await SendAsync($"deallocate {Name}", cancellationToken);
                isPrepared = false;
            }
        }
        finally
        {
            // What is prepared outlives its transaction, and the connection goes back to the pool: unless it is broken, which ends both.
            if (session.Connection.State is ConnectionState.Open)
            {
                await transaction.Driver.RollbackAsync(CancellationToken.None);
                if (isPrepared)
                {
                    await SendAsync($"deallocate {Name}", CancellationToken.None);
                }
            }
        }

        return plans;

        // The parameter's type reads it, and nothing but a quote ends it.
        static string Literal(string? value) =>
            value is null ? "null" : $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

        static string List(IEnumerable<string> items) => items.Any() ? $"({string.Join(", ", items)})" : "";

        async Task SendAsync(string command, CancellationToken ct)
        {
            await using var sent = new NpgsqlCommand(command, session.Connection);
            await sent.ExecuteNonQueryAsync(ct);
        }

        async Task<string> ReadAsync(string command)
        {
            await using var sent = new NpgsqlCommand(command, session.Connection);
            await using var reader = await sent.ExecuteReaderAsync(cancellationToken);
            var lines = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
            {
                lines.Add(reader.GetString(0));
            }

            return string.Join('\n', lines);
        }
    }
}

/// <summary>How a server calls a statement of the catalogue.</summary>
/// <param name="Query">The file.</param>
/// <param name="Number">Which of its statements, from 1.</param>
/// <param name="QueryId">Its identifier in pg_stat_statements.</param>
public sealed record StatementIdentity(Query Query, int Number, long QueryId)
{
    /// <summary>As in its comment: <c>users/get_user 1</c>.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"{Query.Id} {Number}");
}

/// <summary>A file of the catalogue and what it is to be executed with.</summary>
/// <param name="Query">Of the catalogue.</param>
/// <param name="Arguments">By name, as PostgreSQL reads them; one that is missing is null.</param>
public sealed record ProbedQuery(Query Query, IReadOnlyDictionary<string, string?> Arguments);
