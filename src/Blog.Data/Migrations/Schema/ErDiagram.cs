using System.Globalization;
using System.Text;

namespace Blog.Data.Migrations.Schema;

/// <summary>Tables and how they belong together, as a Mermaid <c>erDiagram</c>.</summary>
static class ErDiagram
{
    internal static string Of(IReadOnlyList<TableModel> tables)
    {
        var text = new StringBuilder("erDiagram\n");
        foreach (var (table, key) in tables.SelectMany(table => ForeignKeys(table).Select(key => (table, key))))
        {
            // From one row of the other table: none or one of these where the key is unique here, else any number.
            var many = IsUnique(table, key.Columns) ? "o|" : "o{";
            var one = key.Columns.All(name => table.Columns.Any(column => column.Name == name && column.NotNull))
                ? "||"
                : "|o";
            text.Append(
                CultureInfo.InvariantCulture,
                $"  {Entity(key.References!)} {one}--{many} {Entity(table.Name)} : \"{string.Join(", ", key.Columns.Select(Word))}\"\n"
            );
        }

        foreach (var table in tables)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Entity(table.Name)} {{\n");
            foreach (var column in table.Columns)
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"    {Word(ShortType(column.Type))} {Word(column.Name)}{KeysOf(table, column.Name)}\n"
                );
            text.Append("  }\n");
        }

        return text.ToString();
    }

    internal static IEnumerable<ConstraintModel> ForeignKeys(TableModel table) =>
        table.Constraints.Where(constraint => constraint.Kind == 'f' && constraint.References is not null);

    /// <summary>As the scripts write it.</summary>
    internal static string ShortType(string type) =>
        type.Replace("timestamp with time zone", "timestamptz", StringComparison.Ordinal)
            .Replace("timestamp without time zone", "timestamp", StringComparison.Ordinal)
            .Replace("character varying", "varchar", StringComparison.Ordinal);

    static bool IsUnique(TableModel table, IReadOnlyList<string> columns) =>
        table.Constraints.Any(key => key.Kind is 'p' or 'u' && key.Columns.All(columns.Contains));

    static string KeysOf(TableModel table, string column)
    {
        var kinds = table
            .Constraints.Where(constraint => constraint.Columns.Contains(column, StringComparer.Ordinal))
            .Select(constraint =>
                constraint.Kind switch
                {
                    'p' => "PK",
                    'f' => "FK",
                    'u' => "UK",
                    _ => "",
                }
            )
            .Where(kind => kind.Length > 0)
            .Distinct(StringComparer.Ordinal);
        return string.Join(", ", kinds) is { Length: > 0 } keys ? " " + keys : "";
    }

    static string Entity(string name) => Word(name[(name.LastIndexOf('.') + 1)..]);

    /// <summary>Letters, digits, underscores and parentheses are what Mermaid takes everywhere.</summary>
    static string Word(string text) =>
        string.Concat(
            text.Split(" collate ")[0]
                .Where(letter => letter != '"')
                .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '(' or ')' ? letter : '_')
        );
}
