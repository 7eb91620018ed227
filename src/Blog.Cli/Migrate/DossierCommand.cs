using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Blog.Cli.Shell;
using Blog.Data.Input;
using Blog.Data.Migrations;
using Blog.Data.Migrations.Dossiers;
using Blog.Data.Plans;
using Blog.LocalPostgres;

namespace Blog.Cli.Migrate;

/// <summary><c>blog migrate dossier</c>: what each script does to whoever reads and writes meanwhile, measured.</summary>
static class DossierCommand
{
    static readonly PlanScale[] scales = [PlanScale.Small, PlanScale.Medium];

    static readonly Argument<string[]> names = new("scripts")
    {
        Description = "By name or number: 0006. None: all of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    static readonly Option<bool> write = new("--write")
    {
        Description =
            "Writes each page beside its script, sql/migrations/0006_index_post_words.md, of the checkout around this folder or of --scripts.",
    };

    public static Command Create()
    {
        var dossier = new DocumentedCommand(
            "dossier",
            "Runs each script on copies with 1,000 and 100,000 posts, on the private PostgreSQL of this checkout, and says statement by "
                + "statement which locks it takes and what they block, what it writes anew, the rows it reads, its time and its write-ahead "
                + "log; which plans change; and whether the statements of the last release go on working. The copies are dropped."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "measured"),
                (ExitCode.Failed, "a script failed on the copy"),
                (ExitCode.Usage, "the arguments are wrong, or --write finds no scripts"),
                ((int)MigrationFailure.Unsafe, "a script breaks statements of the last release; its page names them"),
                (ExitCode.NoDatabase, "no private server can be started"),
                (ExitCode.Interrupted, "interrupted; no page was written"),
            ],
            Examples = ["blog migrate dossier 0006", "blog migrate dossier --write", "blog migrate dossier --json"],
        };
        dossier.Add(names);
        dossier.Add(MigrationQuestion.Scripts);
        dossier.Add(write);
        dossier.Add(MigrationQuestion.Json);
        dossier.SetAction(
            (arguments, cancellationToken) =>
                MigrationQuestion.GuardedAsync(() => RunAsync(arguments, cancellationToken))
        );
        return dossier;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var scripts = MigrationQuestion.ScriptsOf(arguments) ?? MigrationScript.LoadAll();
        var wanted = Chosen(scripts, arguments.GetValue(names) ?? []);
        var folder = arguments.GetValue(write) ? FolderOf(arguments) : null;
        var say = MigrationQuestion.Announce(arguments);
        await using var server = await LocalServer.StartAsync(LocalServerOptions.ForCheckout(say), cancellationToken);
        try
        {
            var dossiers = await MeasureAsync(server, scripts, wanted, say is null, cancellationToken);
            foreach (var dossier in folder is null ? [] : dossiers)
            {
                var page = Path.Combine(folder!, Path.ChangeExtension(dossier.Script.Name, ".md"));
                await File.WriteAllTextAsync(page, DossierPage.Of(dossier), cancellationToken);
                say?.Invoke($"Written: {page}");
            }

            if (say is null)
            {
                Console.WriteLine(CliJson.Write(DossierItems.Of(dossiers)));
            }
            else if (folder is null)
            {
                Console.Write(string.Join('\n', dossiers.Select(DossierPage.Of)));
            }

            return dossiers.Any(dossier => dossier.Smallest.Broken is { Count: > 0 })
                ? (int)MigrationFailure.Unsafe
                : ExitCode.Done;
        }
        catch (DbException failure)
        {
            throw new CommandFailedException(ExitCode.NoDatabase, $"No database: {failure.Message}", failure);
        }
    }

    static async Task<IReadOnlyList<Dossier>> MeasureAsync(
        LocalServer server,
        IReadOnlyList<MigrationScript> scripts,
        IReadOnlyList<MigrationScript> wanted,
        bool isQuiet,
        CancellationToken cancellationToken
    )
    {
        var measures = new List<IReadOnlyList<(MigrationScript Script, ScriptMeasure Measure)>>();
        var version = "";
        var steps = scales.Length * 2 * (1 + scripts.ToList().IndexOf(wanted[^1]));
        var reached = new Reached(0, steps, "");
        return await Meter.ShowAsync(
            () => reached,
            isQuiet,
            async show =>
            {
                foreach (var scale in scales)
                {
                    var copy = new LocalDatabase(server, $"blog_dossier_{scale.Name}");
                    await copy.RecreateAsync(cancellationToken);
                    try
                    {
                        var run = new DossierRun(copy.ConnectionString, scale);
                        version = await run.ServerVersionAsync(cancellationToken);
                        measures.Add(
                            await run.MeasureAsync(
                                scripts,
                                wanted.Contains,
                                watchesLocks: scale == scales[0],
                                step =>
                                {
                                    reached = new(
                                        reached.Done + 1,
                                        steps,
                                        string.Create(CultureInfo.InvariantCulture, $"{scale.Posts:#,0} posts: {step}")
                                    );
                                    show();
                                },
                                cancellationToken
                            )
                        );
                    }
                    finally
                    {
                        await copy.DropAsync(CancellationToken.None);
                    }
                }

                return wanted
                    .Select(
                        (script, at) => new Dossier(script, version, [.. measures.Select(scale => scale[at].Measure)])
                    )
                    .ToArray();
            }
        );
    }

    static IReadOnlyList<MigrationScript> Chosen(IReadOnlyList<MigrationScript> scripts, string[] wanted)
    {
        if (wanted.Length == 0)
        {
            return scripts;
        }

        var chosen = wanted.Select(name => Find(scripts, name)).ToHashSet();
        return [.. scripts.Where(chosen.Contains)];
    }

    static MigrationScript Find(IReadOnlyList<MigrationScript> scripts, string wanted)
    {
        if (
            scripts.FirstOrDefault(script =>
                script.Name == wanted
                || Path.GetFileNameWithoutExtension(script.Name) == wanted
                || (wanted.Length == 4 && script.Name.StartsWith(wanted + "_", StringComparison.Ordinal))
            ) is
            { } found
        )
        {
            return found;
        }

        var near = Spelling.FindNear(wanted, scripts.Select(script => script.Name));
        throw new CommandFailedException(
            ExitCode.Usage,
            $"There is no script {wanted}. {(near is null ? "blog migrate status lists them." : $"Did you mean {near}?")}"
        );
    }

    static string FolderOf(ParseResult arguments)
    {
        if (arguments.GetValue(MigrationQuestion.Scripts) is { } chosen)
        {
            return chosen.FullName;
        }

        for (var folder = new DirectoryInfo(Environment.CurrentDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Blog.sln")))
            {
                return Path.Combine(folder.FullName, "sql", "migrations");
            }
        }

        throw new CommandFailedException(
            ExitCode.Usage,
            "There is no checkout around this folder whose pages could be written. Go there, or name the scripts' folder with --scripts."
        );
    }
}
