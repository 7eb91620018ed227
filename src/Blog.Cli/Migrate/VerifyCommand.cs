using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate verify</c>.</summary>
static class VerifyCommand
{
    public static Command Create()
    {
        var verify = new DocumentedCommand(
            "verify",
            "Says whether a database is what this build needs: its journal and its schema, in one answer; changes nothing."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "every script is applied, and the schema is as sql/schema.sql says"),
                (ExitCode.Failed, "the journal or the catalogue cannot be read"),
                (ExitCode.Pending, "scripts are pending, or the arguments are wrong"),
                ((int)MigrationFailure.ChecksumMismatch, "a script was edited after it was applied"),
                ((int)MigrationFailure.Drift, "something of the schema is missing, added or changed"),
                ((int)MigrationFailure.OutOfOrder, "a pending script sorts before an applied one"),
                ((int)MigrationFailure.VanishedScript, "an applied script is missing from these"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted"),
            ],
            Examples =
            [
                "blog migrate verify",
                "blog migrate verify --json --connection \"Host=db.example.org;Database=blog;Username=blog_readonly\"",
            ],
        };
        verify.Add(MigrationQuestion.Json);
        verify.Add(MigrationQuestion.Connection);
        verify.SetAction(RunAsync);
        return verify;
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        DriftCommand.AnswerAsync(
            arguments,
            report => $"{Applied(report)}{Environment.NewLine}{DriftText.Of(report)}",
            ExitOf,
            cancellationToken
        );

    static string Applied(DriftReport report) =>
        $"{report.States.Count(state => state.Status == MigrationStatus.Applied)} of {report.States.Count} scripts are applied as this build has them.";

    /// <summary>The worst: what apply would stop at, then drift, then what apply would do.</summary>
    static int ExitOf(DriftReport report) =>
        StatusCommand.ExitOf(report.States) is var journal && journal is not (ExitCode.Done or ExitCode.Pending)
            ? journal
        : report.Differences.Count > 0 ? (int)MigrationFailure.Drift
        : journal;
}
