using System.Text.Json.Serialization;

namespace Blog.Data.Migrations.Schema;

/// <summary>One thing of the schema: a role, a table with its columns and constraints, an index, a function, the rights on something.</summary>
/// <param name="Kind">In one word: role, schema, table, function, index, rights and so on.</param>
/// <param name="Name">With its schema; that of a function has its argument types, that of rights the kind of what they are on: <c>table blog.users</c>.</param>
/// <param name="Definition">The SQL that makes it, lines ended by a line feed, the last one without.</param>
public sealed record SchemaObject(string Kind, string Name, string Definition)
{
    internal const string Mark = "---- ";

    const string OnSomething = " on ";

    /// <summary>Kind and name of what it belongs to, and goes with: <c>table blog.users</c>; null where it stands for itself.</summary>
    [JsonIgnore]
    public string? On { get; init; }

    /// <summary>As people name it: <c>index blog.users_name_id_idx</c>, <c>rights on table blog.users</c>.</summary>
    [JsonIgnore]
    public string Title => IsRights ? $"{Kind}{OnSomething}{Name}" : $"{Kind} {Name}";

    internal string Key => $"{Kind} {Name} {On}";

    bool IsRights => Kind == "rights";

    internal static SchemaObject Rights(string on, string definition) => new("rights", on, definition) { On = on };

    /// <summary>The comment line above it, and it.</summary>
    internal string ToSql() => $"{Mark}{Title}{(On is null || IsRights ? "" : OnSomething + On)}\n{Definition}\n";

    /// <summary>Reads back what <see cref="ToSql"/> wrote.</summary>
    internal static SchemaObject Parse(string block)
    {
        var end = block.IndexOf('\n', StringComparison.Ordinal);
        var title = block[Mark.Length..end];
        var definition = block[(end + 1)..].TrimEnd('\n');
        var parts = title.Split(' ', 2);
        if (parts[0] == "rights")
            return Rights(parts[1]["on ".Length..], definition);
        var on = parts[1].LastIndexOf(OnSomething, StringComparison.Ordinal);
        return on < 0
            ? new(parts[0], parts[1], definition)
            : new(parts[0], parts[1][..on], definition) { On = parts[1][(on + OnSomething.Length)..] };
    }
}
