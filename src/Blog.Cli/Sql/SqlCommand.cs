using System.CommandLine;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Catalogue;
using Blog.Data.Input;
using Blog.Data.Operate;

namespace Blog.Cli.Sql;

/// <summary><c>blog sql</c>: the catalogue of statements, and what a server says of it.</summary>
static class SqlCommand
{
    static readonly Option<string> role = new("--role")
    {
        HelpName = "role",
        Description = "Whose statements.",
        DefaultValueFactory = _ => "blog_app",
    };

    static readonly Option<bool> calls = new("--calls")
    {
        Description = "Adds how often each was called and how long it took; asks the database.",
    };

    static readonly Argument<string> id = new("id")
    {
        Description = "A file of sql/queries, without its ending: users/get_user.",
    };

    static readonly Argument<long> queryId = new("queryid") { Description = "The identifier, which may be negative." };

    public static Command Create()
    {
        var list = new DocumentedCommand("list", "Every statement file, with who uses it and its budget.")
        {
            ExitCodes = [(ExitCode.Done, "listed"), .. OperatorQuestion.Failures],
            Examples = ["blog sql list", "blog sql list --calls --json"],
        };
        list.Add(calls);
        list.Add(role);
        list.Add(OperatorQuestion.Json);
        list.Add(OperatorQuestion.Connection);
        list.SetAction(ListAsync);

        var show = new DocumentedCommand("show", "One statement file, as it stands in sql/queries.")
        {
            ExitCodes = [(ExitCode.Done, "shown"), (ExitCode.Usage, "there is no such file")],
            Examples = ["blog sql show users/get_user"],
        };
        show.Add(id);
        show.Add(OperatorQuestion.Json);
        show.SetAction(arguments => Show(arguments));

        var explain = new DocumentedCommand(
            "explain",
            "The plans of one statement file for any arguments, as the service's role works with them; executes nothing."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "explained"),
                (ExitCode.Failed, "a statement does not fit this database, or a right is missing"),
                .. OperatorQuestion.Failures,
            ],
            Examples = ["blog sql explain users/get_user"],
        };
        explain.Add(id);
        explain.Add(OperatorQuestion.Json);
        explain.Add(OperatorQuestion.Connection);
        explain.SetAction(ExplainAsync);

        var find = new DocumentedCommand(
            "find",
            "The statement that this server knows under an identifier of pg_stat_statements or pg_stat_activity."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "found"),
                (ExitCode.Failed, "no statement of the catalogue has it, or one does not fit this database"),
                .. OperatorQuestion.Failures,
            ],
            Examples = ["blog sql find 6910286681558168575", "blog sql find -5748802081616935210"],
        };
        find.Add(queryId);
        find.Add(OperatorQuestion.Json);
        find.Add(OperatorQuestion.Connection);
        find.SetAction(FindAsync);

        var audit = new DocumentedCommand(
            "audit",
            "Holds pg_stat_statements of the service's role against the catalogue: whatever is neither in it nor the driver's own is named."
        )
        {
            ExitCodes =
            [
                (ExitCode.Done, "nothing but the catalogue and the driver has spoken"),
                (ExitCode.Failed, "statements are unknown, or a statement of the catalogue does not fit this database"),
                .. OperatorQuestion.Failures,
            ],
            Examples = ["blog sql audit", "blog sql audit --role blog_app --json"],
        };
        audit.Add(role);
        audit.Add(OperatorQuestion.Json);
        audit.Add(OperatorQuestion.Connection);
        audit.SetAction(AuditAsync);

        return new DocumentedCommand("sql", "The catalogue of statements, and what a server says of it.")
        {
            Subcommands =
            {
                list,
                show,
                find,
                explain,
                audit,
                FootprintCommands.CreateFootprint(),
                FootprintCommands.CreateGrants(),
                ContractsCommand.Create(),
                ReleasedCommand.Create(),
            },
            Examples = ["blog sql audit", "blog sql show users/get_user"],
        };
    }

    static async Task<int> ListAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var counted = arguments.GetValue(calls)
            ? await AskAsync(
                arguments,
                data => new SqlStatistics(data).AuditAsync(arguments.GetRequiredValue(role), cancellationToken),
                cancellationToken
            )
            : null;
        var list = QueryList.Of(QueryCatalogue.All, counted);
        Console.WriteLine(arguments.GetValue(OperatorQuestion.Json) ? CliJson.Write(list) : SqlText.Of(list));
        return ExitCode.Done;
    }

    static int Show(ParseResult arguments)
    {
        var query = Find(arguments);
        Console.WriteLine(
            arguments.GetValue(OperatorQuestion.Json) ? CliJson.Write(QueryItem.Of(query, null)) : query.File.TrimEnd()
        );
        return ExitCode.Done;
    }

    static async Task<int> FindAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var wanted = arguments.GetRequiredValue(queryId);
        var identities = await AskAsync(
            arguments,
            data => new StatementProbe(data).IdentifyAsync(cancellationToken),
            cancellationToken
        );
        var found =
            identities.FirstOrDefault(identity => identity.QueryId == wanted)
            ?? throw new CommandFailedException(
                ExitCode.Failed,
                "No statement of the catalogue has this identifier on this server."
            );
        Console.WriteLine(
            arguments.GetValue(OperatorQuestion.Json)
                ? CliJson.Write(new FoundStatement(found.Name, $"sql/queries/{found.Query.Id}.sql", found.Query.UsedBy))
                : $"{found.Name}  {found.Query.UsedBy}\nsql/queries/{found.Query.Id}.sql"
        );
        return ExitCode.Done;
    }

    static async Task<int> ExplainAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var query = Find(arguments);
        var plans = await AskAsync(
            arguments,
            data => new StatementProbe(data).ExplainAsync(query, cancellationToken),
            cancellationToken
        );
        Console.WriteLine(arguments.GetValue(OperatorQuestion.Json) ? CliJson.Write(plans) : SqlText.Of(plans));
        return ExitCode.Done;
    }

    static async Task<int> AuditAsync(ParseResult arguments, CancellationToken cancellationToken)
    {
        var audit = await AskAsync(
            arguments,
            data => new SqlStatistics(data).AuditAsync(arguments.GetRequiredValue(role), cancellationToken),
            cancellationToken
        );
        var report = AuditReport.Of(audit);
        Console.WriteLine(arguments.GetValue(OperatorQuestion.Json) ? CliJson.Write(report) : SqlText.Of(report));
        return report.Unknown.Count == 0 ? ExitCode.Done : ExitCode.Failed;
    }

    static Query Find(ParseResult arguments)
    {
        var wanted = arguments.GetRequiredValue(id);
        if (QueryCatalogue.TryFind(wanted) is { } query)
        {
            return query;
        }

        var near = Spelling.FindNear(wanted, QueryCatalogue.All.Select(known => known.Id));
        var advice = near is null ? "blog sql list shows all." : $"Did you mean {near}?";
        throw new CommandFailedException(ExitCode.Usage, $"There is no sql/queries/{wanted}.sql. {advice}");
    }

    static Task<T> AskAsync<T>(
        ParseResult arguments,
        Func<BlogData, Task<T>> ask,
        CancellationToken cancellationToken
    ) =>
        OperatorQuestion.AskAsync(
            arguments,
            async connectionString =>
            {
                await using var data = new BlogData(connectionString);
                return await ask(data);
            },
            cancellationToken
        );
}

/// <summary>What <c>sql find --json</c> writes.</summary>
/// <param name="Statement">As in its comment.</param>
/// <param name="File">Where it stands.</param>
/// <param name="UsedBy">Routes and commands.</param>
sealed record FoundStatement(string Statement, string File, string UsedBy);
