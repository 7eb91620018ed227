using System.CommandLine;
using Blog.Cli.Shell;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate</c>: the scripts of <c>sql/migrations</c> against one database.</summary>
static class MigrateCommand
{
    public static Command Create() =>
        new DocumentedCommand("migrate", "Brings the schema of a database to this build's.")
        {
            Subcommands =
            {
                StatusCommand.Create(),
                LintCommand.Create(),
                PlanCommand.Create(),
                ApplyCommand.Create(),
                VerifyCommand.Create(),
                DriftCommand.Create(),
                BaselineCommand.Create(),
                SnapshotCommand.Create(),
                DocsCommand.Create(),
                DossierCommand.Create(),
            },
            Examples = ["blog migrate status", "blog migrate plan > plan.sql", "blog migrate apply"],
        };
}
