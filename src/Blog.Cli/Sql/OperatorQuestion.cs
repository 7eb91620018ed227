using System.CommandLine;
using System.Data.Common;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Operate;

namespace Blog.Cli.Sql;

/// <summary>What a command asks a database as its operator, and how it says that there is no answer.</summary>
static class OperatorQuestion
{
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Writes one JSON object, and nothing else but errors.",
    };

    public static readonly Option<string?> Connection = ServedDatabase.CreateOption(
        "the service's own role, or a superuser, or a role with pg_monitor and the rights of the service"
    );

    public static readonly (int, string)[] Failures =
    [
        (ExitCode.Usage, "it cannot be told: the extension or a right is missing; or the arguments are wrong"),
        (ExitCode.NoDatabase, "no database can be reached or started"),
    ];

    /// <param name="ask">Is given the connection string.</param>
    /// <exception cref="CommandFailedException">The database is away, or refuses, or cannot tell.</exception>
    public static async Task<T> AskAsync<T>(
        ParseResult arguments,
        Func<string, Task<T>> ask,
        CancellationToken cancellationToken
    )
    {
        await using var database = await ServedDatabase.FindForOperatorAsync(
            arguments.GetValue(Connection),
            arguments.GetValue(Json) ? null : Console.Error.WriteLine,
            cancellationToken
        );
        try
        {
            return await ask(database.ConnectionString);
        }
        catch (StatisticsUnavailableException unavailable)
        {
            throw new CommandFailedException(ExitCode.Usage, unavailable.Message, unavailable);
        }
        catch (DbException failure)
        {
            var isAway = DatabaseFailure.Of(failure) is { Kind: FailureKind.Unavailable };
            throw new CommandFailedException(
                isAway ? ExitCode.NoDatabase : ExitCode.Failed,
                isAway ? $"No database: {failure.Message}" : $"The database refuses the catalogue: {failure.Message}",
                failure
            );
        }
    }
}
