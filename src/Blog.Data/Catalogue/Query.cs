using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.Data.Catalogue;

/// <summary>
/// One file of <c>sql/queries</c>: one round trip of one or more statements, and what its header promises about them.
/// </summary>
public sealed partial class Query
{
    internal const string Explain = "explain (format json)\n";

    readonly ConcurrentDictionary<(TimeLimit Limit, bool IsInTransaction), string> limited = new();

    Query(
        string id,
        string purpose,
        string usedBy,
        string text,
        IReadOnlyList<string> statements,
        IReadOnlyList<QueryParameter> parameters,
        RowBudget rows,
        IReadOnlyDictionary<string, string> header,
        string file
    )
    {
        Id = id;
        Purpose = purpose;
        UsedBy = usedBy;
        Text = text;
        Statements = statements;
        Parameters = parameters;
        Rows = rows;
        Header = header;
        File = file;
        TimingName = id.Replace('/', '_');
        Writes = statements.Any(statement => Change().IsMatch(statement));
        Commits = text.EndsWith("\ncommit;", StringComparison.Ordinal);
    }

    /// <summary>The path below <c>sql/queries</c> without its ending: <c>users/get_user</c>.</summary>
    public string Id { get; }

    /// <summary>The first line of the header, after the id: what the file does.</summary>
    public string Purpose { get; }

    /// <summary>The rest of that line, after two spaces: the routes and commands that send it; empty where it names none.</summary>
    public string UsedBy { get; }

    /// <summary>The whole file.</summary>
    public string File { get; }

    /// <summary>What is sent: the file without its header.</summary>
    public string Text { get; }

    /// <summary>The statements of the file, each with its comment and without its semicolon; <c>begin</c>, <c>set local</c> and <c>commit</c> are none.</summary>
    public IReadOnlyList<string> Statements { get; }

    /// <summary>What the file is given, in the order of the header; empty where it takes nothing.</summary>
    public IReadOnlyList<QueryParameter> Parameters { get; }

    /// <summary>How many rows may come back, in terms of the arguments.</summary>
    public RowBudget Rows { get; }

    /// <summary>Every field of the header by its name: <c>in</c>, <c>out</c>, <c>budget</c>, <c>plan</c> and the rest.</summary>
    public IReadOnlyDictionary<string, string> Header { get; }

    /// <summary>The id as a token of the Server-Timing header: <c>users_get_user</c>.</summary>
    public string TimingName { get; }

    /// <summary>A statement in the form in which the driver sends it: its parameters numbered in the order in which it names them first.</summary>
    /// <param name="number">Which statement, from 1.</param>
    public (string Text, IReadOnlyList<QueryParameter> Parameters) Numbered(int number)
    {
        var named = new List<string>();
        var text = Placeholder()
            .Replace(
                Statements[number - 1],
                match =>
                {
                    var name = match.Groups["name"].Value;
                    if (!named.Contains(name, StringComparer.Ordinal))
                    {
                        named.Add(name);
                    }

                    return string.Create(CultureInfo.InvariantCulture, $"${named.IndexOf(name) + 1}");
                }
            );
        return (text, [.. named.Select(name => Parameters.Single(one => one.Name == name))]);
    }

    /// <summary>The same statements for a transaction of the caller: without the file's own <c>begin</c> and <c>commit</c>.</summary>
    /// <remarks>Each statement then has the snapshot that the isolation of that transaction gives it.</remarks>
    public Query InsideTransaction() =>
        new(Id, Purpose, UsedBy, string.Join(";\n\n", Statements) + ";", Statements, Parameters, Rows, Header, File);

    /// <summary>
    /// What is sent where little time is left: the server is told to give up when nobody will wait any longer, in steps of
    /// <c>sql/time-limits.sql</c>, so that there are few texts. Where the time is more than the server gives a statement anyway it is <see cref="Text"/>.
    /// </summary>
    /// <param name="rest">How long somebody waits; null for as long as it takes.</param>
    /// <param name="isInTransaction">Whether it is sent in a transaction of the caller.</param>
    internal string TextWithin(TimeSpan? rest, bool isInTransaction) =>
        TimeLimit.For(rest) is { } limit
            ? limited.GetOrAdd((limit, isInTransaction), key => key.Limit.PutInto(Text, key.IsInTransaction))
            : Text;

    /// <summary>The ids of the files whose statements these are, in the order in which they are sent: several where one round trip carries them.</summary>
    public IReadOnlyList<string> FileIds =>
        [
            .. Statements
                .Select(statement => Comment().Match(statement).Groups["id"].Value)
                .Distinct(StringComparer.Ordinal),
        ];

    /// <summary>Whether it asks for the plan of a file in place of its rows.</summary>
    internal bool AsksForPlanOf(Query file) => Text.Contains(Explain + file.Text, StringComparison.Ordinal);

    /// <summary>Whether it changes rows.</summary>
    public bool Writes { get; }

    /// <summary>Whether it ends the transaction that it is sent in.</summary>
    internal bool Commits { get; }

    /// <inheritdoc />
    public override string ToString() => Id;

    /// <summary>
    /// This query and another one after it, in one round trip. What is sent are the statements of both files as they stand there, each still
    /// a text of its own to the server; the trip goes by the name of the first.
    /// </summary>
    internal Query Then(Query next) =>
        new(
            Id,
            Purpose,
            UsedBy,
            $"{Text}\n\n{next.Text}",
            [.. Statements, .. next.Statements],
            [.. Parameters.UnionBy(next.Parameters, parameter => parameter.Name, StringComparer.Ordinal)],
            RowBudget.Parse($"{Rows} + {next.Rows}"),
            Header,
            File
        );

