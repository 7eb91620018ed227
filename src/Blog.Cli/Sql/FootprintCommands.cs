using System.CommandLine;
using System.Data.Common;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Catalogue;
using Blog.Data.Operate;

namespace Blog.Cli.Sql;

/// <summary><c>blog sql footprint</c> and <c>blog sql grants</c>: what the statements touch, and the rights that follow.</summary>
static class FootprintCommands
{
    static readonly Option<bool> json = new("--json")
    {
        Description = "Writes one JSON object, and nothing else but errors.",
    };

    static readonly Option<bool> derive = new("--derive")
    {
        Description = "Asks a database anew, in place of what is built in.",
    };

    static readonly Option<string> role = new("--role")
    {
        HelpName = "role",
        Description = "To whom.",
        DefaultValueFactory = _ => "blog_app",
    };

    static readonly Option<string?> connection = ServedDatabase.CreateOption("a role that may prepare every statement");

    public static Command CreateFootprint()
    {
        var footprint = new DocumentedCommand(
            "footprint",
            "The tables and columns that each statement reads and writes, what it calls, and what it returns."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "written"),
                (ExitCode.Failed, "a statement does not fit this database"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
            ],
            Examples = ["blog sql footprint", "blog sql footprint --derive > sql/footprint.txt"],
        };
        footprint.Add(derive);
        footprint.Add(json);
        footprint.Add(connection);
        footprint.SetAction(WriteFootprintAsync);
        return footprint;
    }

    public static Command CreateGrants()
    {
        var grants = new DocumentedCommand(
            "grants",
            "The rights that the statements of this build need, column by column, and no others, as a script."
        )
        {
            ExitCodes = [(ExitCode.Done, "written")],
            Examples = ["blog sql grants", "blog sql grants --role my_service", "blog sql grants --json"],
        };
        grants.Add(role);
        grants.Add(json);
        grants.SetAction(WriteGrants);
        return grants;
    }

    static async Task<int> WriteFootprintAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var footprints = arguments.GetValue(derive) ? await DeriveAsync(arguments, cancellationToken) : Footprint.All;
        Console.Write(
            arguments.GetValue(json)
                ? CliJson.Write(new FootprintItems([.. footprints.Select(FootprintItem.Of)])) + Environment.NewLine
                : Footprint.Write(footprints)
        );
        return ExitCode.Done;
    }

    static int WriteGrants(ParseResult arguments)
    {
        Console.Write(
            arguments.GetValue(json)
                ? CliJson.Write(new RightItems(Rights.Needed)) + Environment.NewLine
                : Rights.ToScript(Rights.Needed, arguments.GetRequiredValue(role))
        );
        return ExitCode.Done;
    }

    static async Task<IReadOnlyList<Footprint>> DeriveAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        await using var database = await ServedDatabase.FindForOperatorAsync(
            arguments.GetValue(connection),
            Console.Error.WriteLine,
            cancellationToken
        );
        try
        {
            return await FootprintProbe.DeriveAsync(database.ConnectionString, cancellationToken);
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

/// <summary>What <c>sql footprint --json</c> writes.</summary>
sealed record FootprintItems(IReadOnlyList<FootprintItem> Items);

/// <summary>One statement.</summary>
/// <param name="Statement">As in its comment.</param>
/// <param name="Uses">What it does to which columns of which tables.</param>
/// <param name="Functions">That it calls.</param>
/// <param name="Sequences">That it draws from.</param>
/// <param name="Returns">The columns of its result set.</param>
sealed record FootprintItem(
    string Statement,
    IReadOnlyList<TableUse> Uses,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Sequences,
    IReadOnlyList<Column> Returns
)
{
    public static FootprintItem Of(Footprint footprint) =>
        new(footprint.Name, footprint.Uses, footprint.Functions, footprint.Sequences, footprint.Returns);
}

/// <summary>What <c>sql grants --json</c> writes.</summary>
sealed record RightItems(IReadOnlyList<Right> Items);
