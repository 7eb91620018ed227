namespace Blog.Data.Health;

/// <summary>What a database has and a role may do there: the second set of <c>health/get_schema</c>.</summary>
sealed class SchemaFacts
{
    readonly Dictionary<(string Kind, string Name), string> facts;

    public SchemaFacts(IReadOnlyList<FactRow> rows)
    {
        facts = rows.ToDictionary(row => (row.Kind, row.Name), row => row.State);
        Text = string.Join('\n', rows);
    }

    /// <summary>All of them: equal for equal schemas and rights.</summary>
    public string Text { get; }

    /// <summary>The type of a column as PostgreSQL writes it, valid or invalid for an index, the value of a setting; null where there is none.</summary>
    public string? StateOf(string kind, string name) => facts.GetValueOrDefault((kind, name));

    /// <summary>Whether the role has a right.</summary>
    public bool Allows(string verb, string name) => facts.ContainsKey((verb, name));
}

sealed record FactRow(string Kind, string Name, string State);
