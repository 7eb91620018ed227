using System.CommandLine;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipelines;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Export;

namespace Blog.Cli.Export;

/// <summary><c>blog export users</c>: what an import reads.</summary>
static class ExportCommand
{
    static readonly TimeSpan interval = TimeSpan.FromSeconds(5);

    static readonly Argument<string> file = new("file")
    {
        Description = "The file to write, which must not be there yet; - writes the standard output.",
        DefaultValueFactory = _ => "-",
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
        await using var target = Open(path);
        await using var database = await ServedDatabase.FindReadyAsync(
            connectionString,
            Console.Error.WriteLine,
            cancellationToken
        );
        await using var data = new BlogData(database.ConnectionString);
        var watch = Stopwatch.StartNew();
        try
        {
            var count = await WriteAsync(data, target, after, watch, cancellationToken);
            await Console.Error.WriteLineAsync(Describe(count, watch.Elapsed));
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
        Stopwatch watch,
        CancellationToken cancellationToken
    )
    {
        var output = PipeWriter.Create(target, new(leaveOpen: true));
        var next = interval;
        var count = await new UserExport(data).ExportUsersAsync(
            output,
            after,
            written =>
            {
                if (watch.Elapsed >= next)
                {
                    next = watch.Elapsed + interval;
                    Console.Error.WriteLine(Describe(written, watch.Elapsed));
                }
            },
            cancellationToken
        );
        await output.CompleteAsync();
        return count;
    }

    static Stream Open(string path)
    {
        if (path == "-")
        {
            return Console.OpenStandardOutput();
        }

        if (Path.Exists(path))
        {
            throw new CommandFailedException(
                ExitCode.Usage,
                $"{path} is there already. Nothing was exported. Name another file."
            );
        }

        try
        {
            return new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailedException(ExitCode.Failed, $"{path} cannot be written: {failure.Message}");
        }
    }

    static string Describe(long users, TimeSpan elapsed) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{users:#,0} users written in {elapsed.TotalSeconds:0.0} s ({users / Math.Max(0.001, elapsed.TotalSeconds):#,0}/s)"
        );
}
