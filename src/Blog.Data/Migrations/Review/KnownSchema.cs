namespace Blog.Data.Migrations.Review;

/// <summary>A table as the scripts up to here have made it.</summary>
sealed record KnownTable
{
    /// <summary>The script that creates it; null where none of these does.</summary>
    public string? CreatedIn { get; init; }

    /// <summary>It lies in no schema that could be named, and belongs to the session.</summary>
    public bool IsTemporary { get; init; }

    /// <summary>Columns of every index that is not partial, by the index's name.</summary>
    public Dictionary<string, IReadOnlyList<string>> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>Every named constraint, and the script that has added it.</summary>
    public Dictionary<string, (ConstraintText Text, string AddedIn, bool Valid)> Constraints { get; } =
        new(StringComparer.Ordinal);

    /// <summary>Of a primary key of one column; null without.</summary>
    public string? Key { get; set; }

    /// <summary>An index without a name cannot be dropped by a later script, and counts as another each time.</summary>
    public void AddIndex(string? name, IReadOnlyList<string> columns) => Indexes[name ?? $" {Indexes.Count}"] = columns;
}

/// <summary>Names replayed over the scripts in order.</summary>
sealed class KnownSchema
{
    readonly Dictionary<string, KnownTable> tables = new(StringComparer.Ordinal);

    /// <summary>What a script before this one has made, or the runner, is a table that the scripts do not create: it exists.</summary>
    public KnownTable Table(SqlName name)
    {
        if (!tables.TryGetValue(name.Text, out var table))
            tables[name.Text] = table = new();
        return table;
    }

    /// <summary>Whether the script has created it itself: nobody reads or writes it yet.</summary>
    public bool IsNew(SqlName table, MigrationScript script) =>
        tables.TryGetValue(table.Text, out var known) && known.CreatedIn == script.Name;

    /// <summary>Whose index it is; null where no script has created it.</summary>
    public KnownTable? TableOf(SqlName index) =>
        tables
            .FirstOrDefault(table =>
                new SqlName(table.Key, 0).Beside(index.Last) == new SqlName(index.Text, 0).Text
                && table.Value.Indexes.ContainsKey(index.Last)
            )
            .Value;

    public void Apply(SchemaChange change, MigrationScript script)
    {
        switch (change)
        {
            case TableCreated created:
                tables[created.Table.Text] = new() { CreatedIn = script.Name, IsTemporary = created.Temporary };
                break;
            case ConstraintAdded added:
                Apply(added, script);
                break;
            case ConstraintValidated valid
                when Table(valid.Table).Constraints.TryGetValue(valid.Constraint, out var known):
                Table(valid.Table).Constraints[valid.Constraint] = known with { Valid = true };
                break;
            case ConstraintDropped dropped:
                Table(dropped.Table).Constraints.Remove(dropped.Constraint);
                Table(dropped.Table).Indexes.Remove(dropped.Constraint);
                break;
            case IndexCreated { Partial: false } index:
                Table(index.Table).AddIndex(index.Name, index.Columns);
                break;
            case IndexDropped dropped:
                TableOf(dropped.Index)?.Indexes.Remove(dropped.Index.Last);
                break;
            case ObjectRenamed renamed:
                Apply(renamed);
                break;
            case ObjectDropped { What: "table" } dropped:
                tables.Remove(dropped.Name.Text);
                break;
            default:
                break;
        }
    }

    void Apply(ConstraintAdded added, MigrationScript script)
    {
        var (table, constraint) = (Table(added.Table), added.Constraint);
        if (constraint.Name is not null)
            table.Constraints[constraint.Name] = (constraint, script.Name, !constraint.NotValid);
        if (constraint is { Kind: ConstraintKind.PrimaryKey, Columns: [var key] })
            table.Key = key;
        if (constraint is { Kind: ConstraintKind.PrimaryKey or ConstraintKind.Unique, Columns.Count: > 0 })
            table.AddIndex(constraint.Name, constraint.Columns);
    }

    void Apply(ObjectRenamed renamed)
    {
        var table = Table(renamed.Table);
        if (renamed.From is null)
        {
            tables.Remove(renamed.Table.Text);
            tables[renamed.To.Contains('.', StringComparison.Ordinal) ? renamed.To : renamed.Table.Beside(renamed.To)] =
                table;
            return;
        }

        foreach (var (name, columns) in table.Indexes.ToList())
            table.Indexes[name] = [.. columns.Select(column => column == renamed.From ? renamed.To : column)];
        if (table.Key == renamed.From)
            table.Key = renamed.To;
    }
}
