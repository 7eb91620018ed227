using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate apply</c>.</summary>
static class ApplyCommand
{
    static readonly Option<FileInfo?> plan = new("--plan")
    {
        HelpName = "file",
        Description =
            "Applies what this file of migrate plan says, and nothing where something else would be applied by now.",
    };

    public static Command Create()
    {
        var apply = new DocumentedCommand(
            "apply",
            "Applies the scripts that are pending, in order, one runner at a time."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "the database is up to date"),
                ((int)MigrationFailure.Failed, "a script failed or a guard refused; what it began was rolled back"),
                (ExitCode.Usage, "the arguments are wrong"),
                ((int)MigrationFailure.ChecksumMismatch, "a script was edited after it was applied"),
                ((int)MigrationFailure.Locked, "another runner kept the lock"),
                ((int)MigrationFailure.Unsafe, "--plan: it is not what would be applied now; nothing was run"),
                ((int)MigrationFailure.OutOfOrder, "a pending script sorts before an applied one"),
                ((int)MigrationFailure.VanishedScript, "an applied script is missing from these"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted: the script under way was rolled back"),
            ],
            Examples =
            [
                "blog migrate apply",
                "blog migrate apply --plan plan.sql",
                "blog migrate apply --connection \"Host=db.example.org;Database=blog;Username=blog_migrator\"",
            ],
        };
        apply.Add(plan);
        apply.Add(MigrationQuestion.Scripts);
        apply.Add(MigrationQuestion.Json);
        apply.Add(MigrationQuestion.Connection);
        apply.SetAction(RunAsync);
        return apply;
    }

    static async Task<string?> SignedAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        try
        {
            return arguments.GetValue(plan) is { } file
                ? await File.ReadAllTextAsync(file.FullName, cancellationToken)
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(
                ExitCode.Failed,
                $"The plan cannot be read: {unreadable.Message} Nothing was run."
            );
        }
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
                    SignedPlan = await SignedAsync(arguments, cancellationToken),
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
