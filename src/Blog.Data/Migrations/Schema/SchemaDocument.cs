using System.Text;

namespace Blog.Data.Migrations.Schema;

/// <summary>The schema for people: <c>docs/schema.md</c>, a diagram and a data dictionary made of the comments, the footprints and the rights.</summary>
public static class SchemaDocument
{
    const string Head = """
        # The schema

        What the blog keeps, table by table: what each column means, which keys and indexes there are and whom they serve, which statements read
        and write it, and who may. Written from the comments of a migrated database, from the headers of the [query files](../sql/README.md)
        and from [what they touch](../sql/footprint.txt); as a script it is [sql/schema.sql](../sql/schema.sql). Renewed by
        `blog migrate docs > docs/schema.md`; a test compares.


        """;

    /// <summary>Writes it from a database and this build's statements.</summary>
    /// <param name="connectionString">Of a migrated database, as any role.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Markdown, lines ended by a line feed; links are relative to <c>docs</c>.</returns>
    /// <exception cref="MigrationException">The server cannot be reached, or its catalogue cannot be read.</exception>
    public static Task<string> WriteAsync(string connectionString, CancellationToken cancellationToken) =>
        CatalogueSession.AskAsync(
            connectionString,
            async (connection, token) =>
            {
                var tables = TableText.Ordered(await TableCatalogue.ReadTablesAsync(connection, token));
                var related = tables.Where(table => IsRelated(table, tables)).ToArray();
                var dictionary = new DataDictionary(
                    await TableCatalogue.ReadIndexesAsync(connection, token),
                    await RightsCatalogue.ReadRowsAsync(connection, token)
                );
                var objects = await ObjectCatalogue.ReadAfterTablesAsync(connection, token);
                return Write(
                    // What stands alone is the machinery, and comes last.
                    [.. related, .. tables.Except(related)],
                    dictionary,
                    [.. objects.Where(one => one.Kind == "function")],
                    await RoleCatalogue.ReadAsync(connection, token)
                );
            },
            cancellationToken
        );

    static string Write(
        IReadOnlyList<TableModel> tables,
        DataDictionary dictionary,
        IReadOnlyList<SchemaObject> functions,
        IReadOnlyList<SchemaObject> roles
    )
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        text.Append("```mermaid\n").Append(ErDiagram.Of(tables)).Append("```\n\n");
        text.Append("| table | |\n|---|---|\n");
        foreach (var table in tables)
            text.Append(Markdown.Row($"[{table.Name}](#{table.Name})", Markdown.Text(table.Comment)));
        foreach (var table in tables)
            dictionary.Append(text, table);
        DataDictionary.Append(text, functions);
        Append(text, roles);
        return text.ToString();
    }

    static void Append(StringBuilder text, IReadOnlyList<SchemaObject> roles)
    {
        text.Append("\n## Roles\n\n");
        text.Append(
            "`blog_owner` owns everything and nobody connects as it; `blog_migrator` may act as it. What `blog_app` and `blog_readonly` may do stands with each table.\n\n"
        );
        text.Append("| role | how its sessions are set |\n|---|---|\n");
        foreach (var role in roles)
        {
            var settings = SchemaParts
                .Of(role)
                .Where(part => part.Kind == "setting")
                .Select(part => Markdown.Code($"{part.Name.Split('.', 2)[1]} = {part.Text.Trim('\'')}"));
            text.Append(Markdown.Row(Markdown.Code(role.Name), string.Join(", ", settings)));
        }
    }

    static bool IsRelated(TableModel table, IReadOnlyList<TableModel> tables) =>
        ErDiagram.ForeignKeys(table).Any()
        || tables.Any(other =>
            ErDiagram.ForeignKeys(other).Any(key => key.References == TableText.QualifiedName(table.Name))
        );
}
