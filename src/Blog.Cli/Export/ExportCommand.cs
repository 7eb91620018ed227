using System.CommandLine;
using System.Data.Common;
using System.IO.Pipelines;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Export;

namespace Blog.Cli.Export;

/// <summary><c>blog export users</c>: what an import reads.</summary>
static class ExportCommand
{
    static readonly Argument<string> file = new("file")
    {
        Description = "The file to write, which must not be there yet; - writes the standard output.",
        DefaultValueFactory = _ => OutputFile.StandardOutput,
    };

    static readonly Option<long> afterId = new("--after-id")
    {
        HelpName = "id",
        Description = "Only users with a higher id.",
    };

    static readonly Option<string?> connection = ServedDatabase.CreateOption("blog_app");

    public static Command Create()
    {
        var users = new DocumentedCommand(
            "users",
            "Exports users with their profiles, posts and tags, a line a user, all of one moment. Needs no running service."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "every user is written, and the last line says how many"),
                (
                    ExitCode.Failed,
                    "the database failed, or the file cannot be written; what is written has no last line"
                ),
                (ExitCode.Usage, "the arguments are wrong, or the file is there already"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted; what is written has no last line"),
            ],
            Examples = ["blog export users users.ndjson", "blog export users | gzip > users.ndjson.gz"],
        };
        users.Add(file);
        users.Add(afterId);
        users.Add(connection);
        users.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    arguments.GetRequiredValue(file),
                    arguments.GetValue(afterId),
                    arguments.GetValue(connection),
                    cancellationToken
                )
        );
        return new DocumentedCommand("export", "Writes real data.")
        {
            Subcommands = { users },
            Examples = ["blog export users users.ndjson"],
        };
    }

    static async Task<int> RunAsync(
        string path,
        long after,
        string? connectionString,
        CancellationToken cancellationToken
    )
    {
        await using var target = OutputFile.Create(path);
        await using var database = await ServedDatabase.FindReadyAsync(
            connectionString,
            Console.Error.WriteLine,
            cancellationToken
        );
        await using var data = new BlogData(database.ConnectionString);
        var written = new WrittenUsers(all: null);
        try
        {
            await Meter.ShowAsync(
                written.Reached,
                isQuiet: false,
                step => WriteAsync(data, target, after, written, step, cancellationToken)
            );
            await Console.Error.WriteLineAsync(written.ToString());
            return ExitCode.Done;
        }
        catch (Exception failure) when (failure is DbException or IOException)
        {
            throw new CommandFailedException(
                ExitCode.Failed,
                $"The export is not whole, and has no last line: {failure.Message}",
                failure
            );
        }
    }

    static async Task<long> WriteAsync(
        BlogData data,
        Stream target,
        long after,
        WrittenUsers written,
        Action step,
        CancellationToken cancellationToken
    )
    {
        var output = PipeWriter.Create(target, new(leaveOpen: true));
        var count = await new UserExport(data).ExportUsersAsync(
            output,
            after,
            users =>
            {
                written.Reach(users);
                step();
            },
            cancellationToken
        );
        await output.CompleteAsync();
        return count;
    }
}
