namespace Blog.Data.Migrations.Schema;

/// <summary>Two snapshots, object by object; what belongs to a table that is missing or too many is not named again.</summary>
static class SchemaComparison
{
    internal static IReadOnlyList<SchemaDifference> Of(SchemaSnapshot expected, SchemaSnapshot found)
    {
        var renamed = RenamedColumn.Find(expected, found);
        var undone = RenamedColumn.Undo(expected, found, renamed);
        return
        [
            .. renamed.Select(column => new SchemaDifference(
                "column",
                column.Expected,
                "changed",
                $"named {RenamedColumn.Last(column.Expected)}",
                $"named {RenamedColumn.Last(column.Found)}"
            )),
            .. Objects(expected.Items, undone),
        ];
    }

    static IEnumerable<SchemaDifference> Objects(
        IReadOnlyList<SchemaObject> expected,
        IReadOnlyList<SchemaObject> found
    )
    {
        var have = found.ToDictionary(item => item.Key, StringComparer.Ordinal);
        var should = expected.ToDictionary(item => item.Key, StringComparer.Ordinal);
        var gone = Titles(expected.Where(item => !have.ContainsKey(item.Key)));
        var extra = Titles(found.Where(item => !should.ContainsKey(item.Key)));
        return expected
            .Where(item => item.On is null || !gone.Contains(item.On))
            .SelectMany(item => Of(item, have.GetValueOrDefault(item.Key)))
            .Concat(
                found
                    .Where(item => !should.ContainsKey(item.Key) && (item.On is null || !extra.Contains(item.On)))
                    .SelectMany(item => Of(null, item))
            );
    }

    static List<SchemaDifference> Of(SchemaObject? expected, SchemaObject? found)
    {
        var any = (expected ?? found)!;
        if (expected?.Definition == found?.Definition)
            return [];
        if ((expected is null || found is null) && any.Kind != "rights")
            return [SchemaDifference.Of(any.Kind, NameOf(any), expected?.Definition, found?.Definition)!];
        var differences = Parts(expected, found);
        // Nothing but the order of the columns is left to differ in.
        return differences.Count > 0
            ? differences
            : [SchemaDifference.Of("order", $"columns of {any.Title}", ColumnsOf(expected!), ColumnsOf(found!))!];
    }

    static List<SchemaDifference> Parts(SchemaObject? expected, SchemaObject? found)
    {
        IReadOnlyList<SchemaParts.Part> should = expected is null ? [] : SchemaParts.Of(expected),
            have = found is null ? [] : SchemaParts.Of(found);
        var differences = should
            .Concat(have)
            .DistinctBy(part => part.Key, StringComparer.Ordinal)
            .Select(part => SchemaDifference.Of(part.Kind, part.Name, TextOf(should, part), TextOf(have, part)))
            .OfType<SchemaDifference>()
            .ToList();
        // The comment of a column that is missing is missing with it.
        var whole = differences
            .Where(one => one.Change != "changed")
            .Select(one => one.Title)
            .ToHashSet(StringComparer.Ordinal);
        return [.. differences.Where(one => one.Kind != "comment" || !whole.Contains(one.Name))];

        static string? TextOf(IReadOnlyList<SchemaParts.Part> parts, SchemaParts.Part like) =>
            parts.FirstOrDefault(part => part.Key == like.Key)?.Text;
    }

    static string ColumnsOf(SchemaObject table) =>
        string.Join(
            ", ",
            SchemaParts.Of(table).Where(part => part.Kind == "column").Select(part => part.Name.Split('.')[^1])
        );

    /// <summary>Triggers, policies and rules have names of their own on each table.</summary>
    static string NameOf(SchemaObject item) =>
        item.On is null || item.Kind == "index" ? item.Name : $"{item.Name} on {item.On}";

    static HashSet<string> Titles(IEnumerable<SchemaObject> items) =>
        items.Select(item => item.Title).ToHashSet(StringComparer.Ordinal);
}
