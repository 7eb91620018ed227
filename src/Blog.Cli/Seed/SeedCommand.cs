using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using Blog.Cli.Shell;

namespace Blog.Cli.Seed;

/// <summary><c>blog seed</c>: made-up users, as many as one likes, in the form that an import reads.</summary>
static class SeedCommand
{
    const int FlushAt = 64 * 1024;

    static readonly JsonWriterOptions compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    static readonly Argument<string> file = new("file")
    {
        Description = "The file to write, which must not be there yet; - writes the standard output.",
        DefaultValueFactory = _ => OutputFile.StandardOutput,
    };

    static readonly Option<int> users = Number("--users", 100_000, 1, 100_000_000, "How many users.");
    static readonly Option<int> posts = Number("--posts", 10, 0, 10_000, "How many posts each of them has.");
    static readonly Option<int> tags = Number(
        "--tags",
        2_000,
        3,
        100_000,
        "How many tags there are; a post has three."
    );
    static readonly Option<int> seed = Number(
        "--seed",
        1,
        0,
        int.MaxValue,
        "The same number gives the same file, byte for byte."
    );

    public static Command Create()
    {
        var command = new DocumentedCommand(
            "seed",
            "Makes up users with profiles, posts and tags, a line a user, for trials and measurements. Needs no database."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "every user is written, and the last line says how many"),
                (ExitCode.Failed, "the file cannot be written; what is written has no last line"),
                (ExitCode.Usage, "the arguments are wrong, or the file is there already"),
                (ExitCode.Interrupted, "interrupted; what is written has no last line"),
            ],
            Examples =
            [
                "blog seed users.ndjson --users 100000",
                "blog seed --users 1000 --posts 3 | blog import users -",
            ],
        };
        command.Add(file);
        command.Add(users);
        command.Add(posts);
        command.Add(tags);
        command.Add(seed);
        command.SetAction(
            (arguments, cancellationToken) =>
                RunAsync(
                    arguments.GetRequiredValue(file),
                    new(
                        arguments.GetValue(users),
                        arguments.GetValue(posts),
                        arguments.GetValue(tags),
                        arguments.GetValue(seed)
                    ),
                    cancellationToken
                )
        );
        return command;
    }

    static async Task<int> RunAsync(string path, SeedSize size, CancellationToken cancellationToken)
    {
        await using var target = OutputFile.Create(path);
        var written = new WrittenUsers(size.Users);
        try
        {
            await Meter.ShowAsync(
                written.Reached,
                isQuiet: false,
                step => WriteAsync(target, size, written, step, cancellationToken)
            );
        }
        catch (IOException failure)
        {
            throw new CommandFailedException(ExitCode.Failed, $"{path} is not whole: {failure.Message}", failure);
        }

        await Console.Error.WriteLineAsync(written.ToString());
        return ExitCode.Done;
    }

    static async Task<long> WriteAsync(
        Stream target,
        SeedSize size,
        WrittenUsers written,
        Action step,
        CancellationToken cancellationToken
    )
    {
        using var buffer = new MemoryStream();
        await using var json = new Utf8JsonWriter(buffer, compact);
        var madeUp = new SeedUsers(size);
        for (var user = 1L; user <= size.Users; user++)
        {
            madeUp.WriteNext(json);
            EndLine();
            if (buffer.Length > FlushAt)
            {
                await SendAsync();
            }

            written.Reach(user);
            step();
        }

        json.WriteStartObject();
        json.WriteStartObject("$end");
        json.WriteNumber("count", size.Users);
        json.WriteEndObject();
        json.WriteEndObject();
        EndLine();
        await SendAsync();
        return size.Users;

        void EndLine()
        {
            json.Flush();
            json.Reset();
            buffer.WriteByte((byte)'\n');
        }

        async Task SendAsync()
        {
            await target.WriteAsync(buffer.GetBuffer().AsMemory(0, (int)buffer.Length), cancellationToken);
            buffer.SetLength(0);
        }
    }

    static Option<int> Number(string name, int usual, int least, int most, string description)
    {
        var option = new Option<int>(name)
        {
            HelpName = "number",
            Description = description,
            DefaultValueFactory = _ => usual,
        };
        option.Validators.Add(result =>
        {
            var isNumber = int.TryParse(
                result.Tokens is [var token] ? token.Value : "",
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var value
            );
            if (result.Tokens.Count > 0 && (!isNumber || value < least || value > most))
            {
                result.AddError(
                    string.Create(CultureInfo.InvariantCulture, $"{name} is a number from {least} to {most}.")
                );
            }
        });
        return option;
    }
}
