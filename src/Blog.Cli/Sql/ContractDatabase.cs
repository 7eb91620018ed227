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
        if (await database.HasMarkAsync(mark, cancellationToken))
        {
            await database.VacuumAsync(cancellationToken);
            return database;
        }

        say?.Invoke(
            string.Create(
                CultureInfo.InvariantCulture,
                $"Filling {database.Name} with {scale.Posts:#,0} posts. It is kept until the fill or a migration changes."
            )
        );
        await database.RecreateAsync(cancellationToken);
        await new MigrationRunner(database.ConnectionString("postgres")).ApplyAsync(cancellationToken);
        await FillAsync(database, scale, say is null, cancellationToken);
        await database.MarkAsync(mark, cancellationToken);
        return database;
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
