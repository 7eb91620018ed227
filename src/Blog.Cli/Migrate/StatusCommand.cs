using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate status</c>.</summary>
static class StatusCommand
{
    public static Command Create()
    {
        var status = new DocumentedCommand(
            "status",
            "Compares the scripts of this build with the journal of the database; changes nothing."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "the database is up to date"),
                (ExitCode.Pending, "scripts are pending, or the arguments are wrong"),
                .. MigrationQuestion.Failures,
            ],
            Examples = ["blog migrate status", "blog migrate status --json"],
        };
        status.Add(MigrationQuestion.Scripts);
        status.Add(MigrationQuestion.Json);
        status.Add(MigrationQuestion.Connection);
        status.SetAction(RunAsync);
        return status;
    }

    /// <summary>The worst that was found; what apply would stop at comes before what it would do.</summary>
    public static int ExitOf(IReadOnlyList<MigrationState> states)
    {
        return Has(MigrationStatus.Edited) ? (int)MigrationFailure.ChecksumMismatch
            : Has(MigrationStatus.Vanished) ? (int)MigrationFailure.VanishedScript
            : Has(MigrationStatus.OutOfOrder) ? (int)MigrationFailure.OutOfOrder
            : Has(MigrationStatus.Pending) ? ExitCode.Pending
            : ExitCode.Done;

        bool Has(MigrationStatus status) => states.Any(state => state.Status == status);
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                var options = new MigrationOptions { Scripts = MigrationQuestion.ScriptsOf(arguments) };
                var states = await new MigrationRunner(connectionString, options).StatusAsync(cancellationToken);
                var items = MigrationList.Of(states);
                Console.WriteLine(
                    arguments.GetValue(MigrationQuestion.Json) ? CliJson.Write(items) : MigrationText.Of(items)
                );
                return ExitOf(states);
            },
            cancellationToken
        );
}
