using System.CommandLine;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary>What the commands of <c>blog migrate</c> share: which database and which scripts, and how they say that it did not go.</summary>
static class MigrationQuestion
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Writes one JSON object, and nothing else but errors.",
    };

    public static readonly Option<string?> Connection = ServedDatabase.CreateOption(
        "blog_migrator, or a superuser for an empty database"
    );

    public static readonly Option<DirectoryInfo?> Scripts = new("--scripts")
    {
        HelpName = "folder",
        Description = "Reads the scripts of this folder in place of those that are built in.",
    };

    /// <summary>Of a command that compares the scripts with the journal and does no more.</summary>
    public static readonly (int, string)[] Failures =
    [
        ((int)MigrationFailure.Failed, "the scripts or the journal cannot be read"),
        ((int)MigrationFailure.ChecksumMismatch, "a script was edited after it was applied"),
        ((int)MigrationFailure.OutOfOrder, "a pending script sorts before an applied one"),
        ((int)MigrationFailure.VanishedScript, "an applied script is missing from these"),
        (ExitCode.NoDatabase, "no database can be reached or started"),
        (ExitCode.Interrupted, "interrupted"),
    ];

    /// <summary>Null: those that are built in.</summary>
    /// <exception cref="MigrationException">There is no such folder, or a script breaks a rule.</exception>
    public static IReadOnlyList<MigrationScript>? ScriptsOf(ParseResult arguments) =>
        arguments.GetValue(Scripts) is { } folder ? MigrationScript.LoadFolder(folder.FullName) : null;

    /// <summary>Whereto a command says what it is doing; null where only JSON is wanted.</summary>
    public static Action<string>? Announce(ParseResult arguments) =>
        arguments.GetValue(Json) ? null : Console.Error.WriteLine;

    /// <summary>Asks the database that is meant.</summary>
    /// <param name="arguments">With <see cref="Json"/> and <see cref="Connection"/>.</param>
    /// <param name="ask">Is given its connection string.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="CommandFailedException">It did not go.</exception>
    public static Task<int> AskAsync(
        ParseResult arguments,
        Func<string, Task<int>> ask,
        CancellationToken cancellationToken
    ) =>
        GuardedAsync(async () =>
        {
            await using var database = await ServedDatabase.FindForMigrationsAsync(
                arguments.GetValue(Connection),
                Announce(arguments),
                cancellationToken
            );
            return await ask(database.ConnectionString);
        });

    /// <summary>Ends with the exit code of what went wrong.</summary>
    /// <exception cref="CommandFailedException">It did not go.</exception>
    public static async Task<int> GuardedAsync(Func<Task<int>> work)
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

    static int ExitOf(MigrationException failure) =>
        failure.InnerException is { } cause && DatabaseFailure.Of(cause) is { Kind: FailureKind.Unavailable }
            ? ExitCode.NoDatabase
            : (int)failure.Failure;
}
