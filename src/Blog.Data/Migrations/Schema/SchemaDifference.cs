using System.Text.Json.Serialization;

namespace Blog.Data.Migrations.Schema;

/// <summary>One thing that is not as it should be. <see cref="ToString"/> is what an operator reads.</summary>
/// <param name="Kind">In one word: table, column, constraint, index, function, comment, owner, rights, setting and so on.</param>
/// <param name="Name">With its schema; of a comment or an owner also what it is of, of rights whose they are and on what.</param>
/// <param name="Change">missing, added or changed.</param>
/// <param name="Expected">How it should be; null where it should not be.</param>
/// <param name="Found">How it is; null where it is not.</param>
public sealed record SchemaDifference(string Kind, string Name, string Change, string? Expected, string? Found)
{
    /// <summary>As people name it: <c>column blog.users.name</c>, <c>owner of table blog.users</c>.</summary>
    [JsonIgnore]
    public string Title =>
        Kind switch
        {
            "comment" => $"comment on {Name}",
            "owner" or "rights" or "order" => $"{Kind} of {Name}",
            _ => $"{Kind} {Name}",
        };

    internal static SchemaDifference? Of(string kind, string name, string? expected, string? found) =>
        expected == found ? null
        : found is null ? new(kind, name, "missing", expected, null)
        : expected is null ? new(kind, name, "added", null, found)
        : new(kind, name, "changed", expected, found);

    /// <inheritdoc/>
    public override string ToString() =>
        Expected is not null
        && Found is not null
        && !Expected.Contains('\n', StringComparison.Ordinal)
        && !Found.Contains('\n', StringComparison.Ordinal)
            ? $"{Title}: {Found}, not {Expected}"
            : $"{Title}: {Change}{string.Concat(LineDifference.Of(Expected, Found).Select(line => "\n  " + line))}";
}
