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
    /// <summary>For how long a failure inside the server is counted against it.</summary>
    static readonly TimeSpan failing = TimeSpan.FromSeconds(10);

    /// <summary>Every statement of the catalogue takes a quarter of a second, and several on a busy machine.</summary>
    static readonly TimeSpan preparedWithin = TimeSpan.FromSeconds(10);

    const string OnePlan = "force_generic_plan";

    static readonly Query getSchema = QueryCatalogue.Find("health/get_schema");
    static readonly Query getJournal = QueryCatalogue.Find("health/get_journal");
    static readonly IReadOnlyList<MigrationScript> scripts = MigrationScript.LoadAll();

    readonly Lock gate = new();
    Prepared? prepared;

    /// <summary>
    /// Looks at the database. Two round trips; where its schema or the rights have changed since the last look, one more on a connection of
    /// its own, in which every statement is prepared.
    /// </summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached, or there is no blog in it.</exception>
    public async Task<ReadinessReport> CheckAsync(CancellationToken cancellationToken)
    {
        await using var session = await data.OpenWatchAsync(cancellationToken);
        var facts = new SchemaFacts(await ReadAsync<FactRow>(session, getSchema, cancellationToken));
        return new ReadinessReport(
            [
                .. (await ReadMigrationsAsync(session, facts, cancellationToken))
                    .Where(state => state.Status is MigrationStatus.Pending or MigrationStatus.OutOfOrder)
                    .Select(state => state.Script),
            ],
            [.. SchemaNeeds.NotMetBy(facts), .. await PrepareAsync(facts, cancellationToken)],
            [.. Warnings(facts)],
            data.SinceFailureInside < failing,
            Footprint.Served.Count
        );
    }

    /// <summary>Every script of the build and of the journal. One round trip.</summary>
    /// <exception cref="System.Data.Common.DbException">The database cannot be reached, or the journal cannot be read.</exception>
    public async Task<IReadOnlyList<MigrationState>> ListMigrationsAsync(CancellationToken cancellationToken)
    {
        await using var session = await data.OpenWatchAsync(cancellationToken);
        return await ReadMigrationsAsync(session, cancellationToken);
    }

    static async Task<IReadOnlyList<T>> ReadAsync<T>(Session session, Query query, CancellationToken cancellationToken)
    {
        await using var sets = await BlogData.QueryAsync(session, query, null, null, cancellationToken);
        return await sets.ReadAsync<T>();
    }

    /// <summary>Empty where the journal may not be read: the right to it is among those that are missing then.</summary>
    static async Task<IReadOnlyList<MigrationState>> ReadMigrationsAsync(
        Session session,
        SchemaFacts facts,
        CancellationToken cancellationToken
    )
    {
        if (facts.StateOf("column", "schemaversions.checksum") is null)
        {
            return MigrationRunner.Compare(scripts, []);
        }

        return facts.Allows("select", "schemaversions.checksum") && facts.Allows("usage", "blog")
            ? await ReadMigrationsAsync(session, cancellationToken)
            : [];
    }

    static async Task<IReadOnlyList<MigrationState>> ReadMigrationsAsync(
        Session session,
        CancellationToken cancellationToken
    ) =>
        MigrationRunner.Compare(scripts, await ReadAsync<MigrationJournal.Row>(session, getJournal, cancellationToken));

    /// <summary>
    /// What cannot be prepared, or returns other columns than the code reads. Asked again only for another schema, and once for all who
    /// look: it goes on where the one who began it has no more time.
    /// </summary>
    async Task<IReadOnlyList<Drift>> PrepareAsync(SchemaFacts facts, CancellationToken cancellationToken)
    {
        if (!facts.Allows("usage", "blog"))
        {
            return [];
        }

        Prepared current;
        lock (gate)
        {
            if (prepared?.Facts != facts.Text || prepared.Drift is { IsFaulted: true } or { IsCanceled: true })
            {
                prepared = new(facts.Text, Task.Run(PrepareAllAsync, CancellationToken.None));
            }

            current = prepared;
        }

        return await current.Drift.WaitAsync(cancellationToken);
    }

    async Task<IReadOnlyList<Drift>> PrepareAllAsync()
    {
        using var deadline = Deadline.Begin(preparedWithin, CancellationToken.None);
        await using var session = await data.OpenWatchAsync(deadline.Token);
        return await DescribeAsync(session, deadline.Token);
    }

    static async Task<IReadOnlyList<Drift>> DescribeAsync(Session session, CancellationToken cancellationToken)
    {
        try
        {
            var described = await FootprintProbe.DescribeAsync(
                session,
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
            return await FindRefusedAsync(session, cancellationToken);
        }
    }

    /// <summary>The first statement that is refused hides the others, so they are prepared one by one.</summary>
    static async Task<IReadOnlyList<Drift>> FindRefusedAsync(Session session, CancellationToken cancellationToken)
    {
        var refused = new List<Drift>();
        foreach (var footprint in Footprint.Served)
        {
            try
            {
                await FootprintProbe.DescribeAsync(session, [(footprint.Query, footprint.Number)], cancellationToken);
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

    IEnumerable<string> Warnings(SchemaFacts facts)
    {
        if (data.SinceFailureInside < failing)
        {
            yield return "The server has said in the last 10 s that something in it is wrong (class XX): its log says what.";
        }

        if (facts.StateOf("setting", "plan_cache_mode") is not OnePlan and var mode)
        {
            yield return $"plan_cache_mode is {mode}: the statements were written for {OnePlan}, which is a setting of the role blog_app.";
        }
    }

    sealed record Prepared(string Facts, Task<IReadOnlyList<Drift>> Drift);
}
