using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate apply</c>.</summary>
static class ApplyCommand
{
    public static Command Create()
    {
        var apply = new DocumentedCommand(
            "apply",
            "Applies the scripts that are pending, in order, one runner at a time."
        )
        {
            ExitCodes = [(ExitCode.Done, "the database is up to date"), .. MigrationQuestion.Failures],
            Examples =
            [
                "blog migrate apply",
                "blog migrate apply --connection \"Host=db.example.org;Database=blog;Username=blog_migrator\"",
            ],
        };
        apply.Add(MigrationQuestion.Scripts);
        apply.Add(MigrationQuestion.Json);
        apply.Add(MigrationQuestion.Connection);
        apply.SetAction(RunAsync);
        return apply;
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                var say = MigrationQuestion.Announce(arguments);
                var options = new MigrationOptions
                {
                    Scripts = MigrationQuestion.ScriptsOf(arguments),
                    Progress = progress => say?.Invoke(progress.ToString()),
                };
                var report = await new MigrationRunner(connectionString, options).ApplyAsync(cancellationToken);
                Console.WriteLine(
                    arguments.GetValue(MigrationQuestion.Json) ? CliJson.Write(MigrationRun.Of(report))
                    : report.Applied.Count == 0 ? "Up to date: nothing to apply."
                    : $"Up to date: {report.Applied.Count} applied."
                );
                return ExitCode.Done;
            },
            cancellationToken
        );
}
