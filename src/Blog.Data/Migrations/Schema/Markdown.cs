namespace Blog.Data.Migrations.Schema;

/// <summary>Tables of Markdown.</summary>
static class Markdown
{
    internal static string Row(params string[] cells) =>
        $"|{string.Concat(cells.Select(cell => cell.Length == 0 ? " |" : $" {cell} |"))}\n";

    internal static string Code(string text) => $"`{text.Replace("|", @"\|", StringComparison.Ordinal)}`";

    /// <summary>Empty for null.</summary>
    internal static string Text(string? text) =>
        (text ?? "")
            .Replace("|", @"\|", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace('\n', ' ');

    /// <summary>The links to query files, from <c>docs</c>.</summary>
    internal static string Files(IEnumerable<string> ids) =>
        string.Join(", ", ids.Select(id => $"[{id}](../sql/queries/{id}.sql)"));
}
