using System.Data;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;
using Npgsql;

namespace Blog.Data.Operate;

/// <summary>
/// What a server reads in the statements of the catalogue: the columns that they touch and those that they return. They are
/// prepared and described, never executed.
/// </summary>
public static partial class FootprintProbe
{
    static readonly Query listObjects = QueryCatalogue.Find("operate/list_objects");

    // Bits of requiredPerms and the offset of column numbers, as the source of PostgreSQL has them: ACL_INSERT, ACL_SELECT and their
    // like in nodes/parsenodes.h; FirstLowInvalidHeapAttributeNumber in access/sysattr.h.
    static readonly (int Bit, string Verb)[] rights = [(2, "select"), (1, "insert"), (4, "update"), (8, "delete")];
    const int ColumnOffset = 7;

    /// <summary>
    /// The footprint of every statement, read from the trees that the server makes of them, which name the columns that it checks
    /// rights on. Three round trips a statement.
    /// </summary>
    /// <param name="connectionString">Of any role that may prepare the statements; what is installed for operators must be there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="System.Data.Common.DbException">A statement does not fit the schema.</exception>
    public static async Task<IReadOnlyList<Footprint>> DeriveAsync(
        string connectionString,
        CancellationToken cancellationToken
    )
    {
        // The trees come as details of messages.
        await using var data = new BlogData(connectionString, BlogData.UsualStreams, tellsDetails: true);
        await using var session = await data.OpenAsync(cancellationToken);
        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        var schema = await ReadSchemaAsync(transaction, cancellationToken);
        await SqlStatistics.FindAsync(transaction, cancellationToken);
        var statements = StatementsOf(QueryCatalogue.All);

        var trees = new StringBuilder();
        session.Connection.Notice += (_, notice) => trees.Append(notice.Notice.Detail).Append(' ');
        await SendAsync("set local client_min_messages = log");
        await SendAsync("set local debug_pretty_print = off");
        await SendAsync("set local debug_print_rewritten = on");
        var footprints = new List<Footprint>();
        foreach (var (query, number) in statements)
        {
            trees.Clear();
            var (text, parameters) = query.Numbered(number);
            var types = string.Join(", ", parameters.Select(parameter => parameter.Type));
            await SendAsync($"prepare {StatementProbe.Name}{(types.Length > 0 ? $"({types})" : "")} as {text}");
            var uses = UsesIn(Spaces().Replace(trees.ToString(), " "), schema);
            await SendAsync($"deallocate {StatementProbe.Name}");
            footprints.Add(
                new(
                    query,
                    number,
                    uses,
                    FunctionsOf(query.Statements[number - 1], uses, schema),
                    [
                        .. Sequence()
                            .Matches(query.Statements[number - 1])
                            .Select(match => match.Groups["name"].Value)
                            .Distinct(StringComparer.Ordinal),
                    ],
                    (await DescribeAsync(session, [(query, number)], cancellationToken)).SingleOrDefault() ?? []
                )
            );
        }

        return footprints;

        async Task SendAsync(string command)
        {
            await using var sent = new NpgsqlCommand(command, session.Connection);
            await sent.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    internal static (Query Query, int Number)[] StatementsOf(IEnumerable<Query> queries) =>
        [.. queries.SelectMany(query => Enumerable.Range(1, query.Statements.Count).Select(number => (query, number)))];

    /// <summary>The columns that statements return, all of them in one round trip; a statement that returns no set is left out.</summary>
    /// <exception cref="PostgresException">A statement does not fit the schema; which, it does not say.</exception>
    internal static async Task<IReadOnlyList<IReadOnlyList<Column>>> DescribeAsync(
        Session session,
        IReadOnlyList<(Query Query, int Number)> statements,
        CancellationToken cancellationToken
    )
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        foreach (var (query, number) in statements)
        {
            var (text, parameters) = query.Numbered(number);
            var command = new NpgsqlBatchCommand(text);
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(new() { DataTypeName = NameInFull(parameter.Type), Value = DBNull.Value });
            }

            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(CommandBehavior.SchemaOnly, cancellationToken);
        var described = new List<IReadOnlyList<Column>>();
        do
        {
            described.Add([
                .. Enumerable
                    .Range(0, reader.FieldCount)
                    .Select(field => new Column(reader.GetName(field), reader.GetDataTypeName(field))),
            ]);
        } while (await reader.NextResultAsync(cancellationToken));

        return described;
    }

    static string NameInFull(string type) =>
        type switch
        {
            "int" => "integer",
            "int[]" => "integer[]",
            "timestamptz" => "timestamp with time zone",
            _ => type,
        };

    static async Task<Schema> ReadSchemaAsync(Transaction transaction, CancellationToken cancellationToken)
    {
        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            listObjects,
            null,
            transaction,
            cancellationToken
        );
        return new(
            (await sets.ReadAsync<ColumnRow>()).ToLookup(row => row.TableId),
            await sets.ReadAsync<FunctionRow>(),
            await sets.ReadAsync<IndexFunctionRow>()
        );
    }

