namespace Blog.Data.Migrations.Review;

/// <summary>Functions that give another value for each row. <c>now()</c> is none: it is one value a transaction.</summary>
static class VolatileFunction
{
    static readonly HashSet<string> known = new(StringComparer.Ordinal)
    {
        "clock_timestamp",
        "currval",
        "gen_random_bytes",
        "gen_random_uuid",
        "lastval",
        "nextval",
        "random",
        "random_normal",
        "setval",
        "timeofday",
        "uuid_generate_v1",
        "uuid_generate_v1mc",
        "uuid_generate_v4",
        "uuidv4",
        "uuidv7",
    };

    /// <summary>The first that an expression calls, with its parentheses; null without. A function of a schema of one's own counts as volatile, as it is unless it says otherwise.</summary>
    public static string? In(IReadOnlyList<SqlToken> expression)
    {
        for (var at = 0; at + 1 < expression.Count; at++)
        {
            if (!expression[at].IsName || !expression[at + 1].Is("("))
                continue;
            var isQualified = at >= 2 && expression[at - 1].Is(".");
            var isOwn = isQualified && !expression[at - 2].Is("pg_catalog");
            if (isOwn || known.Contains(expression[at].Text))
                return $"{expression[at].Text}()";
        }

        return null;
    }
}
