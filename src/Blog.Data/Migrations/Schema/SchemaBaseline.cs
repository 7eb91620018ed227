using System.Data;
using Npgsql;

namespace Blog.Data.Migrations.Schema;

/// <summary>Gives a database that has the schema, but no journal, a journal that says so.</summary>
public static class SchemaBaseline
{
    const string Journal = "table blog.schemaversions";

    /// <summary>
    /// Proves that the schema is that of this build, then journals all scripts in one transaction, under the lock of the runner. Where anything differs,
    /// nothing is written. A journal that is missing or empty is no difference: it is made as <c>sql/schema.sql</c> says.
    /// </summary>
    /// <param name="connectionString">The server itself, as blog_migrator or a superuser.</param>
    /// <param name="options">How long to wait for the lock, whom to tell, and the clock; the scripts are those of the build.</param>
    /// <param name="cancellationToken">Ends it; nothing is written then.</param>
    /// <exception cref="MigrationException">The journal lists scripts already, there is no schema blog, a guard refuses, or the lock was not to be had.</exception>
    public static async Task<BaselineReport> RunAsync(
        string connectionString,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(options);
        var unpooled = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false, Multiplexing = false };
        try
        {
            await using var connection = new NpgsqlConnection(unpooled.ConnectionString);
            await connection.OpenAsync(cancellationToken);
            await MigrationGuards.CheckAsync(connection, cancellationToken);
            await MigrationLock.TakeAsync(connection, options, cancellationToken);
            try
            {
                return await RunLockedAsync(connection, options, cancellationToken);
            }
            finally
            {
                await MigrationLock.ReleaseAsync(connection);
            }
        }
        catch (NpgsqlException error)
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                $"The baseline stopped, and nothing was written: {error.Message}",
                innerException: error
            );
        }
    }

    static async Task<BaselineReport> RunLockedAsync(
        NpgsqlConnection connection,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        // Left without a commit, whatever was begun is rolled back.
        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        await CatalogueSession.SettleAsync(connection, cancellationToken);
        var found = await SchemaCatalogue.ReadAsync(connection, cancellationToken);
        var journal = await ReadJournalAsync(connection, found, cancellationToken);
        var differences = SchemaComparison.Of(WithoutJournal(SchemaSnapshot.Committed), WithoutJournal(found));
        if (differences.Count > 0)
            return new([], differences);
        await MakeJournalAsync(connection, journal, options, cancellationToken);
        // Now the journal must be as it should be, too.
        differences = SchemaDrift.Differences(await SchemaCatalogue.ReadAsync(connection, cancellationToken));
        if (differences.Count > 0)
            return new([], differences);
        var scripts = MigrationScript.LoadAll();
        foreach (var script in scripts)
            await AddAsync(connection, script, options.Clock.GetLocalNow().DateTime, cancellationToken);
        await transaction.CommitAsync(CancellationToken.None);
        return new([.. scripts.Select(script => script.Name)], []);
    }

    static async Task<MigrationJournal.Found> ReadJournalAsync(
        NpgsqlConnection connection,
        SchemaSnapshot found,
        CancellationToken cancellationToken
    )
    {
        if (!found.Items.Any(item => item.Kind == "schema"))
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                "There is no schema blog in this database, and so nothing to journal. Nothing was written. Run: blog migrate apply"
            );
        }

        if (!found.Items.Any(item => item.Title == Journal))
            return new(false, false, []);
        var journal = await MigrationJournal.ReadAsync(connection, cancellationToken);
        return journal.Rows.Count == 0
            ? journal
            : throw new MigrationException(
                MigrationFailure.Failed,
                $"The journal lists {journal.Rows.Count} scripts already, up to {journal.Rows[^1].Script}: a baseline is for a database whose journal is missing or empty. "
                    + "Nothing was written. Run: blog migrate verify"
            );
    }

    static async Task MakeJournalAsync(
        NpgsqlConnection connection,
        MigrationJournal.Found journal,
        MigrationOptions options,
        CancellationToken cancellationToken
    )
    {
        await MigrationJournal.CompleteAsync(connection, journal, options.LockTimeout, cancellationToken);
        var rights = SchemaSnapshot.Committed.Items.Single(item => item.Kind == "rights" && item.Name == Journal);
        await using var give = new NpgsqlCommand(
            $"alter table blog.schemaversions owner to blog_owner; {rights.Definition}",
            connection
        );
        await give.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Nobody knows how long the script took, or when it was applied: the row says when it was found applied, and by whom.</summary>
    static async Task AddAsync(
        NpgsqlConnection connection,
        MigrationScript script,
        DateTime localNow,
        CancellationToken cancellationToken
    )
    {
        await using var insert = new NpgsqlCommand(
            """
            insert into blog.schemaversions (scriptname, applied, checksum, duration_ms, applied_by, runner)
            values ($1, $2, $3, null, session_user, 'baseline')
            """,
            connection
        )
        {
            Parameters =
            {
                new() { Value = script.Name },
                new() { Value = DateTime.SpecifyKind(localNow, DateTimeKind.Unspecified) },
                new() { Value = script.Checksum },
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    static SchemaSnapshot WithoutJournal(SchemaSnapshot snapshot) =>
        new([.. snapshot.Items.Where(item => item.Title != Journal && item.On != Journal)]);
}

/// <summary>What a baseline did: one of the two lists is empty.</summary>
/// <param name="Journalled">The scripts that the journal lists now, in order.</param>
/// <param name="Differences">Why nothing was written.</param>
public sealed record BaselineReport(IReadOnlyList<string> Journalled, IReadOnlyList<SchemaDifference> Differences);
