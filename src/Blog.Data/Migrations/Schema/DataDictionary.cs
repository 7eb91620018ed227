using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Migrations.Schema;

/// <summary>The chapter of each table, and that of the functions.</summary>
/// <param name="indexes">Those that no constraint makes.</param>
/// <param name="rights">On everything.</param>
sealed class DataDictionary(IReadOnlyList<IndexModel> indexes, IReadOnlyList<RightRow> rights)
{
    static readonly string[] verbs = ["select", "insert", "update", "delete"];

    internal void Append(StringBuilder text, TableModel table)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {table.Name}\n\n{Markdown.Text(table.Comment)}\n\n");
        text.Append("| column | type | null | default | meaning |\n|---|---|---|---|---|\n");
        foreach (var column in table.Columns)
        {
            text.Append(
                Markdown.Row(
                    column.Name,
                    Markdown.Code(ErDiagram.ShortType(column.Type)),
                    column.NotNull ? "" : "null",
                    column.Filled.Length > 0 ? Markdown.Code(DefaultOf(column.Filled)) : "",
                    Markdown.Text(column.Comment)
                )
            );
        }

        text.Append("\n| key, rule or index | | used by |\n|---|---|---|\n");
        foreach (var constraint in table.Constraints)
            text.Append(Markdown.Row(constraint.Name, Markdown.Code(constraint.Definition), UsersOf(constraint.Name)));
        foreach (var index in indexes.Where(index => index.Table == table.Name))
            text.Append(Markdown.Row(index.Name, Markdown.Code(WhatOf(index)), UsersOf(index.Name)));
        AppendStatements(text, table.Name);
        AppendRights(text, table.Name);
    }

    internal static void Append(StringBuilder text, IReadOnlyList<SchemaObject> functions)
    {
        text.Append("\n## Functions\n\n| function | | called by |\n|---|---|---|\n");
        foreach (var function in functions)
        {
            var name = function.Name["blog.".Length..function.Name.IndexOf('(', StringComparison.Ordinal)];
            var comment = SchemaParts.Of(function).FirstOrDefault(part => part.Kind == "comment")?.Text;
            text.Append(
                Markdown.Row(
                    Markdown.Code(function.Name["blog.".Length..].Replace(",", ", ", StringComparison.Ordinal)),
                    Markdown.Text(comment?[1..^1].Replace("''", "'", StringComparison.Ordinal)),
                    Markdown.Files(FilesOf(footprint => footprint.Functions.Contains(name, StringComparer.Ordinal)))
                )
            );
        }
    }

    static void AppendStatements(StringBuilder text, string table)
    {
        text.Append("\n| verb | statements |\n|---|---|\n");
        foreach (var verb in verbs)
        {
            var files = FilesOf(footprint =>
                footprint.Uses.Any(use => use.Verb == verb && use.Table == table && !IsLock(use))
            );
            var locks = FilesOf(footprint =>
                footprint.Uses.Any(use => use.Verb == verb && use.Table == table && IsLock(use))
            );
            if (files.Count > 0)
                text.Append(Markdown.Row(verb, Markdown.Files(files)));
            if (locks.Count > 0)
                text.Append(Markdown.Row("lock", Markdown.Files(locks)));
        }

        static bool IsLock(TableUse use) => use is { Verb: "update", Columns.Count: 0 };
    }

    void AppendRights(StringBuilder text, string table)
    {
        var roles = rights
            .Where(right => right.Kind == "table" && right.Name == TableText.QualifiedName(table))
            .GroupBy(right => (right.Verb, right.Grantee))
            .OrderBy(role => role.Key.Grantee, StringComparer.Ordinal)
            .Select(role =>
                $"`{role.Key.Grantee}` may {(role.Key.Verb == "grant" ? "" : "not ")}{string.Join(", ", RightsText.Privileges([.. role]))}.\n"
            );
        text.Append('\n').AppendJoin('\n', roles);
    }

    /// <summary>The files whose header says so.</summary>
    static string UsersOf(string index) =>
        Markdown.Files(
            QueryCatalogue
                .All.Where(query =>
                    query.Header.TryGetValue("uses", out var uses)
                    && Regex.IsMatch(uses, $@"\b{Regex.Escape(index)}\b", RegexOptions.None, TimeSpan.FromSeconds(1))
                )
                .Select(query => query.Id)
        );

    static IReadOnlyList<string> FilesOf(Func<Footprint, bool> which) =>
        [.. Footprint.All.Where(which).Select(footprint => footprint.Query.Id).Distinct(StringComparer.Ordinal)];

    static string DefaultOf(string filled) =>
        filled.StartsWith("default ", StringComparison.Ordinal) ? filled["default ".Length..] : filled;

    /// <summary>Without the words that every index has.</summary>
    static string WhatOf(IndexModel index)
    {
        var unique = index.Definition.StartsWith("create unique", StringComparison.Ordinal) ? "unique " : "";
        return unique
            + index.Definition[(index.Definition.IndexOf(" using ", StringComparison.Ordinal) + " using ".Length)..];
    }
}
