using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Review;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate plan</c>.</summary>
static class PlanCommand
{
    public static Command Create()
    {
        var plan = new DocumentedCommand(
            "plan",
            "Writes what apply would do on the database, statement by statement, as a file to sign; changes nothing and takes no lock."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "written, whether there is something to do or not"),
                (ExitCode.Usage, "the arguments are wrong"),
                .. MigrationQuestion.Failures,
            ],
            Examples =
            [
                "blog migrate plan > plan.sql",
                "blog migrate apply --plan plan.sql",
                "blog migrate plan --scripts sql/migrations --json",
            ],
        };
        plan.Add(MigrationQuestion.Scripts);
        plan.Add(MigrationQuestion.Json);
        plan.Add(MigrationQuestion.Connection);
        plan.SetAction(RunAsync);
        return plan;
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                var options = new MigrationOptions { Scripts = MigrationQuestion.ScriptsOf(arguments) };
                var plan = await new MigrationRunner(connectionString, options).PlanAsync(cancellationToken);
                if (arguments.GetValue(MigrationQuestion.Json))
                    Console.WriteLine(CliJson.Write(PlanItem.Of(plan)));
                else
                    Console.Write(plan.Text);
                return ExitCode.Done;
            },
            cancellationToken
        );
}

/// <summary>What <c>migrate plan --json</c> writes.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Server">How it was reached, and its version.</param>
/// <param name="Applied">The scripts that the journal has.</param>
/// <param name="Preparation">Statements before the first script.</param>
/// <param name="Scripts">With the statements of each, those around its own too.</param>
/// <param name="Findings">Of the review of these scripts.</param>
/// <param name="Allowances">Findings that a script allows with a reason.</param>
/// <param name="Checksum">SHA-256 of the file without its last line.</param>
sealed record PlanItem(
    string Database,
    string Server,
    IReadOnlyList<string> Applied,
    IReadOnlyList<string> Preparation,
    IReadOnlyList<PlannedScript> Scripts,
    IReadOnlyList<MigrationFinding> Findings,
    IReadOnlyList<MigrationAllowance> Allowances,
    string Checksum
)
{
    public static PlanItem Of(MigrationPlan plan) =>
        new(
            plan.Database,
            plan.Server,
            plan.Applied,
            plan.Preparation,
            plan.Scripts,
            plan.Review.Findings,
            plan.Review.Allowances,
            plan.Checksum
        );
}
