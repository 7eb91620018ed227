namespace Blog.Data.Migrations.Review;

/// <summary>Reads the statements of a DO block. What it puts together and executes as a string stays unread.</summary>
static class BlockBody
{
    static readonly string[] before = ["begin", "then", "loop", "else"];

    static readonly string[] starts =
    [
        "create",
        "alter",
        "drop",
        "comment",
        "update",
        "delete",
        "insert",
        "merge",
        "with",
        "select",
        "perform",
        "truncate",
        "lock",
    ];

    public static IEnumerable<SchemaChange> Changes(IReadOnlyList<SqlToken> block)
    {
        if (block.FirstOrDefault(token => token.Kind is SqlTokenKind.Literal) is not { Text: { } quoted } literal)
            yield break;
        var mark = quoted.StartsWith('$') ? quoted[..(quoted.IndexOf('$', 1) + 1)] : "'";
        if (quoted.Length < 2 * mark.Length)
            yield break;
        var tokens = SqlToken.Of(quoted[mark.Length..^mark.Length], literal.Offset + mark.Length);
        var isBatched = tokens.Any(token => token.Is("loop")) && tokens.Any(token => token.Is("commit"));
        foreach (var part in TokenReader.Split(tokens, ";"))
        {
            if (Statement(part) is not { Count: > 0 } statement)
                continue;
            foreach (var change in StatementChanges.Of(statement, isBatched))
                yield return change;
        }
    }

    /// <summary>From the first word of a statement on: before it stand begin, then, loop, else or nothing.</summary>
    static IReadOnlyList<SqlToken> Statement(IReadOnlyList<SqlToken> part)
    {
        for (var at = 0; at < part.Count; at++)
        {
            if (starts.Any(part[at].Is) && (at == 0 || before.Any(part[at - 1].Is)))
                return [.. part.Skip(at)];
        }

        return [];
    }
}
