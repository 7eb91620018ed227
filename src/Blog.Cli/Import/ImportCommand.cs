using System.CommandLine;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data.Import;

namespace Blog.Cli.Import;

/// <summary><c>blog import users</c>: its arguments and its help.</summary>
static class ImportCommand
{
    static readonly Argument<string> file = new("file")
    {
        Description = "NDJSON, a line a user with posts and tags; - reads the standard input.",
    };

    static readonly Option<string> mode = new("--mode")
    {
        Description =
            "lines: each line is stored whole or rejected, and the others go on. atomic: one bad line and nothing is stored.",
        DefaultValueFactory = _ => "lines",
    };

    static readonly Option<bool> skipExisting = new("--skip-existing")
    {
        Description =
            "Skips a line when a user of that name is stored before the line is reached, by an earlier line too. "
            + "Without it a second import of the same file doubles everything.",
    };

    static readonly Option<string?> rejected = new("--rejected")
    {
        HelpName = "path",
        Description =
            "Where rejected lines go, as they were sent; what is wrong with each is beside it, a line a line. "
            + "Default: <name>.rejected.ndjson and <name>.problems.ndjson in the working directory.",
    };

    static readonly Option<bool> overwrite = new("--overwrite")
    {
        Description = "Replaces these two files where they exist; without it nothing is imported then.",
    };

    static readonly Option<bool> json = new("--json")
    {
        Description = "Writes the summary as one JSON object, and nothing else but errors.",
    };

    static readonly Option<string?> connection = ServedDatabase.CreateOption("blog_app");

    public static Command Create()
    {
        mode.AcceptOnlyFromAmong("lines", "atomic");
        var users = new DocumentedCommand(
            "users",
            "Imports users with their profiles, posts and tags. Needs no running service."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "every line is stored or skipped"),
                (ExitCode.Failed, "atomic: a line is bad and nothing is stored; or the database failed"),
                (ExitCode.Usage, "the arguments are wrong, the file cannot be read, or a report is in the way"),
                (ExitCode.SomeRejected, "lines: some lines were rejected, the others are stored"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted: only whole lines are stored, in atomic none"),
            ],
            Examples =
            [
                "blog import users 18f-blog.ndjson",
                "blog import users 18f-blog.ndjson --mode atomic",
                "blog import users 18f-blog.rejected.ndjson --skip-existing      (after mending the lines)",
                "zcat users.ndjson.gz | blog import users - --rejected bad.ndjson --json",
            ],
        };
        users.Add(file);
        users.Add(mode);
        users.Add(skipExisting);
        users.Add(rejected);
        users.Add(overwrite);
        users.Add(json);
        users.Add(connection);
        users.SetAction(
            (arguments, cancellationToken) =>
                new ImportRun(
                    arguments.GetRequiredValue(file),
                    arguments.GetRequiredValue(mode) == "atomic" ? ImportMode.Atomic : ImportMode.Lines,
                    arguments.GetValue(skipExisting),
                    arguments.GetValue(rejected),
                    arguments.GetValue(overwrite),
                    arguments.GetValue(json),
                    arguments.GetValue(connection)
                ).RunAsync(cancellationToken)
        );
        return new DocumentedCommand("import", "Imports real data.")
        {
            Subcommands = { users },
            Examples = ["blog import users 18f-blog.ndjson", "blog import users --help"],
        };
    }
}