    /// <summary>A tree names each table that rights are checked on with the numbers of its columns.</summary>
    static IReadOnlyList<TableUse> UsesIn(string tree, Schema schema) =>
        [
            .. Permissions()
                .Matches(tree)
                .Select(match =>
                    (
                        Columns: schema.Columns[
                            long.Parse(match.Groups["relid"].ValueSpan, CultureInfo.InvariantCulture)
                        ],
                        Needs: int.Parse(match.Groups["perms"].ValueSpan, CultureInfo.InvariantCulture),
                        Match: match
                    )
                )
                .Where(found => found.Columns.Any())
                .SelectMany(found =>
                    rights
                        .Where(right => (found.Needs & right.Bit) != 0)
                        .Select(right =>
                            (right.Verb, found.Columns, Numbers: NumbersIn(found.Match.Groups[right.Verb].Value))
                        )
                )
                .GroupBy(use => (use.Verb, Table: use.Columns.First().TableName))
                .OrderBy(use => Array.FindIndex(rights, right => right.Verb == use.Key.Verb))
                .ThenBy(use => use.Key.Table, StringComparer.Ordinal)
                .Select(use => new TableUse(
                    use.Key.Verb,
                    use.Key.Table,
                    [
                        .. use.First()
                            .Columns.Where(column => use.Any(one => one.Numbers.Contains(column.Number)))
                            .Select(column => new Column(column.Name, column.Type)),
                    ]
                )),
        ];

    static int[] NumbersIn(string bits) =>
        [
            .. bits.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(bit => int.Parse(bit, CultureInfo.InvariantCulture) - ColumnOffset),
        ];

    /// <summary>The functions that the text names, those that an index calls for a row that is written, and those that they name in turn.</summary>
    static IReadOnlyList<string> FunctionsOf(string statement, IReadOnlyList<TableUse> uses, Schema schema)
    {
        var written = uses.Where(use => use.Verb is "insert" or "update" && use.Columns.Count > 0)
            .Select(use => use.Table)
            .ToHashSet(StringComparer.Ordinal);
        var found = schema
            .IndexFunctions.Where(index => written.Contains(index.TableName))
            .Select(index => index.FunctionName)
            .Concat(NamedIn(statement))
            .ToHashSet(StringComparer.Ordinal);
        for (var before = 0; before < found.Count; )
        {
            before = found.Count;
            found.UnionWith(
                schema
                    .Functions.Where(function => found.Contains(function.Name))
                    .SelectMany(function => NamedIn(function.Body))
                    .ToList()
            );
        }

        return [.. found.Order(StringComparer.Ordinal)];

        IEnumerable<string> NamedIn(string text) =>
            schema
                .Functions.Select(function => function.Name)
                .Where(name => text.Contains($"blog.{name}(", StringComparison.Ordinal));
    }

    sealed record Schema(
        ILookup<long, ColumnRow> Columns,
        IReadOnlyList<FunctionRow> Functions,
        IReadOnlyList<IndexFunctionRow> IndexFunctions
    );

    sealed record ColumnRow(long TableId, int Number, string TableName, string Name, string Type);

    sealed record FunctionRow(string Name, string Body);

    sealed record IndexFunctionRow(string TableName, string FunctionName);

    // RTEPERMISSIONINFO, or up to PostgreSQL 15 the same fields of the RTE.
    [GeneratedRegex(
        @":relid (?<relid>\d+) [^{}]*?:requiredPerms (?<perms>\d+) :checkAsUser \d+ :selectedCols \(b(?<select>[ \d]*)\) :insertedCols \(b(?<insert>[ \d]*)\) :updatedCols \(b(?<update>[ \d]*)\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 10_000
    )]
    private static partial Regex Permissions();

    [GeneratedRegex(
        @"(next|curr)val\('blog\.(?<name>[a-z_]+)'\)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Sequence();

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Spaces();
}
