using System.Data;
using System.Globalization;
using System.Text.Json;
using Blog.Data.Catalogue;
using Npgsql;

namespace Blog.Data.Operate;

/// <summary>
/// What a server makes of the catalogue: an identifier and a plan for each statement. They are prepared and explained, never
/// executed, on a connection whose role needs the rights that they need.
/// </summary>
public sealed class StatementProbe(BlogData data)
{
    /// <summary>Under this name a statement is prepared, so that whoever reads pg_stat_statements knows the probe.</summary>
    public const string Name = "blog_probe";

    /// <summary>The identifier of every statement in pg_stat_statements of this server. Seven round trips a statement.</summary>
    /// <exception cref="StatisticsUnavailableException">The server computes no identifiers.</exception>
    /// <exception cref="System.Data.Common.DbException">A statement does not fit the schema, or a right is missing.</exception>
    public async Task<IReadOnlyList<StatementIdentity>> IdentifyAsync(CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        var identities = new List<StatementIdentity>();
        foreach (var query in QueryCatalogue.All)
        {
            for (var number = 1; number <= query.Statements.Count; number++)
            {
                var explained = await ExplainAsync(
                    connection,
                    query,
                    number,
                    "verbose, format json",
                    cancellationToken
                );
                using var plan = JsonDocument.Parse(explained);
                identities.Add(
                    plan.RootElement[0].TryGetProperty("Query Identifier", out var identifier)
                        ? new(query, number, identifier.GetInt64())
                        : throw new StatisticsUnavailableException(
                            "The server computes no identifiers of statements: compute_query_id is off."
                        )
                );
            }
        }

        return identities;
    }

    /// <summary>The plans of a file for any arguments, those that the service's role works with. Seven round trips a statement.</summary>
    /// <param name="query">Of the catalogue.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="System.Data.Common.DbException">A statement does not fit the schema, or a right is missing.</exception>
    public async Task<QueryPlans> ExplainAsync(Query query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        await using var connection = await data.OpenAsync(cancellationToken);
        var plans = new List<QueryPlan>();
        for (var number = 1; number <= query.Statements.Count; number++)
        {
            var plan = await ExplainAsync(connection, query, number, "verbose", cancellationToken);
            plans.Add(new(string.Create(CultureInfo.InvariantCulture, $"{query.Id} {number}"), plan));
        }

        return new(plans);
    }

    static async Task<string> ExplainAsync(
        NpgsqlConnection connection,
        Query query,
        int number,
        string options,
        CancellationToken cancellationToken
    )
    {
        var (text, parameters) = query.Numbered(number);
        var types = List(parameters.Select(parameter => parameter.Type));
        var nulls = List(parameters.Select(_ => "null"));
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        await SqlStatistics.FindAsync(transaction, cancellationToken);
        await SendAsync("set local plan_cache_mode = force_generic_plan");
        await SendAsync($"prepare {Name}{types} as {text}");
        try
        {
            return await ReadAsync($"explain ({options}) execute {Name}{nulls}");
        }
        finally
        {
            await transaction.RollbackAsync(CancellationToken.None);
            await SendAsync($"deallocate {Name}");
        }

        static string List(IEnumerable<string> items) => items.Any() ? $"({string.Join(", ", items)})" : "";

        async Task SendAsync(string command)
        {
            await using var sent = new NpgsqlCommand(command, connection);
            await sent.ExecuteNonQueryAsync(cancellationToken);
        }

        async Task<string> ReadAsync(string command)
        {
            await using var sent = new NpgsqlCommand(command, connection);
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
