using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Catalogue;
using Blog.Data.Operate;

namespace Blog.Cli.Sql;

/// <summary><c>blog sql footprint</c> and <c>blog sql grants</c>: what the statements touch, and the rights that follow.</summary>
static class FootprintCommands
{
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
                .. OperatorQuestion.Failures,
            ],
            Examples = ["blog sql footprint", "blog sql footprint --derive > sql/footprint.txt"],
        };
        footprint.Add(derive);
        footprint.Add(OperatorQuestion.Json);
        footprint.Add(OperatorQuestion.Connection);
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
        grants.Add(OperatorQuestion.Json);
        grants.SetAction(WriteGrants);
        return grants;
    }

    static async Task<int> WriteFootprintAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var footprints = arguments.GetValue(derive)
            ? await OperatorQuestion.AskAsync(
                arguments,
                connectionString => FootprintProbe.DeriveAsync(connectionString, cancellationToken),
                cancellationToken
            )
            : Footprint.All;
        Console.Write(
            arguments.GetValue(OperatorQuestion.Json)
                ? CliJson.Write(new FootprintItems([.. footprints.Select(FootprintItem.Of)])) + Environment.NewLine
                : Footprint.Write(footprints)
        );
        return ExitCode.Done;
    }

    static int WriteGrants(ParseResult arguments)
    {
        Console.Write(
            arguments.GetValue(OperatorQuestion.Json)
                ? CliJson.Write(new RightItems(Rights.Needed)) + Environment.NewLine
                : Rights.ToScript(Rights.Needed, arguments.GetRequiredValue(role))
        );
        return ExitCode.Done;
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
