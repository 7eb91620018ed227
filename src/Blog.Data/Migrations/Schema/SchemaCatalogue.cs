using Npgsql;

namespace Blog.Data.Migrations.Schema;

/// <summary>Reads the parts and puts them in the order in which they can be made.</summary>
static class SchemaCatalogue
{
    internal static async Task<SchemaSnapshot> ReadAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    )
    {
        var rights = await RightsCatalogue.ReadAsync(connection, cancellationToken);
        return new([
            .. await RoleCatalogue.ReadAsync(connection, cancellationToken),
            .. rights.Where(IsOnDatabase),
            .. await ReadSchemaAsync(connection, cancellationToken),
            .. await ObjectCatalogue.ReadBeforeTablesAsync(connection, cancellationToken),
            .. TableText.Of(await TableCatalogue.ReadTablesAsync(connection, cancellationToken)),
            .. await ObjectCatalogue.ReadAfterTablesAsync(connection, cancellationToken),
            .. (await TableCatalogue.ReadIndexesAsync(connection, cancellationToken)).Select(TableText.Of),
            .. rights.Where(right => !IsOnDatabase(right)),
            .. await RightsCatalogue.ReadDefaultsAsync(connection, cancellationToken),
        ])
        {
            LastScript = await ReadLastScriptAsync(connection, cancellationToken),
        };

        static bool IsOnDatabase(SchemaObject right) => right.Name == "database";
    }

    static Task<IReadOnlyList<SchemaObject>> ReadSchemaAsync(
        NpgsqlConnection connection,
        CancellationToken cancellationToken
    ) =>
        connection.ListAsync(
            """
            select nspname::text, concat_ws(E'\n', 'create schema blog;', format('alter schema blog owner to %s;', nspowner::regrole),
              'comment on schema blog is ' || quote_literal(obj_description(oid, 'pg_namespace')) || ';')
            from pg_catalog.pg_namespace
            where nspname = 'blog'
            """,
            row => new SchemaObject("schema", row.GetString(0), row.GetString(1)),
            cancellationToken
        );

    /// <summary>Null where there is no journal, or this role may not read it.</summary>
    static async Task<string?> ReadLastScriptAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var readable = await connection.ListAsync(
            """
            select has_column_privilege(a.attrelid, a.attnum, 'select')
            from pg_catalog.pg_namespace n
            join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = 'schemaversions'
            join pg_catalog.pg_attribute a on a.attrelid = c.oid and a.attname = 'scriptname'
            where n.nspname = 'blog' and has_schema_privilege(n.oid, 'usage')
            """,
            row => row.GetBoolean(0),
            cancellationToken
        );
        if (!readable.Contains(true))
            return null;
        var last = await connection.ListAsync(
            """select max(scriptname collate "C") from blog.schemaversions""",
            row => row.TextOrNull(0),
            cancellationToken
        );
        return last[0];
    }
}
