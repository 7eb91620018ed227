using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate drift</c>.</summary>
static class DriftCommand
{
    public static Command Create()
    {
        var drift = new DocumentedCommand(
            "drift",
            "Compares the schema of a database with sql/schema.sql, object by object; changes nothing."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "as sql/schema.sql says"),
                (ExitCode.Failed, "the journal or the catalogue cannot be read"),
                (ExitCode.Pending, "scripts are pending: it is behind, not drifted; or the arguments are wrong"),
                ((int)MigrationFailure.Drift, "something is missing, added or changed"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted"),
            ],
            Examples =
            [
                "blog migrate drift",
                "blog migrate drift --json --connection \"Host=db.example.org;Database=blog;Username=blog_readonly\"",
            ],
        };
        drift.Add(MigrationQuestion.Json);
        drift.Add(MigrationQuestion.Connection);
        drift.SetAction(RunAsync);
        return drift;
    }

    /// <summary>Holds the database against this build and writes what was found.</summary>
    /// <param name="arguments">With <see cref="MigrationQuestion.Json"/> and <see cref="MigrationQuestion.Connection"/>.</param>
    /// <param name="text">What is written where no JSON is wanted.</param>
    /// <param name="exitOf">How the command ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static Task<int> AnswerAsync(
        ParseResult arguments,
        Func<DriftReport, string> text,
        Func<DriftReport, int> exitOf,
        CancellationToken cancellationToken
    ) =>
        MigrationQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                var report = await SchemaDrift.CheckAsync(connectionString, cancellationToken);
                Console.WriteLine(
                    arguments.GetValue(MigrationQuestion.Json) ? CliJson.Write(DriftResult.Of(report)) : text(report)
                );
                return exitOf(report);
            },
            cancellationToken
        );

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        AnswerAsync(arguments, DriftText.Of, ExitOf, cancellationToken);

    static int ExitOf(DriftReport report) =>
        !report.Compared ? ExitCode.Pending
        : report.Differences.Count > 0 ? (int)MigrationFailure.Drift
        : ExitCode.Done;
}

/// <summary>What <c>migrate drift --json</c> and <c>migrate verify --json</c> write.</summary>
/// <param name="Scripts">Every script with its state, as <c>migrate status</c> does.</param>
/// <param name="Compared">False where scripts are pending: then the schema was not looked at.</param>
/// <param name="Differences">Between <c>sql/schema.sql</c> and the database.</param>
sealed record DriftResult(
    IReadOnlyList<MigrationItem> Scripts,
    bool Compared,
    IReadOnlyList<SchemaDifference> Differences
)
{
    public static DriftResult Of(DriftReport report) =>
        new(MigrationList.Of(report.States).Items, report.Compared, report.Differences);
}
