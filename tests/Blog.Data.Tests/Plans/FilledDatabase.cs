using Blog.Data.Plans;
using Blog.Testing;

namespace Blog.Data.Tests.Plans;

/// <summary>A database that was filled for plan contracts.</summary>
public abstract class FilledDatabase(PostgresServer server, PlanScale scale) : IAsyncLifetime
{
    readonly TestDatabase database = new(server);

    /// <summary>As the service connects, with one session, which knows the tables from the first case on.</summary>
    internal BlogData Data { get; private set; } = null!;

    internal PlanScale Scale => scale;

    public async ValueTask InitializeAsync()
    {
        await database.InitializeAsync();
        await FillAsync(database, scale);
        await RefreshAsync();
        Data = new(database.AppConnectionString + ";Maximum Pool Size=1");
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Data.DisposeAsync();
        await database.DisposeAsync();
    }

    /// <summary>
    /// Takes away what rolled back writes have left: the next case finds the database as it was filled, with every page known to be visible
    /// to all, which no vacuum can say as long as anybody in the database, such as the server's own workers, has an older snapshot.
    /// </summary>
    internal Task RefreshAsync() => RefreshAsync(database);

    /// <inheritdoc cref="RefreshAsync()" />
    internal static Task RefreshAsync(TestDatabase database) =>
        Eventually.HoldsAsync(
            async () =>
            {
                await database.ExecuteAsync("vacuum (index_cleanup on)");
                return await database.ListAsync(
                    "select relname from pg_class where relnamespace = 'blog'::regnamespace and relkind = 'r' and relallvisible < relpages"
                )
                    is [];
            },
            "a vacuum has found every page visible to all"
        );

    internal static async Task FillAsync(TestDatabase database, PlanScale scale)
    {
        await database.ExecuteAsync("create extension pg_stat_statements");
        await using var connection = await database.OpenAsync();
        foreach (var step in PlanContracts.FillAt(scale))
        {
            await using var command = connection.CreateCommand();
            (command.CommandText, command.CommandTimeout) = (step.Text, 0);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }
}

public sealed class SmallDatabase(PostgresServer server) : FilledDatabase(server, PlanScale.Small);

public sealed class MediumDatabase(PostgresServer server) : FilledDatabase(server, PlanScale.Medium);
