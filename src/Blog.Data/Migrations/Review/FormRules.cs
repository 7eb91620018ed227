using System.Text.RegularExpressions;

namespace Blog.Data.Migrations.Review;

/// <summary>Rules about what a reader of the script, of the schema and of an error finds.</summary>
static partial class FormRules
{
    static readonly string[] fields = ["why", "locks", "undo"];

    public static IEnumerable<Breach> Of(SchemaChange change, KnownSchema schema)
    {
        switch (change)
        {
            case ObjectNamed { Name: { IsQualified: false } name } when !schema.Table(name).IsTemporary:
                yield return new(
                    ReviewRule.QualifiedName,
                    name.Offset,
                    $"{name.Text} is whatever the search_path of the session says: another object of the name would be taken for it.",
                    $"blog.{name.Text}."
                );
                break;
            case ConstraintAdded { Constraint: { Name: null } constraint } added:
                yield return new(
                    ReviewRule.NamedConstraint,
                    added.Offset,
                    $"A {Words(constraint.Kind)} of {added.Table.Text} has no name: the service tells errors apart by it, and a later script drops it by it.",
                    $"constraint {added.Table.Last}_... {Words(constraint.Kind)}."
                );
                break;
            case IndexCreated { Name: null } index:
                yield return new(
                    ReviewRule.NamedConstraint,
                    index.Offset,
                    $"An index of {index.Table.Text} has no name: a later script drops it by it, and an interrupted build is found by it.",
                    $"create index {index.Table.Last}_..._idx on {index.Table.Text}."
                );
                break;
            // What create index concurrently leaves, the runner clears up by itself.
            case IndexDropped { Concurrently: true, IfExists: false, Index: var index }:
                yield return new(
                    ReviewRule.Repeatable,
                    index.Offset,
                    $"A run that is killed behind it leaves no row of the journal, and the next one stops here: {index.Text} does not exist.",
                    $"drop index concurrently if exists {index.Text}."
                );
                break;
            default:
                break;
        }
    }

    /// <summary>What is created without a comment in the same script.</summary>
    public static IEnumerable<Breach> Comments(IReadOnlyList<SchemaChange> changes)
    {
        var comments = changes.OfType<Commented>().Select(one => one.Name.Text).ToHashSet(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            if (change is TableCreated { Temporary: false } table)
            {
                if (!comments.Contains(table.Table.Text))
                    yield return Uncommented("table", table.Table.Text, table.Offset);
                foreach (
                    var column in table.Columns.Where(column => !comments.Contains($"{table.Table.Text}.{column}"))
                )
                    yield return Uncommented("column", $"{table.Table.Text}.{column}", table.Offset);
            }
            else if (change is ColumnAdded added && !comments.Contains($"{added.Table.Text}.{added.Column.Name}"))
            {
                yield return Uncommented("column", $"{added.Table.Text}.{added.Column.Name}", added.Offset);
            }
        }
    }

    /// <summary>The foreign keys that the script adds and that no index begins with when it has run.</summary>
    public static IEnumerable<Breach> ForeignKeys(IReadOnlyList<SchemaChange> changes, KnownSchema schema) =>
        from added in changes.OfType<ConstraintAdded>()
        where added.Constraint.Kind is ConstraintKind.ForeignKey
        let columns = added.Constraint.Columns
        where
            !schema
                .Table(added.Table)
                .Indexes.Values.Any(index =>
                    columns.Count > 0
                    && columns.All(column => index.Take(columns.Count).Contains(column, StringComparer.Ordinal))
                )
        select new Breach(
            ReviewRule.ForeignKeyIndex,
            added.Offset,
            $"No index of {added.Table.Text} begins with {string.Join(", ", columns)}: each delete of a row of "
                + $"{added.Constraint.References?.Text} reads the whole table, and keeps its locks meanwhile.",
            $"create index {added.Table.Last}_{string.Join('_', columns)}_idx on {added.Table.Text} ({string.Join(", ", columns)}); "
                + "concurrently and in a script before this one where the table exists."
        );

    /// <summary>The header: what stands above the first statement.</summary>
    public static IEnumerable<Breach> Header(MigrationScript script)
    {
        var header = script.Text[..script.Statements[0].Offset];
        var name = Path.GetFileNameWithoutExtension(script.Name);
        if (!Regex.IsMatch(header, $@"\A-- {name}: \S", RegexOptions.None, TimeSpan.FromSeconds(1)))
        {
            yield return new(
                ReviewRule.Header,
                0,
                "The first line does not name the script and what it does.",
                $"-- {name}: what it does, in a sentence."
            );
        }

        var found = Field().Matches(header).Select(match => match.Groups["field"].Value).ToList();
        foreach (var field in fields.Except(found, StringComparer.Ordinal))
        {
            yield return new(
                ReviewRule.Header,
                0,
                field switch
                {
                    "why" => "The header does not say why: nobody can judge the script without it.",
                    "locks" => "The header does not say which locks it takes, and so who waits.",
                    _ => "The header does not say how to undo it.",
                },
                $"-- {field}: ..."
            );
        }
    }

    static Breach Uncommented(string what, string name, int offset) =>
        new(
            ReviewRule.Comment,
            offset,
            $"The {what} {name} has no comment: the data dictionary is made of them.",
            $"comment on {what} {name} is '...'; in this script."
        );

    static string Words(ConstraintKind kind) =>
        kind switch
        {
            ConstraintKind.PrimaryKey => "primary key",
            ConstraintKind.ForeignKey => "foreign key",
            ConstraintKind.Unique => "unique",
            ConstraintKind.Check => "check",
            _ => "exclude",
        };

    [GeneratedRegex(
        @"^--[ \t]*(?<field>why|locks|undo):[ \t]*\S",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Field();
}
