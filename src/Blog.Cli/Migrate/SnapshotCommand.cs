using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate snapshot</c>.</summary>
static class SnapshotCommand
{
    public static Command Create()
    {
        var snapshot = new DocumentedCommand(
            "snapshot",
            "Writes the whole schema of a database as one script: roles, tables, functions, indexes and rights."
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
            Examples =
            [
                "blog migrate snapshot > sql/schema.sql",
                "blog migrate snapshot --json --connection \"Host=db.example.org;Database=blog;Username=blog_readonly\"",
            ],
        };
        snapshot.Add(MigrationQuestion.Json);
        snapshot.Add(MigrationQuestion.Connection);
        snapshot.SetAction(RunAsync);
        return snapshot;
    }

    /// <summary>The snapshot of a database that holds the schema; says on the terminal where its journal ends before this build's scripts do.</summary>
    /// <exception cref="MigrationException">There is no schema blog.</exception>
    public static async Task<SchemaSnapshot> ReadAsync(
        ParseResult arguments,
        string connectionString,
        CancellationToken cancellationToken
    )
    {
        var snapshot = await SchemaSnapshot.ReadAsync(connectionString, cancellationToken);
        if (!snapshot.Items.Any(item => item.Kind == "schema"))
        {
            throw new MigrationException(
                MigrationFailure.Failed,
                "There is no schema blog in this database. Nothing was written. Run: blog migrate apply"
            );
        }

        var last = MigrationScript.LoadAll()[^1].Name;
        if (snapshot.LastScript is { } applied && applied != last)
            MigrationQuestion
                .Announce(arguments)
                ?.Invoke($"The journal of this database ends with {applied}, this build with {last}.");
        return snapshot;
    }

    static Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken) =>
        MigrationQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                var snapshot = await ReadAsync(arguments, connectionString, cancellationToken);
                Console.Write(
                    arguments.GetValue(MigrationQuestion.Json)
                        ? CliJson.Write(snapshot) + Environment.NewLine
                        : snapshot.ToSql()
                );
                return ExitCode.Done;
            },
            cancellationToken
        );
}
