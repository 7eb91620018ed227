using System.CommandLine;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate</c>: the scripts of <c>sql/migrations</c> against one database.</summary>
static class MigrateCommand
{
    static readonly Option<bool> json = new("--json")
    {
        Description = "Writes one JSON object, and nothing else but errors.",
    };

    static readonly Option<string?> connection = ServedDatabase.CreateOption(
        "blog_migrator, or a superuser for an empty database"
    );

    public static Command Create()
    {
        var apply = new DocumentedCommand(
            "apply",
            "Applies the scripts that are pending, in order, one runner at a time."
        )
        {
            ExitCodes = [(ExitCode.Done, "the database is up to date"), .. failures],
            Examples =
            [
                "blog migrate apply",
                "blog migrate apply --connection \"Host=db.example.org;Database=blog;Username=blog_migrator\"",
            ],
        };
        apply.Add(json);
        apply.Add(connection);
        apply.SetAction((arguments, cancellationToken) => GuardedAsync(() => ApplyAsync(arguments, cancellationToken)));

        var status = new DocumentedCommand(
            "status",
            "Compares the scripts of this build with the journal of the database; changes nothing."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "the database is up to date"),
                (ExitCode.Pending, "scripts are pending, or the arguments are wrong"),
                .. failures,
            ],
            Examples = ["blog migrate status", "blog migrate status --json"],
        };
        status.Add(json);
        status.Add(connection);
        status.SetAction(
            (arguments, cancellationToken) => GuardedAsync(() => StatusAsync(arguments, cancellationToken))
        );

        return new DocumentedCommand("migrate", "Brings the schema of a database to this build's.")
        {
            Subcommands = { apply, status },
            Examples = ["blog migrate status", "blog migrate apply"],
        };
    }

    static readonly (int, string)[] failures =
    [
        ((int)MigrationFailure.Failed, "a script failed or a guard refused; what it began was rolled back"),
        ((int)MigrationFailure.ChecksumMismatch, "a script was edited after it was applied"),
        ((int)MigrationFailure.Locked, "another runner kept the lock"),
        ((int)MigrationFailure.OutOfOrder, "a pending script sorts before an applied one"),
        ((int)MigrationFailure.VanishedScript, "an applied script is missing from this build"),
        (ExitCode.NoDatabase, "no database can be reached or started"),
        (ExitCode.Interrupted, "interrupted: the script under way was rolled back"),
    ];

    static async Task<int> ApplyAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        Action<string>? say = arguments.GetValue(json) ? null : Console.Error.WriteLine;
        await using var database = await ServedDatabase.FindForMigrationsAsync(
            arguments.GetValue(connection),
            say,
            cancellationToken
        );
        var options = new MigrationOptions { Progress = progress => say?.Invoke(progress.ToString()) };
        var report = await new MigrationRunner(database.ConnectionString, options).ApplyAsync(cancellationToken);
        Console.WriteLine(
            arguments.GetValue(json) ? CliJson.Write(MigrationRun.Of(report))
            : report.Applied.Count == 0 ? "Up to date: nothing to apply."
            : $"Up to date: {report.Applied.Count} applied."
        );
        return ExitCode.Done;
    }

    static async Task<int> StatusAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        Action<string>? say = arguments.GetValue(json) ? null : Console.Error.WriteLine;
        await using var database = await ServedDatabase.FindForMigrationsAsync(
            arguments.GetValue(connection),
            say,
            cancellationToken
        );
        var states = await new MigrationRunner(database.ConnectionString).StatusAsync(cancellationToken);
        var items = MigrationList.Of(states);
        Console.WriteLine(arguments.GetValue(json) ? CliJson.Write(items) : MigrationText.Of(items));
        return ExitOf(states);
    }

    /// <summary>The worst that was found; what apply would stop at comes before what it would do.</summary>
    static int ExitOf(IReadOnlyList<MigrationState> states)
    {
        return Has(MigrationStatus.Edited) ? (int)MigrationFailure.ChecksumMismatch
            : Has(MigrationStatus.Vanished) ? (int)MigrationFailure.VanishedScript
            : Has(MigrationStatus.OutOfOrder) ? (int)MigrationFailure.OutOfOrder
            : Has(MigrationStatus.Pending) ? ExitCode.Pending
            : ExitCode.Done;

        bool Has(MigrationStatus status) => states.Any(state => state.Status == status);
    }

    static int ExitOf(MigrationException failure) =>
        failure.InnerException is { } cause && DatabaseFailure.Of(cause) is { Kind: FailureKind.Unavailable }
            ? ExitCode.NoDatabase
            : (int)failure.Failure;

    static async Task<int> GuardedAsync(Func<Task<int>> work)
    {
        try
        {
            return await work();
        }
        catch (MigrationException failure)
        {
            throw new CommandFailedException(ExitOf(failure), failure.Message, failure);
        }
        catch (ArgumentException invalid)
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                $"The connection string is not one: {invalid.Message}",
                invalid
            );
        }
    }
}
