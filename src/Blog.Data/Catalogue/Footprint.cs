using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Blog.Data.Catalogue;

/// <summary>
/// What one statement of the catalogue touches in the schema, and what it returns. All of them stand in <c>sql/footprint.txt</c>,
/// which is read back from a server's own reading of the statements: <c>blog sql footprint --derive</c>.
/// </summary>
/// <param name="Query">The file.</param>
/// <param name="Number">Which of its statements, from 1.</param>
/// <param name="Uses">Tables with what is done to them, by verb and table.</param>
/// <param name="Functions">Functions of the schema that it calls, those that indexes call for it among them, by name.</param>
/// <param name="Sequences">Sequences of which it draws or asks a value, by name.</param>
/// <param name="Returns">The columns of its result set, in their order; empty where it returns none.</param>
public sealed record Footprint(
    Query Query,
    int Number,
    IReadOnlyList<TableUse> Uses,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Sequences,
    IReadOnlyList<Column> Returns
)
{
    const string Resource = "footprint.txt";

    const string Head = """
        -- What each statement touches in the schema blog, and what it returns, as a server reads the statements.
        -- A verb without columns needs the right to it on any one column: a lock needs some update, a bare count some select.
        -- Written by: blog sql footprint --derive > sql/footprint.txt

        """;

    /// <summary>That of every statement, in the order of the catalogue.</summary>
    public static IReadOnlyList<Footprint> All { get; } = Parse(Read());

    /// <summary>Those of the service itself: without the statements of operators, who have rights of their own and may have to install an extension first.</summary>
    public static IReadOnlyList<Footprint> Served { get; } =
    [.. All.Where(footprint => !footprint.Query.Id.StartsWith("operate/", StringComparison.Ordinal))];

    static readonly FrozenDictionary<string, Footprint> byName = All.ToFrozenDictionary(
        footprint => footprint.Name,
        StringComparer.Ordinal
    );

    /// <summary>As in the comment of the statement: <c>users/get_user 1</c>.</summary>
    public string Name { get; } = NameOf(Query, Number);

    /// <summary>That of one statement; null where the file does not have it.</summary>
    public static Footprint? Find(Query query, int number) => byName.GetValueOrDefault(NameOf(query, number));

    /// <summary>The text of the file, lines ended by a line feed.</summary>
    public static string Write(IEnumerable<Footprint> footprints)
    {
        ArgumentNullException.ThrowIfNull(footprints);
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (var footprint in footprints)
        {
            text.Append('\n').Append(footprint.Name).Append('\n');
            foreach (var use in footprint.Uses)
            {
                Line(use.Verb, use.Columns.Count == 0 ? use.Table : $"{use.Table} ({List(use.Columns)})");
            }

            Line("call", string.Join(", ", footprint.Functions));
            Line("draw", string.Join(", ", footprint.Sequences));
            Line("returns", List(footprint.Returns));
        }

        return text.ToString();

        void Line(string key, string value)
        {
            if (value.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"  {key, -7}  {value}\n");
            }
        }

        static string List(IEnumerable<Column> columns) => string.Join(", ", columns);
    }

    static string NameOf(Query query, int number) =>
        string.Create(CultureInfo.InvariantCulture, $"{query.Id} {number}");

    static string Read()
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
                ?? throw new InvalidOperationException("sql/footprint.txt is not built in.")
        );
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    static List<Footprint> Parse(string text) =>
        [
            .. text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(block =>
                    block
                        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                        .Where(line => !line.StartsWith("--", StringComparison.Ordinal))
                        .ToArray()
                )
                .Where(lines => lines.Length > 0 && QueryCatalogue.TryFind(lines[0].Split(' ')[0]) is not null)
                .Select(Parse),
        ];

    static Footprint Parse(string[] lines)
    {
        var name = lines[0].Split(' ');
        var facts = lines[1..]
            .Select(line => line.Trim().Split(' ', 2))
            .Select(fact => (Key: fact[0], Value: fact[1].TrimStart()))
            .ToArray();
        return new(
            QueryCatalogue.Find(name[0]),
            int.Parse(name[1], CultureInfo.InvariantCulture),
            [.. facts.Where(fact => TableUse.Verbs.Contains(fact.Key)).Select(fact => ParseUse(fact.Key, fact.Value))],
            Names("call"),
            Names("draw"),
            [.. Names("returns").Select(Column.Parse)]
        );

        string[] Names(string key) => facts.FirstOrDefault(fact => fact.Key == key).Value?.Split(", ") ?? [];
    }

    static TableUse ParseUse(string verb, string value)
    {
        var parts = value.Split(" (", 2);
        return new(verb, parts[0], parts.Length == 1 ? [] : [.. parts[1][..^1].Split(", ").Select(Column.Parse)]);
    }
}

/// <summary>What a statement does to a table.</summary>
/// <param name="Verb">select, insert, update or delete; a lock is an update without columns.</param>
/// <param name="Table">Of the schema blog.</param>
/// <param name="Columns">Which of its columns, in their order; empty where any will do, and for delete.</param>
public sealed record TableUse(string Verb, string Table, IReadOnlyList<Column> Columns)
{
    internal static readonly string[] Verbs = ["select", "insert", "update", "delete"];
}

/// <summary>A column and its type as PostgreSQL writes it.</summary>
public sealed record Column(string Name, string Type)
{
    /// <inheritdoc />
    public override string ToString() => $"{Name} {Type}";

    internal static Column Parse(string text)
    {
        var parts = text.Split(' ', 2);
        return new(parts[0], parts[1]);
    }
}
