using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Review;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate lint</c>.</summary>
static class LintCommand
{
    public static Command Create()
    {
        var lint = new DocumentedCommand(
            "lint",
            "Reviews the text of the scripts: who would have to wait, what would break the release that still runs, what is missing. Asks no database."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "nothing was found that is not allowed with a reason"),
                ((int)MigrationFailure.Failed, "the scripts cannot be read, or one is no script"),
                (ExitCode.Usage, "the arguments are wrong"),
                ((int)MigrationFailure.Unsafe, "found, and named"),
            ],
            Examples = ["blog migrate lint", "blog migrate lint --scripts sql/migrations", "blog migrate lint --json"],
        };
        lint.Add(MigrationQuestion.Scripts);
        lint.Add(MigrationQuestion.Json);
        lint.SetAction(RunAsync);
        return lint;
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationQuestion.GuardedAsync(() =>
        {
            var scripts = MigrationQuestion.ScriptsOf(arguments) ?? MigrationScript.LoadAll();
            var review = MigrationReview.Of(scripts);
            Console.WriteLine(
                arguments.GetValue(MigrationQuestion.Json)
                    ? CliJson.Write(review)
                    : ReviewText.Of(review, scripts.Count)
            );
            return Task.FromResult(review.Findings.Count == 0 ? ExitCode.Done : (int)MigrationFailure.Unsafe);
        });
}
