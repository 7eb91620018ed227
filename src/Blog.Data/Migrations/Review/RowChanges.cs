namespace Blog.Data.Migrations.Review;

/// <summary>Reads the rows that a statement changes, in its common table expressions too, and the tables that it names.</summary>
static class RowChanges
{
    static readonly string[] starts = ["update", "delete", "insert", "merge", "with", "select", "explain", "perform"];

    public static IEnumerable<SchemaChange> Of(IReadOnlyList<SqlToken> tokens, bool inBatches)
    {
        if (tokens.Count == 0 || !starts.Any(tokens[0].Is))
            yield break;
        var locals = Locals(tokens);
        for (var at = 0; at < tokens.Count; at++)
        {
            if (ChangeAt(tokens, at, inBatches) is { } change)
                yield return change;
            if (TableAt(tokens, at) is { } table && !locals.Contains(table.Text))
                yield return new ObjectNamed(table);
        }
    }

    static RowsChanged? ChangeAt(IReadOnlyList<SqlToken> tokens, int at, bool inBatches)
    {
        var isUpdate =
            tokens[at].Is("update") && !(at > 0 && Follows(tokens[at - 1], "for", "key", "on", "do", "then"));
        var isDelete = tokens[at].Is("delete") && at + 1 < tokens.Count && tokens[at + 1].Is("from");
        var isMerge = tokens[at].Is("merge") && at + 1 < tokens.Count && tokens[at + 1].Is("into");
        if (!isUpdate && !isDelete && !isMerge)
            return null;
        var reader = new TokenReader([.. tokens.Skip(at + (isUpdate ? 1 : 2))]);
        reader.Take("only");
        if (reader.AtEnd || reader.TakeName() is not { } table)
            return null;
        if (isMerge)
            return ChangesMatched(reader.Rest) ? new("merge", table, Filtered: true, Key: null, inBatches) : null;
        var where = Where(reader.Rest);
        return new(
            isUpdate ? "update" : "delete",
            table,
            where is not null,
            where is null ? null : Key(where),
            inBatches
        );
    }

    /// <summary>Whether a merge updates or deletes; it may only insert.</summary>
    static bool ChangesMatched(IReadOnlyList<SqlToken> merge) =>
        merge.Zip(merge.Skip(1)).Any(two => two.First.Is("then") && Follows(two.Second, "update", "delete"));

    /// <summary>What follows the where of the same parentheses; null where there is none.</summary>
    static IReadOnlyList<SqlToken>? Where(IReadOnlyList<SqlToken> tokens)
    {
        var depth = 0;
        for (var at = 0; at < tokens.Count; at++)
        {
            depth += TokenReader.Step(tokens[at]);
            if (depth < 0)
                return null;
            if (depth == 0 && tokens[at].Is("where"))
                return [.. tokens.Skip(at + 1)];
        }

        return null;
    }

    /// <summary>The column of <c>column = literal</c> or <c>column in (literals)</c>, where nothing widens it behind.</summary>
    static string? Key(IReadOnlyList<SqlToken> where)
    {
        var reader = new TokenReader(where);
        if (where.Any(token => token.Is("or")) || reader.TakeName() is not { } column)
            return null;
        var literals =
            reader.Take("in") ? reader.TakeParentheses()
            : reader.Take("=") && !reader.AtEnd ? [reader.Next()]
            : [];
        return
            literals.Any(one => one.Kind is SqlTokenKind.Literal)
            && literals.All(one => one.Kind is SqlTokenKind.Literal || one.Is(","))
            && (reader.AtEnd || reader.SeesAny("and", "returning", ")"))
            ? column.Last
            : null;
    }

    static SqlName? TableAt(IReadOnlyList<SqlToken> tokens, int at)
    {
        var behind =
            tokens[at].Is("into") && at > 0 && Follows(tokens[at - 1], "insert", "merge") ? 1
            : tokens[at].Is("update") && !(at > 0 && Follows(tokens[at - 1], "for", "key", "on", "do", "then")) ? 1
            : tokens[at].Is("join") ? 1
            : tokens[at].Is("from") && IsOfQuery(tokens, at) ? 1
            : 0;
        if (behind == 0)
            return null;
        var reader = new TokenReader([.. tokens.Skip(at + behind)]);
        reader.Pass("only", "lateral");
        if (reader.AtEnd || reader.TakeName() is not { } table)
            return null;
        // A function: its schema may be pg_catalog, which is always searched.
        return !reader.AtEnd && reader.Sees("(") && !tokens[at].Is("into") ? null : table;
    }

    /// <summary>Whether a from begins the tables of a query; it stands in extract, substring, trim and "is distinct from" too.</summary>
    static bool IsOfQuery(IReadOnlyList<SqlToken> tokens, int at)
    {
        if (at > 0 && tokens[at - 1].Is("distinct"))
            return false;
        var depth = 0;
        for (var before = at - 1; before >= 0; before--)
        {
            depth += TokenReader.Step(tokens[before]);
            if (depth > 0)
                return Follows(tokens[before + 1], "select", "with", "delete", "update");
        }

        return true;
    }

    static HashSet<string> Locals(IReadOnlyList<SqlToken> tokens)
    {
        var locals = new HashSet<string>(StringComparer.Ordinal);
        for (var at = 1; at + 1 < tokens.Count; at++)
        {
            if (tokens[at].IsName && tokens[at + 1].Is("as") && Follows(tokens[at - 1], "with", "recursive", ","))
                locals.Add(tokens[at].Text);
        }

        return locals;
    }

    static bool Follows(SqlToken token, params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (token.Is(word))
                return true;
        }

        return false;
    }
}
