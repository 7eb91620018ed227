namespace Blog.Data.Migrations.Review;

/// <summary>Reads tokens from left to right.</summary>
sealed class TokenReader(IReadOnlyList<SqlToken> tokens)
{
    int at;

    public bool AtEnd => at >= tokens.Count;

    /// <summary>Of the next token; of the last one at the end.</summary>
    public int Offset => tokens[Math.Min(at, tokens.Count - 1)].Offset;

    /// <summary>What has not been read, which stays unread.</summary>
    public IReadOnlyList<SqlToken> Rest => [.. tokens.Skip(at)];

    public bool Sees(params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < words.Length; i++)
        {
            if (at + i >= tokens.Count || !tokens[at + i].Is(words[i]))
                return false;
        }

        return true;
    }

    public bool SeesAny(params ReadOnlySpan<string> words)
    {
        foreach (var word in words)
        {
            if (Sees(word))
                return true;
        }

        return false;
    }

    /// <summary>Reads these words if they come next, all of them or none.</summary>
    public bool Take(params ReadOnlySpan<string> words)
    {
        if (!Sees(words))
            return false;
        at += words.Length;
        return true;
    }

    /// <summary>Reads any of these words as long as they come.</summary>
    public void Pass(params ReadOnlySpan<string> words)
    {
        while (SeesAny(words))
            at++;
    }

    /// <summary>Reads a token, whatever it is.</summary>
    public SqlToken Next() => tokens[at++];

    /// <summary>Reads a name of one part; null where none comes.</summary>
    public string? TakePart() => !AtEnd && tokens[at].IsName ? tokens[at++].Text : null;

    /// <summary>Reads a name; null where none comes.</summary>
    public SqlName? TakeName()
    {
        var offset = AtEnd ? 0 : Offset;
        if (TakePart() is not { } name)
            return null;
        while (Sees(".") && at + 1 < tokens.Count && tokens[at + 1].IsName)
        {
            at++;
            name += "." + TakePart();
        }

        return new(name, offset);
    }

    /// <summary>The first name of each part of the rest, between commas.</summary>
    public IEnumerable<SqlName> TakeNames() =>
        Split(Rest).Select(part => new TokenReader(part).TakeName()).OfType<SqlName>();

    /// <summary>Reads what stands in parentheses, without them; empty where none come.</summary>
    public IReadOnlyList<SqlToken> TakeParentheses()
    {
        if (!Take("("))
            return [];
        var inner = new List<SqlToken>();
        for (var depth = 1; !AtEnd; )
        {
            var token = Next();
            depth += Step(token);
            if (depth == 0)
                break;
            inner.Add(token);
        }

        return inner;
    }

    /// <summary>What stands between the commas that are in no parentheses.</summary>
    public static IReadOnlyList<IReadOnlyList<SqlToken>> Split(IReadOnlyList<SqlToken> tokens, string mark = ",")
    {
        var parts = new List<IReadOnlyList<SqlToken>>();
        var part = new List<SqlToken>();
        var depth = 0;
        foreach (var token in tokens)
        {
            depth += Step(token);
            if (depth <= 0 && token.Is(mark))
            {
                parts.Add(part);
                part = [];
            }
            else
            {
                part.Add(token);
            }
        }

        parts.Add(part);
        return [.. parts.Where(one => one.Count > 0)];
    }

    /// <summary>How much deeper in parentheses the tokens behind this one are.</summary>
    public static int Step(SqlToken token) =>
        token.Is("(") || token.Is("[") ? 1
        : token.Is(")") || token.Is("]") ? -1
        : 0;
}
