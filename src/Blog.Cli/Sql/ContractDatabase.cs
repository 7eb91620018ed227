using System.Globalization;
using Blog.Cli.Shell;
using Blog.Data.Migrations;
using Blog.Data.Plans;
using Blog.LocalPostgres;

namespace Blog.Cli.Sql;

/// <summary>The filled database of a scale, on the private server of this checkout, kept until the fill or a migration changes.</summary>
static class ContractDatabase
{
    public static async Task<LocalDatabase> ReadyAsync(
        LocalServer server,
        PlanScale scale,
        Action<string>? say,
        CancellationToken cancellationToken
    )
    {
        var database = new LocalDatabase(server, $"blog_contracts_{scale.Name}");
        var mark = PlanContracts.ChecksumAt(scale);
        if (!await database.HasMarkAsync(mark, cancellationToken))
        {
            await RefillAsync(database, scale, say, cancellationToken);
            await database.MarkAsync(mark, cancellationToken);
        }

        // Also behind a fill, which leaves blocks of its own making that an index has to look at again.
        await database.VacuumAsync(cancellationToken);
        return database;
    }

    static async Task RefillAsync(
        LocalDatabase database,
        PlanScale scale,
        Action<string>? say,
        CancellationToken cancellationToken
    )
    {
        say?.Invoke(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Filling {database.Name} with {scale.Posts:#,0} posts. It is kept until the fill or a migration changes."
            )
        );
        await database.RecreateAsync(cancellationToken);
        await new MigrationRunner(database.ConnectionString("postgres")).ApplyAsync(cancellationToken);
        await FillAsync(database, scale, say is null, cancellationToken);
    }

    static Task<bool> FillAsync(
        LocalDatabase database,
        PlanScale scale,
        bool isQuiet,
        CancellationToken cancellationToken
    )
    {
        var steps = PlanContracts.FillAt(scale);
        var step = new Reached(0, steps.Count, "");
        return Meter.ShowAsync(
            () => step,
            isQuiet,
            async show =>
            {
                await database.SendAsync(
                    [.. steps.Select(one => one.Text)],
                    at =>
                    {
                        step = new(at, steps.Count, $"fills the {scale} database: {steps[at].Name}");
                        show();
                    },
                    cancellationToken
                );
                return true;
            }
        );
    }
}
