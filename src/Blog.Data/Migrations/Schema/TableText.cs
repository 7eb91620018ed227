namespace Blog.Data.Migrations.Schema;

/// <summary>Tables and indexes as the statements that make them.</summary>
static class TableText
{
    internal static IEnumerable<SchemaObject> Of(IReadOnlyList<TableModel> tables) => Ordered(tables).Select(Of);

    /// <summary>A table stands after those that its foreign keys point to, by name where they leave it open.</summary>
    internal static IReadOnlyList<TableModel> Ordered(IReadOnlyList<TableModel> tables)
    {
        var left = tables.OrderBy(table => table.Name, StringComparer.Ordinal).ToList();
        var ordered = new List<TableModel>();
        while (left.Count > 0)
        {
            // A script whose tables point to each other in a ring would not run; it is compared all the same.
            var next = left.FirstOrDefault(table => !References(table).Any(IsLeft)) ?? left[0];
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered;

        bool IsLeft(string name) => left.Any(table => QualifiedName(table.Name) == name);
    }

    internal static SchemaObject Of(IndexModel index)
    {
        var invalid = index.Valid ? "" : " /* invalid */";
        var comment = index.Comment is null
            ? ""
            : $"\ncomment on index {QualifiedName(index.Name)} is {Literal(index.Comment)};";
        return new("index", QualifiedName(index.Name), $"{index.Definition}{invalid};{comment}")
        {
            On = $"table {QualifiedName(index.Table)}",
        };
    }

    internal static string QualifiedName(string name) => $"blog.{name}";

    /// <summary>As <c>quote_literal</c> writes it.</summary>
    internal static string Literal(string text)
    {
        var quoted = $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";
        return quoted.Contains('\\', StringComparison.Ordinal)
            ? "E" + quoted.Replace("\\", @"\\", StringComparison.Ordinal)
            : quoted;
    }

    static SchemaObject Of(TableModel table)
    {
        var name = QualifiedName(table.Name);
        var members = table
            .Columns.Select(column => column.Definition)
            .Concat(
                table
                    .Constraints.Where(constraint => constraint.Valid)
                    .Select(constraint => $"constraint {constraint.Name} {constraint.Definition}")
            )
            .Select(member => "  " + member);
        return new(
            "table",
            name,
            string.Join(
                '\n',
                [
                    $"{table.Create} {name} (\n{string.Join(",\n", members)}\n){table.Options};",
                    .. table
                        .Constraints.Where(constraint => !constraint.Valid)
                        .Select(constraint =>
                            $"alter table {name} add constraint {constraint.Name} {constraint.Definition};"
                        ),
                    .. table
                        .Extras.Concat(table.Columns.SelectMany(column => column.Extras))
                        .Select(extra => extra + ";"),
                    $"alter table {name} owner to {table.Owner};",
                    .. Comments(table, name),
                ]
            )
        );
    }

    static IEnumerable<string> Comments(TableModel table, string name)
    {
        if (table.Comment is { } about)
            yield return $"comment on table {name} is {Literal(about)};";
        foreach (var column in table.Columns.Where(column => column.Comment is not null))
            yield return $"comment on column {name}.{column.Name} is {Literal(column.Comment!)};";
        foreach (var constraint in table.Constraints.Where(constraint => constraint.Comment is not null))
            yield return $"comment on constraint {constraint.Name} on {name} is {Literal(constraint.Comment!)};";
    }

    static IEnumerable<string> References(TableModel table) =>
        table
            .Constraints.Select(constraint => constraint.References)
            .OfType<string>()
            .Where(name => name != QualifiedName(table.Name));
}
