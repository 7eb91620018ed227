using Blog.Data.Catalogue;
using Blog.Data.Migrations;

namespace Blog.Data.Health;

/// <summary>Whether the database can serve what this build was written for.</summary>
public sealed class Readiness(BlogData data)
{
    static readonly Query getJournal = QueryCatalogue.Find("health/get_journal");

    /// <summary>Asks the database for its journal. One round trip.</summary>
    /// <returns>Names of the scripts that this build has and the database has not; empty where it is ready.</returns>
    public async Task<IReadOnlyList<string>> FindMissingMigrationsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        await using var sets = await BlogData.QueryAsync(connection, getJournal, null, null, cancellationToken);
        var applied = await sets.ReadAsync<string>();
        return [.. MigrationScript.LoadAll().Select(script => script.Name).Except(applied, StringComparer.Ordinal)];
    }
}
