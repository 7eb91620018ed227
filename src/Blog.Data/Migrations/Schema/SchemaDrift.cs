namespace Blog.Data.Migrations.Schema;

/// <summary>A live database against the schema that this build was tested with.</summary>
public static class SchemaDrift
{
    /// <summary>
    /// Compares. A database that is behind has not drifted: where scripts are pending its schema is left alone. One that is ahead, whose journal
    /// names scripts this build does not have, is compared, and differs by what they did. Any role may ask that may read the journal.
    /// </summary>
    /// <exception cref="MigrationException">The server cannot be reached, or the journal cannot be read.</exception>
    public static async Task<DriftReport> CheckAsync(string connectionString, CancellationToken cancellationToken)
    {
        var states = await new MigrationRunner(connectionString).StatusAsync(cancellationToken);
        var behind = states.Any(state => state.Status is MigrationStatus.Pending or MigrationStatus.OutOfOrder);
        return new(
            states,
            !behind,
            behind ? [] : Differences(await SchemaSnapshot.ReadAsync(connectionString, cancellationToken))
        );
    }

    /// <summary>What differs between a snapshot and that of this build.</summary>
    /// <param name="found">Of the database.</param>
    /// <returns>In the order of <c>sql/schema.sql</c>, what it does not know at the end; empty where there is no difference.</returns>
    public static IReadOnlyList<SchemaDifference> Differences(SchemaSnapshot found)
    {
        ArgumentNullException.ThrowIfNull(found);
        return SchemaComparison.Of(SchemaSnapshot.Committed, found);
    }
}

/// <summary>A database, its journal and its schema.</summary>
/// <param name="States">Every script of the build and of the journal.</param>
/// <param name="Compared">False where scripts are pending: then nothing is known about the schema.</param>
/// <param name="Differences">Between <c>sql/schema.sql</c> and the database; empty where there are none.</param>
public sealed record DriftReport(
    IReadOnlyList<MigrationState> States,
    bool Compared,
    IReadOnlyList<SchemaDifference> Differences
);
