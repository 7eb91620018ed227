using System.CommandLine;
using System.Globalization;
using Blog.Cli.Database;
using Blog.Cli.Shell;

namespace Blog.Cli.Idempotency;

/// <summary><c>blog idempotency</c>: its arguments and its help.</summary>
static class IdempotencyCommand
{
    static readonly Option<int> batch = new("--batch")
    {
        HelpName = "keys",
        Description = "How many are deleted at a time, each batch committed by itself.",
        DefaultValueFactory = _ => 1000,
    };

    static readonly Option<bool> json = new("--json")
    {
        Description = "Writes the summary as one JSON object, and nothing else but errors.",
    };

    static readonly Option<string?> connection = ServedDatabase.CreateOption("blog_app");

    public static Command Create()
    {
        batch.Validators.Add(result =>
        {
            if (
                result.Tokens is [{ Value: var text }]
                && int.TryParse(text, CultureInfo.InvariantCulture, out var size)
                && size < 1
            )
            {
                result.AddError("--batch is at least 1.");
            }
        });
        var clear = new DocumentedCommand(
            "clear",
            "Deletes the Idempotency-Keys that are past their 24 hours. They count for nothing already; this gives back their room. "
                + "Run it now and then, from a timer; the service may go on meanwhile."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "every expired key is deleted"),
                (ExitCode.Failed, "the database failed; the batches before are deleted"),
                (ExitCode.Usage, "the arguments are wrong"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted; the batches before are deleted"),
            ],
            Examples = ["blog idempotency clear", "blog idempotency clear --batch 100 --json"],
        };
        clear.Add(batch);
        clear.Add(json);
        clear.Add(connection);
        clear.SetAction(
            (arguments, cancellationToken) =>
                new ClearRun(
                    arguments.GetValue(batch),
                    arguments.GetValue(json),
                    arguments.GetValue(connection)
                ).RunAsync(cancellationToken)
        );
        return new DocumentedCommand("idempotency", "Looks after the Idempotency-Keys that are stored with the writes.")
        {
            Subcommands = { clear },
            Examples = ["blog idempotency clear"],
        };
    }
}
