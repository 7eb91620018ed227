namespace Blog.Data.Migrations.Review;

/// <summary>What a token is.</summary>
enum SqlTokenKind
{
    /// <summary>A key word or a name without quotes; its text is in lower case.</summary>
    Word,

    /// <summary>A name in quotes; its text is without them.</summary>
    QuotedName,

    /// <summary>A string, with its quotes, or a number.</summary>
    Literal,

    /// <summary>One character of anything else.</summary>
    Symbol,
}

/// <summary>A token of a statement.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As <see cref="SqlTokenKind"/> says.</param>
/// <param name="Offset">Where it begins in the text, in UTF-16 units from 0.</param>
readonly record struct SqlToken(SqlTokenKind Kind, string Text, int Offset)
{
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    public bool Is(string wordOrSymbol) =>
        Kind is SqlTokenKind.Word or SqlTokenKind.Symbol && string.Equals(Text, wordOrSymbol, StringComparison.Ordinal);

    /// <summary>The tokens of a text; comments and white space are none.</summary>
    /// <param name="offset">Of the text in whatever it was cut from.</param>
    public static IReadOnlyList<SqlToken> Of(string text, int offset = 0)
    {
        var tokens = new List<SqlToken>();
        for (var at = 0; at < text.Length; )
        {
            var next = SqlText.Skip(text, at);
            var several = next - at > 1;
            if (char.IsWhiteSpace(text[at]) || (several && text[at] is '-' or '/'))
            {
                at = next;
                continue;
            }

            var kind = SqlTokenKind.Symbol;
            if (several)
            {
                kind = text[at] is '"' ? SqlTokenKind.QuotedName : SqlTokenKind.Literal;
            }
            else if (char.IsLetterOrDigit(text[at]) || text[at] is '_')
            {
                kind = char.IsAsciiDigit(text[at]) ? SqlTokenKind.Literal : SqlTokenKind.Word;
                next = EndOfWord(text, at, kind is SqlTokenKind.Literal);
            }

            tokens.Add(new(kind, Written(text[at..next], kind), offset + at));
            at = next;
        }

        return tokens;
    }

    static int EndOfWord(string text, int at, bool number)
    {
        while (
            at < text.Length
            && (char.IsLetterOrDigit(text[at]) || text[at] is '_' or '$' || (number && text[at] is '.'))
        )
            at++;
        return at;
    }

    static string Written(string text, SqlTokenKind kind) =>
        kind switch
        {
            SqlTokenKind.Word => text.ToLowerInvariant(),
            SqlTokenKind.QuotedName => text.Trim('"').Replace("\"\"", "\"", StringComparison.Ordinal),
            _ => text,
        };
}