    /// <summary>The plan of the one statement of this query as JSON, instead of its rows.</summary>
    internal Query Explained() =>
        new(Id, Purpose, UsedBy, Explain + Text, Statements, Parameters, RowBudget.Parse("1"), Header, File);

    /// <summary>Reads one file of the catalogue.</summary>
    /// <param name="id">Path below <c>sql/queries</c>, without the ending.</param>
    /// <param name="file">The whole text, lines ended by a line feed.</param>
    /// <exception cref="FormatException">The file breaks a rule of <c>sql/README.md</c>; the message names file and rule.</exception>
    public static Query Parse(string id, string file)
    {
        var lines = file.Split('\n');
        var headerLines = lines.TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)).ToArray();
        Require(headerLines.Length > 0, id, "has no header");

        var title = Title().Match(headerLines[0]);
        Require(
            title.Success && title.Groups["id"].ValueSpan.SequenceEqual(id),
            id,
            $"begins with a line other than \"-- {id}: ...\""
        );

        var header = ReadFields(id, headerLines.AsSpan(1));
        foreach (var field in (string[])["in", "out", "budget", "plan"])
        {
            Require(header.ContainsKey(field), id, $"has no \"-- {field}:\" in its header");
        }

        var text = string.Join('\n', lines.Skip(headerLines.Length)).Trim();
        var statements = SplitStatements(id, text);

        var parameters = ReadParameters(id, header["in"]);
        var placeholders = Placeholder()
            .Matches(text)
            .Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.Ordinal);
        Require(
            placeholders.SetEquals(parameters.Select(parameter => parameter.Name)),
            id,
            "takes other values than its \"-- in:\" says"
        );

        var budget = Budget().Match(header["budget"]);
        Require(budget.Success, id, "has a budget that is not \"statements N, rows <sum>\"");
        var declared = int.Parse(budget.Groups["statements"].ValueSpan, CultureInfo.InvariantCulture);
        Require(declared == statements.Count, id, $"declares {declared} statements and holds {statements.Count}");

        return new(
            id,
            title.Groups["purpose"].Value,
            title.Groups["users"].Value,
            text,
            statements,
            parameters,
            RowBudget.Parse(budget.Groups["rows"].Value),
            header,
            file
        );
    }

    static Dictionary<string, string> ReadFields(string id, ReadOnlySpan<string> lines)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        string? open = null;
        foreach (var line in lines)
        {
            if (Field().Match(line) is { Success: true } field)
            {
                open = field.Groups["name"].Value;
                Require(fields.TryAdd(open, field.Groups["value"].Value), id, $"has \"-- {open}:\" twice");
            }
            else
            {
                Require(open is not null, id, $"has a header line that belongs to no field: {line}");
                fields[open!] += " " + line[2..].Trim();
            }
        }

        return fields;
    }

    static QueryParameter[] ReadParameters(string id, string field) =>
        field == "nothing"
            ? []
            :
            [
                .. ListEnd()
                    .Split(field)
                    .Select(item =>
                    {
                        var parameter = Parameter().Match(item);
                        Require(parameter.Success, id, $"has a parameter that is not \"name type\": {item}");
                        return new QueryParameter(parameter.Groups["name"].Value, parameter.Groups["type"].Value);
                    }),
            ];

    /// <summary>Each statement begins with <c>/* id n */</c>, ends with a semicolon at the end of a line, and nothing stands outside of one.</summary>
    static List<string> SplitStatements(string id, string text)
    {
        Require(text.EndsWith(';'), id, "does not end with a semicolon");
        var statements = new List<string>();
        foreach (var part in StatementEnd().Split(text).Where(part => part.Length > 0))
        {
            if (TransactionControl().IsMatch(part))
            {
                continue;
            }

            statements.Add(part);
            Require(
                part.StartsWith($"/* {id} {statements.Count} */\n", StringComparison.Ordinal),
                id,
                $"has a statement {statements.Count} that does not begin with \"/* {id} {statements.Count} */\" on a line of its own"
            );
        }

        Require(statements.Count > 0, id, "holds no statement");
        return statements;
    }

    static void Require(bool holds, string id, string complaint)
    {
        if (!holds)
        {
            throw new FormatException($"sql/queries/{id}.sql {complaint}.");
        }
    }

    [GeneratedRegex(
        @"^-- (?<id>[a-z_]+/[a-z_]+): (?<purpose>.+?)(  (?<users>.+))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Title();

    [GeneratedRegex(
        @"^-- (?<name>[a-z]+): +(?<value>.+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Field();

    [GeneratedRegex(
        @"^statements (?<statements>[0-9]+), rows (?<rows>.+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Budget();

    [GeneratedRegex(
        @"^/\* (?<id>[a-z_]+/[a-z_]+) [0-9]+ \*/",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Comment();

    [GeneratedRegex(@";\s*(?:\n\s*|$)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatementEnd();

    [GeneratedRegex(
        @"^(begin( isolation level [a-z ]+)?|set local [a-z_]+ = '[^']+'|commit)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TransactionControl();

    [GeneratedRegex(
        @"\b(insert into|update blog|delete from)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Change();

    [GeneratedRegex(@"(?<!:):(?<name>[a-zA-Z]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@", (?![^(]*\))", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListEnd();

    [GeneratedRegex(
        @"^(?<name>[a-zA-Z]+) (?<type>[a-z]+(\[\])?)( or null)?( \(.+\))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Parameter();
}

/// <summary>One value that a query is given.</summary>
/// <param name="Name">As in the text, without the colon.</param>
/// <param name="Type">PostgreSQL's name of the type.</param>
public sealed record QueryParameter(string Name, string Type);
