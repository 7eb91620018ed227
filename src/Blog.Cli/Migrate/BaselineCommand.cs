using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate baseline</c>.</summary>
static class BaselineCommand
{
    public static Command Create()
    {
        var baseline = new DocumentedCommand(
            "baseline",
            "Journals all scripts as applied in a database that has their schema and no journal, once it is proved that it has."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "journalled"),
                (ExitCode.Failed, "the journal lists scripts already, there is no schema blog, or a guard refused"),
                (ExitCode.Usage, "the arguments are wrong"),
                ((int)MigrationFailure.Drift, "the schema differs, and nothing was written"),
                ((int)MigrationFailure.Locked, "another runner kept the lock"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted: nothing was written"),
            ],
            Examples =
            [
                "blog migrate baseline --connection \"Host=db.example.org;Database=blog;Username=blog_migrator\"",
                "blog migrate baseline --json",
            ],
        };
        baseline.Add(MigrationQuestion.Json);
        baseline.Add(MigrationQuestion.Connection);
        baseline.SetAction(RunAsync);
        return baseline;
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                var say = MigrationQuestion.Announce(arguments);
                var options = new MigrationOptions { Progress = progress => say?.Invoke(progress.ToString()) };
                var report = await SchemaBaseline.RunAsync(connectionString, options, cancellationToken);
                Console.WriteLine(
                    arguments.GetValue(MigrationQuestion.Json)
                        ? CliJson.Write(report)
                        : string.Join(Environment.NewLine, Say(report))
                );
                return report.Differences.Count > 0 ? (int)MigrationFailure.Drift : ExitCode.Done;
            },
            cancellationToken
        );

    static IEnumerable<string> Say(BaselineReport report) =>
        report.Differences.Count == 0
            ? [$"The schema is as sql/schema.sql says: {report.Journalled.Count} scripts journalled as applied."]
            : [.. DriftText.Differences(report.Differences), "Nothing was written."];
}
