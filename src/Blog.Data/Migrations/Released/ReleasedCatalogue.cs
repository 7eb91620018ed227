using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Migrations.Released;

/// <summary>
/// Every statement that the service of one release sends. That of the last release is <c>sql/released.sql</c>, embedded here: a schema
/// that a later script makes must still serve it, because while one release replaces the other, both are running.
/// </summary>
/// <param name="Release">Its version: <c>1.0</c>.</param>
/// <param name="Script">The last migration script that it came with.</param>
/// <param name="Statements">In the order of the catalogue, without those of operators, who ask with rights of their own.</param>
public sealed partial record ReleasedCatalogue(
    string Release,
    string Script,
    IReadOnlyList<ReleasedStatement> Statements
)
{
    const string Resource = "released";

    static readonly Lazy<ReleasedCatalogue> last = new(() => Parse(Read()));

    /// <summary>That of the last release.</summary>
    /// <exception cref="FormatException"><c>sql/released.sql</c> breaks a rule; the message says which.</exception>
    public static ReleasedCatalogue Last => last.Value;

    /// <summary>What this build would leave behind as a release.</summary>
    /// <param name="release">Its version: <c>1.0</c>; digits, letters, dots and hyphens.</param>
    /// <exception cref="FormatException">The version has other characters.</exception>
    public static ReleasedCatalogue OfBuild(string release)
    {
        ArgumentNullException.ThrowIfNull(release);
        if (!Version().IsMatch(release))
        {
            throw new FormatException($"A release is called by digits, letters, dots and hyphens, not {release}.");
        }

        return new(
            release,
            MigrationScript.LoadAll()[^1].Name,
            [
                .. Footprint.Served.Select(footprint =>
                {
                    var (text, parameters) = footprint.Query.Numbered(footprint.Number);
                    return new ReleasedStatement(
                        footprint.Name,
                        [.. parameters.Select(parameter => parameter.Type)],
                        text,
                        footprint.Functions,
                        footprint.Sequences,
                        footprint.Returns
                    );
                }),
            ]
        );
    }

    /// <summary>Whether a script came with this release or before it.</summary>
    public bool Has(MigrationScript script)
    {
        ArgumentNullException.ThrowIfNull(script);
        return string.CompareOrdinal(script.Name, Script) <= 0;
    }

    /// <summary>The text of the file, which psql can run as well; lines ended by a line feed.</summary>
    public string Write()
    {
        var file = new StringBuilder(
            $"""
            -- Every statement that the service of release {Release} sends: with the functions and sequences that it needs, and what it returns.
            -- release: {Release}
            -- script:  {Script}
            -- why:     while a new release replaces this one, both are running, and the schema must serve both.
            -- run:     psql -f sql/released.sql prepares each statement and executes none; blog migrate dossier asks more.
            -- Written by: blog sql released {Release} > sql/released.sql

            """.ReplaceLineEndings("\n")
        );
        foreach (var statement in Statements)
        {
            file.Append('\n');
            Line("calls", statement.Functions);
            Line("draws", statement.Sequences);
            Line("returns", statement.Returns.Select(column => column.ToString()));
            file.Append(statement.Prepare).Append(";\n");
        }

        return file.ToString();

        void Line(string field, IEnumerable<string> values)
        {
            if (string.Join(", ", values) is { Length: > 0 } value)
            {
                file.Append(CultureInfo.InvariantCulture, $"-- {field + ":", -9}{value}\n");
            }
        }
    }

    /// <summary>Reads the text of a file back.</summary>
    /// <exception cref="FormatException">It breaks a rule; the message says which.</exception>
    public static ReleasedCatalogue Parse(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var statements = SqlText.Split(file);
        if (statements.Count == 0)
        {
            throw new FormatException("sql/released.sql holds no statement.");
        }

        var end = 0;
        var parsed = new List<ReleasedStatement>();
        foreach (var statement in statements)
        {
            parsed.Add(ParseStatement(statement, FieldsIn(file[end..statement.Offset])));
            end = statement.Offset + statement.Text.Length;
        }

        var header = FieldsIn(file[..statements[0].Offset]);
        return new(Required("release"), Required("script"), parsed);

        string Required(string field) =>
            header.GetValueOrDefault(field)
            ?? throw new FormatException($"sql/released.sql has no \"-- {field}:\" in its header.");
    }

    static ReleasedStatement ParseStatement(SqlStatement statement, Dictionary<string, string> fields)
    {
        var prepare = Prepare().Match(statement.Text);
        return prepare.Success
            ? new(
                prepare.Groups["name"].Value,
                Split(prepare.Groups["types"].Value),
                prepare.Groups["text"].Value,
                Split(fields.GetValueOrDefault("calls", "")),
                Split(fields.GetValueOrDefault("draws", "")),
                [.. Split(fields.GetValueOrDefault("returns", "")).Select(Column.Parse)]
            )
            : throw new FormatException(
                $"sql/released.sql has something else than \"prepare ... as\" in line {statement.Line}."
            );
    }

    static Dictionary<string, string> FieldsIn(string comments) =>
        Field()
            .Matches(comments)
            .ToDictionary(
                field => field.Groups["name"].Value,
                field => field.Groups["value"].Value,
                StringComparer.Ordinal
            );

    static string[] Split(string list) => list.Split(", ", StringSplitOptions.RemoveEmptyEntries);

    static string Read()
    {
        using var reader = new StreamReader(
            Assembly.GetExecutingAssembly().GetManifestResourceStream(Resource)
                ?? throw new InvalidOperationException("sql/released.sql is not built in.")
        );
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }

    [GeneratedRegex(
        """^prepare "(?<name>[a-z_]+/[a-z_]+ [0-9]+)"( \((?<types>[^)]+)\))? as\n(?<text>.+)$""",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Prepare();

    [GeneratedRegex(
        "^-- (?<name>[a-z]+): +(?<value>.+)$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Field();

    [GeneratedRegex(@"^[A-Za-z0-9.-]+\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Version();
}

/// <summary>One statement of a release.</summary>
/// <param name="Name">As in its comment: <c>users/get_user 1</c>.</param>
/// <param name="Types">Of its parameters, <c>$1</c> first.</param>
/// <param name="Text">As the driver sent it, without a semicolon.</param>
/// <param name="Functions">Of the schema, that it calls itself or through an index.</param>
/// <param name="Sequences">Of the schema, of which it draws or asks a value.</param>
/// <param name="Returns">The columns of its result set; empty where it returns none.</param>
public sealed record ReleasedStatement(
    string Name,
    IReadOnlyList<string> Types,
    string Text,
    IReadOnlyList<string> Functions,
    IReadOnlyList<string> Sequences,
    IReadOnlyList<Column> Returns
)
{
    /// <summary>Prepares it under its own name.</summary>
    internal string Prepare =>
        $"prepare \"{Name}\"{(Types.Count == 0 ? "" : $" ({string.Join(", ", Types)})")} as\n{Text}";

    /// <summary>Executes it, once prepared, without a value in any parameter.</summary>
    internal string Execute =>
        $"execute \"{Name}\"{(Types.Count == 0 ? "" : $"({string.Join(", ", Types.Select(_ => "null"))})")}";

    /// <summary>Forgets it.</summary>
    internal string Deallocate => $"deallocate \"{Name}\"";
}
