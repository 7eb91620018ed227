using Blog.Data.Catalogue;
using Blog.Data.Migrations;
using Blog.Data.Operate;
using Npgsql;

namespace Blog.Data.Health;

/// <summary>
/// Whether the database can serve what this build was written for: every migration is there, every statement can be prepared and
/// returns the columns that the code reads, and every column, index and right that a statement needs is as <c>sql/footprint.txt</c>
/// and the headers say.
/// </summary>
public sealed class Readiness(BlogData data)
{
    const string OnePlan = "force_generic_plan";

    static readonly Query getSchema = QueryCatalogue.Find("health/get_schema");
    static readonly Query getJournal = QueryCatalogue.Find("health/get_journal");
    static readonly IReadOnlyList<MigrationScript> scripts = MigrationScript.LoadAll();

    Prepared? prepared;

    /// <summary>
    /// Looks at the database. Two round trips; where its schema or the rights have changed since the last look, one more, in which
    /// every statement is prepared.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached, or there is no blog in it.</exception>
    public async Task<ReadinessReport> CheckAsync(CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        var facts = new SchemaFacts(await ReadAsync<FactRow>(connection, getSchema, cancellationToken));
        return new ReadinessReport(
            [
                .. (await ReadMigrationsAsync(connection, facts, cancellationToken))
                    .Where(state => state.Status is MigrationStatus.Pending or MigrationStatus.OutOfOrder)
                    .Select(state => state.Script),
            ],
            [.. SchemaNeeds.NotMetBy(facts), .. await PrepareAsync(connection, facts, cancellationToken)],
            [.. Warnings(facts)],
            Footprint.Served.Count
        );
    }

    /// <summary>Every script of the build and of the journal. One round trip.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached, or the journal cannot be read.</exception>
    public async Task<IReadOnlyList<MigrationState>> ListMigrationsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        return await ReadMigrationsAsync(connection, cancellationToken);
    }

    static async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlConnection connection,
        Query query,
        CancellationToken cancellationToken
    )
    {
        await using var sets = await BlogData.QueryAsync(connection, query, null, null, cancellationToken);
        return await sets.ReadAsync<T>();
    }

    /// <summary>Empty where the journal may not be read: the right to it is among those that are missing then.</summary>
    static async Task<IReadOnlyList<MigrationState>> ReadMigrationsAsync(
        NpgsqlConnection connection,
        SchemaFacts facts,
        CancellationToken cancellationToken
    )
    {
        if (facts.StateOf("column", "schemaversions.checksum") is null)
        {
            return MigrationRunner.Compare(scripts, []);
        }

        return facts.Allows("select", "schemaversions.checksum") && facts.Allows("usage", "blog")
            ? await ReadMigrationsAsync(connection, cancellationToken)
            : [];
    }

    static async Task<IReadOnlyList<MigrationState>> ReadMigrationsAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) =>
        MigrationRunner.Compare(
            scripts,
            await ReadAsync<MigrationJournal.Row>(connection, getJournal, cancellationToken)
        );

    /// <summary>What cannot be prepared, or returns other columns than the code reads. Asked again only for another schema.</summary>
    async Task<IReadOnlyList<Drift>> PrepareAsync(
        NpgsqlConnection connection,
        SchemaFacts facts,
        CancellationToken cancellationToken
    )
    {
        if (!facts.Allows("usage", "blog"))
        {
            return [];
        }

        var last = prepared;
        if (last?.Facts != facts.Text)
        {
            prepared = last = new(facts.Text, await PrepareAsync(connection, cancellationToken));
        }

        return last.Drift;
    }

    static async Task<IReadOnlyList<Drift>> PrepareAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var described = await FootprintProbe.DescribeAsync(
                connection,
                [.. Footprint.Served.Select(footprint => (footprint.Query, footprint.Number))],
                cancellationToken
            );
            return
            [
                .. Footprint
                    .Served.Where(footprint => footprint.Returns.Count > 0)
                    .Zip(described)
                    .Where(pair => !pair.First.Returns.SequenceEqual(pair.Second))
                    .Select(pair => new Drift(
                        $"statement {pair.First.Name}",
                        $"returns {string.Join(", ", pair.Second)}, not {string.Join(", ", pair.First.Returns)}",
                        [pair.First.Query.Id]
                    )),
            ];
        }
        catch (PostgresException refusal) when (IsOfTheStatement(refusal))
        {
            return await FindRefusedAsync(connection, cancellationToken);
        }
    }

    /// <summary>The first statement that is refused hides the others, so they are prepared one by one.</summary>
    static async Task<IReadOnlyList<Drift>> FindRefusedAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var refused = new List<Drift>();
        foreach (var footprint in Footprint.Served)
        {
            try
            {
                await FootprintProbe.DescribeAsync(
                    connection,
                    [(footprint.Query, footprint.Number)],
                    cancellationToken
                );
            }
            catch (PostgresException refusal) when (IsOfTheStatement(refusal))
            {
                refused.Add(
                    new(
                        $"statement {footprint.Name}",
                        $"cannot be prepared: {refusal.MessageText}",
                        [footprint.Query.Id]
                    )
                );
            }
        }

        return refused;
    }

    /// <summary>Classes 42 and 3F: what a statement names is not there, or not of its type. Any other refusal says nothing about the statement.</summary>
    static bool IsOfTheStatement(PostgresException refusal) =>
        refusal.SqlState.StartsWith("42", StringComparison.Ordinal)
        || refusal.SqlState.StartsWith("3F", StringComparison.Ordinal);

    static IEnumerable<string> Warnings(SchemaFacts facts)
    {
        if (facts.StateOf("setting", "plan_cache_mode") is not OnePlan and var mode)
        {
            yield return $"plan_cache_mode is {mode}: the statements were written for {OnePlan}, which is a setting of the role blog_app.";
        }
    }

    sealed record Prepared(string Facts, IReadOnlyList<Drift> Drift);
}
