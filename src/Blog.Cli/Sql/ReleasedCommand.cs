using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations.Released;

namespace Blog.Cli.Sql;

/// <summary><c>blog sql released</c>: the statements of this build, kept for the releases that come after it.</summary>
static class ReleasedCommand
{
    static readonly Argument<string> release = new("release") { Description = "What this release is called: 1.0." };

    public static Command Create()
    {
        var released = new DocumentedCommand(
            "released",
            "Every statement that the service of this build sends, with what it needs and returns, as the file that later builds hold "
                + "their schema against. Renewed at a release, in a commit of its own."
        )
        {
            ExitCodes = [(ExitCode.Done, "written"), (ExitCode.Usage, "the arguments are wrong")],
            Examples = ["blog sql released 1.0 > sql/released.sql", "blog sql released 1.0 --json"],
        };
        released.Add(release);
        released.Add(OperatorQuestion.Json);
        released.SetAction(Write);
        return released;
    }

    static int Write(ParseResult arguments)
    {
        try
        {
            var catalogue = ReleasedCatalogue.OfBuild(arguments.GetRequiredValue(release));
            Console.Write(
                arguments.GetValue(OperatorQuestion.Json)
                    ? CliJson.Write(catalogue) + Environment.NewLine
                    : catalogue.Write()
            );
            return ExitCode.Done;
        }
        catch (FormatException invalid)
        {
            throw new CommandFailedException(ExitCode.Usage, invalid.Message, invalid);
        }
    }
}
