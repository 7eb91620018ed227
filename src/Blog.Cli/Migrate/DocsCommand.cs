using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations.Schema;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate docs</c>.</summary>
static class DocsCommand
{
    public static Command Create()
    {
        var docs = new DocumentedCommand(
            "docs",
            "Writes the schema for people: a diagram, and what each table, column, key and index means and serves."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "written"),
                (ExitCode.Failed, "there is no schema blog, or its catalogue cannot be read"),
                (ExitCode.Usage, "the arguments are wrong"),
                (ExitCode.NoDatabase, "no database can be reached or started"),
                (ExitCode.Interrupted, "interrupted"),
            ],
            Examples = ["blog migrate docs > docs/schema.md", "blog migrate docs --json"],
        };
        docs.Add(MigrationQuestion.Json);
        docs.Add(MigrationQuestion.Connection);
        docs.SetAction(RunAsync);
        return docs;
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                await SnapshotCommand.ReadAsync(arguments, connectionString, cancellationToken);
                var text = await SchemaDocument.WriteAsync(connectionString, cancellationToken);
                Console.Write(
                    arguments.GetValue(MigrationQuestion.Json)
                        ? CliJson.Write(new SchemaText(text)) + Environment.NewLine
                        : text
                );
                return ExitCode.Done;
            },
            cancellationToken
        );
}

/// <summary>What <c>migrate docs --json</c> writes.</summary>
/// <param name="Markdown">The whole document.</param>
sealed record SchemaText(string Markdown);
