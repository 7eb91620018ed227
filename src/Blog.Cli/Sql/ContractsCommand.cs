using System.CommandLine;
using System.Data.Common;
using System.Globalization;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Catalogue;
using Blog.Data.Input;
using Blog.Data.Plans;
using Blog.LocalPostgres;

namespace Blog.Cli.Sql;

/// <summary><c>blog sql contracts</c>: what each statement may cost, held against what it costs.</summary>
static class ContractsCommand
{
    static readonly Option<string> scale = CreateScale();

    static readonly Option<bool> approve = new("--approve")
    {
        Description = "Writes what was measured at this scale, and a quarter more, into the plan files as bounds.",
    };

    static readonly Option<string?> into = new("--into")
    {
        HelpName = "folder",
        Description =
            "Whose plan files --approve reads and writes. Default: sql/plans of the checkout around this folder.",
    };

    static readonly Argument<string[]> ids = new("ids")
    {
        Description = "Files of sql/queries, without their ending: users/get_user. None: all of them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
    {
        var contracts = new DocumentedCommand(
            "contracts",
            "Executes every statement of the catalogue in its cases (sql/plans), with the plan for any arguments and the plan for these, "
                + "and holds buffers, sorts, removed rows and whole reads against the bounds approved there. It works in a database of "
                + "its own on the private PostgreSQL of this checkout, which it fills first and keeps; what is written is rolled back."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "all contracts hold"),
                (ExitCode.Failed, "contracts are broken, and each property is named"),
                (ExitCode.Usage, "the arguments are wrong, or --approve finds no plan files"),
                (ExitCode.NoDatabase, "no private server can be started"),
                (
                    ExitCode.Interrupted,
                    "interrupted; a database that was not yet filled is filled afresh the next time"
                ),
            ],
            Examples =
            [
                "blog sql contracts",
                "blog sql contracts --scale large --json",
                "blog sql contracts --approve posts/list_posts_by_tags",
            ],
        };
        contracts.Add(ids);
        contracts.Add(scale);
        contracts.Add(approve);
        contracts.Add(into);
        contracts.Add(OperatorQuestion.Json);
        contracts.SetAction(RunAsync);
        return contracts;
    }

    static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var at = PlanScale.All.Single(one => one.Name == arguments.GetRequiredValue(scale));
        var isQuiet = arguments.GetValue(OperatorQuestion.Json);
        var queries = Chosen(arguments.GetValue(ids) ?? []);
        var folder = arguments.GetValue(approve) ? PlanFolder.Find(arguments.GetValue(into)) : null;
        var contracts = queries
            .Select(query => folder?.Read(query) ?? PlanContracts.Find(query))
            // Those that write leave dead rows behind, which those that read would find.
            .OrderBy(contract => contract.Query.Writes)
            .ToList();

        Action<string>? say = isQuiet ? null : Console.Error.WriteLine;
        await using var server = await LocalServer.StartAsync(LocalServerOptions.ForCheckout(say), cancellationToken);
        try
        {
            var database = await ContractDatabase.ReadyAsync(server, at, say, cancellationToken);
            var measured = await MeasureAsync(contracts, database, at, isQuiet, cancellationToken);
            if (folder is not null)
            {
                measured = Approve(measured, at, folder, say);
            }

            var report = ContractReport.Of(at, measured);
            Console.WriteLine(isQuiet ? CliJson.Write(report) : ContractText.Of(report));
            return report.Broken.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        }
        catch (DbException failure)
        {
            throw new CommandFailedException(ExitCode.NoDatabase, $"No database: {failure.Message}", failure);
        }
    }

    static async Task<IReadOnlyList<MeasuredCase>> MeasureAsync(
        List<PlanContract> contracts,
        LocalDatabase database,
        PlanScale at,
        bool isQuiet,
        CancellationToken cancellationToken
    )
    {
        // One session, which knows the tables from the first case on.
        await using var data = new BlogData(database.ConnectionString("blog_app") + ";Maximum Pool Size=1");
        var run = new ContractRun(data, at);
        var measured = new List<MeasuredCase>();
        var cases = contracts.SelectMany(contract => contract.Cases.Select(one => (contract, one))).ToList();
        var now = "";
        return await Meter.ShowAsync(
            () => new Reached(measured.Count, cases.Count, now),
            isQuiet,
            async step =>
            {
                foreach (var (contract, one) in cases)
                {
                    now = string.Create(CultureInfo.InvariantCulture, $"{contract.Query.Id}, {one.Name}");
                    step();
                    measured.Add(await run.MeasureAsync(contract, one, cancellationToken));
                }

                return measured;
            }
        );
    }

    static List<MeasuredCase> Approve(
        IReadOnlyList<MeasuredCase> measured,
        PlanScale at,
        PlanFolder folder,
        Action<string>? say
    )
    {
        var approved = new List<MeasuredCase>();
        var written = new List<string>();
        foreach (var group in measured.GroupBy(one => one.Contract))
        {
            var contract = group.Key with { Cases = [.. group.Select(one => one.Approved(at))] };
            if (folder.Write(contract))
            {
                written.Add(contract.Query.Id);
            }

            approved.AddRange(group.Zip(contract.Cases, (one, with) => one.Against(contract, with, at)));
        }

        say?.Invoke(
            written switch
            {
                [] => "No plan file changed.",
                [var one] => $"1 plan file changed: {one}",
                _ => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{written.Count} plan files changed: {string.Join(", ", written)}"
                ),
            }
        );
        return approved;
    }

    static IReadOnlyList<Query> Chosen(string[] wanted) =>
        wanted.Length == 0 ? QueryCatalogue.All : [.. wanted.Distinct(StringComparer.Ordinal).Select(Find)];

    static Query Find(string wanted)
    {
        if (QueryCatalogue.TryFind(wanted) is { } query)
        {
            return query;
        }

        var near = Spelling.FindNear(wanted, QueryCatalogue.All.Select(known => known.Id));
        var advice = near is null ? "blog sql list shows all." : $"Did you mean {near}?";
        throw new CommandFailedException(ExitCode.Usage, $"There is no sql/queries/{wanted}.sql. {advice}");
    }

    static Option<string> CreateScale()
    {
        var option = new Option<string>("--scale")
        {
            HelpName = "scale",
            Description =
                "How many posts: small 1,000, medium 100,000, large 2,000,000. Filling takes seconds, half a minute, some minutes.",
            DefaultValueFactory = _ => PlanScale.Small.Name,
        };
        option.AcceptOnlyFromAmong([.. PlanScale.All.Select(one => one.Name)]);
        return option;
    }
}
