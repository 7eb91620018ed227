using System.Text;
using System.Text.RegularExpressions;

namespace Blog.Data.Migrations.Schema;

/// <summary>
/// A column that has another name and is the same otherwise: constraints, indexes and rights follow it, and are no differences of their own.
/// </summary>
/// <param name="Table">Kind and name of the table: <c>table blog.users</c>.</param>
/// <param name="Expected">With schema and table.</param>
/// <param name="Found">With schema and table.</param>
sealed partial record RenamedColumn(string Table, string Expected, string Found)
{
    /// <summary>A table's only missing column and its only added one, where their definitions are the same.</summary>
    internal static IReadOnlyList<RenamedColumn> Find(SchemaSnapshot expected, SchemaSnapshot found)
    {
        return [.. expected.Items.Where(item => item.Kind == "table").Select(Of).OfType<RenamedColumn>()];

        RenamedColumn? Of(SchemaObject table)
        {
            var live = found.Items.FirstOrDefault(item => item.Key == table.Key);
            if (live is null || live.Definition == table.Definition)
                return null;
            IReadOnlyList<SchemaParts.Part> should = Columns(table),
                have = Columns(live);
            return
                should.ExceptBy(have.Select(part => part.Name), part => part.Name, StringComparer.Ordinal).ToList()
                    is [var missing]
                && have.ExceptBy(should.Select(part => part.Name), part => part.Name, StringComparer.Ordinal).ToList()
                    is [var added]
                && missing.Text == added.Text
                ? new(table.Title, missing.Name, added.Name)
                : null;
        }

        static IReadOnlyList<SchemaParts.Part> Columns(SchemaObject table) =>
            [.. SchemaParts.Of(table).Where(part => part.Kind == "column")];
    }

    /// <summary>What was found, with the old names where that makes an object what it should be.</summary>
    internal static IReadOnlyList<SchemaObject> Undo(
        SchemaSnapshot expected,
        SchemaSnapshot found,
        IReadOnlyList<RenamedColumn> renamed
    )
    {
        var should = expected.Items.ToDictionary(item => item.Key, item => item.Definition, StringComparer.Ordinal);
        return [.. found.Items.Select(Undone)];

        SchemaObject Undone(SchemaObject item)
        {
            if (
                renamed.FirstOrDefault(column => column.Table == item.Title || column.Table == item.On)
                is not { } column
            )
                return item;
            var old = item.Definition.Replace(column.Found + " ", column.Expected + " ", StringComparison.Ordinal);
            old = Renamed(old, Last(column.Found), Last(column.Expected));
            if (should.TryGetValue(item.Key, out var definition) && Sorted(old) == Sorted(definition))
                return item with { Definition = definition };
            // Of a table the rest is compared under the old name; of anything else what the server says is shown.
            return column.Table == item.Title ? item with { Definition = old } : item;
        }
    }

    /// <summary>Another name outside of texts: a comment may have the word by chance.</summary>
    static string Renamed(string sql, string from, string to)
    {
        var text = new StringBuilder(sql.Length);
        for (int at = 0, next; at < sql.Length; at = next)
        {
            next = at;
            while (next < sql.Length && sql[next] is not ('\'' or '$'))
                next++;
            text.Append(
                Regex.Replace(
                    sql[at..next],
                    $"""(?<![\w".]){Regex.Escape(from)}(?![\w"])""",
                    _ => to,
                    RegexOptions.None,
                    TimeSpan.FromSeconds(1)
                )
            );
            if (next == sql.Length)
                break;
            var end = SqlText.Skip(sql, next);
            text.Append(sql, next, end - next);
            next = end;
        }

        return text.ToString();
    }

    internal static string Last(string name) => name[(name.LastIndexOf('.') + 1)..];

    /// <summary>Lists of columns are in the order of their names, which is another one under another name.</summary>
    static string Sorted(string definition) =>
        string.Join(
            '\n',
            definition
                .Split('\n')
                .Select(line =>
                    string.Join(' ', Words().Matches(line).Select(word => word.Value).Order(StringComparer.Ordinal))
                )
        );

    [GeneratedRegex(@"[^\s,()]+", RegexOptions.None, 1000)]
    private static partial Regex Words();
}
