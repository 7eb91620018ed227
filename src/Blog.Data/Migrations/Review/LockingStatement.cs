namespace Blog.Data.Migrations.Review;

/// <summary>Reads the statements that do little else than to lock tables.</summary>
static class LockingStatement
{
    /// <summary>Empty where it is none.</summary>
    public static IReadOnlyList<SchemaChange> Changes(TokenReader reader)
    {
        var offset = reader.Offset;
        if (Words(reader) is not { } what)
            return [];
        reader.TakeParentheses();
        reader.Pass("table", "only", "full", "verbose", "freeze", "analyze", "index");
        SqlName[] tables = reader.SeesAny("schema", "database", "system") ? [] : [.. reader.TakeNames()];
        return tables.Length == 0
            ? [new TableLocked(what, new("every table", offset))]
            :
            [
                .. tables.Select(table => new TableLocked(what, table)),
                .. tables.Select(table => new ObjectNamed(table)),
            ];
    }

    static string? Words(TokenReader reader)
    {
        if (reader.Take("lock"))
            return "lock table";
        if (reader.Take("truncate"))
            return "truncate";
        if (reader.Take("cluster"))
            return "cluster";
        if (reader.Take("refresh", "materialized", "view"))
            return reader.Sees("concurrently") ? null : "refresh materialized view";
        if (reader.Take("vacuum"))
            return reader.Rest.Any(token => token.Is("full")) ? "vacuum full" : null;
        return reader.Take("reindex") && !reader.Rest.Any(token => token.Is("concurrently")) ? "reindex" : null;
    }
}
