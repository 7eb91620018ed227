namespace Blog.Data.Migrations;

/// <summary>One statement of a script.</summary>
/// <param name="Text">From its first word up to, not including, the semicolon.</param>
/// <param name="Offset">Where it starts in the script, in UTF-16 units from 0.</param>
/// <param name="Line">Where it starts in the script, in lines from 1.</param>
public sealed record SqlStatement(string Text, int Offset, int Line);

/// <summary>Finds the statements of a script as the server's own lexer would.</summary>
static class SqlText
{
    /// <summary>
    /// Splits at semicolons outside quotes, dollar quotes, comments and parentheses. A <c>begin atomic</c> body is
    /// split as well, by the driver and by DbUp too: such a body is written as a quoted string.
    /// </summary>
    internal static IReadOnlyList<SqlStatement> Split(string text)
    {
        var statements = new List<SqlStatement>();
        int start = -1,
            depth = 0;
        for (var at = 0; at < text.Length; )
        {
            var next = Skip(text, at);
            var comment = next > at && text[at] is '-' or '/' && next - at > 1;
            if (text[at] is '(')
                depth++;
            else if (text[at] is ')')
                depth--;
            else if (text[at] is ';' && depth <= 0)
                Close(at);
            if (start < 0 && !comment && text[at] is not ';' && !char.IsWhiteSpace(text[at]))
                start = at;
            at = next;
        }

        Close(text.Length);
        return statements;

        void Close(int end)
        {
            if (start >= 0)
                statements.Add(new(text[start..end].TrimEnd(), start, 1 + text.AsSpan(0, start).Count('\n')));
            (start, depth) = (-1, 0);
        }
    }

    /// <summary>The end of the comment, literal, quoted name or single character that begins at <paramref name="at"/>.</summary>
    internal static int Skip(string text, int at) =>
        text[at] switch
        {
            '-' when Next(text, at) is '-' => End(text, at, "\n"),
            '/' when Next(text, at) is '*' => BlockComment(text, at),
            '\'' => Quoted(text, at + 1, '\'', escapes: false),
            '"' => Quoted(text, at + 1, '"', escapes: false),
            'e' or 'E' when Next(text, at) is '\'' && !InName(text, at) => Quoted(text, at + 2, '\'', escapes: true),
            '$' when !InName(text, at) => DollarQuoted(text, at),
            _ => at + 1,
        };

    static int BlockComment(string text, int at)
    {
        for (var level = 0; at < text.Length; )
        {
            var two = text.AsSpan(at, Math.Min(2, text.Length - at));
            level +=
                two is "/*" ? 1
                : two is "*/" ? -1
                : 0;
            at += two is "/*" or "*/" ? 2 : 1;
            if (level == 0)
                break;
        }

        return at;
    }

    static int Quoted(string text, int at, char quote, bool escapes)
    {
        for (; at < text.Length; at++)
        {
            if (escapes && text[at] is '\\')
                at++;
            else if (text[at] == quote && Next(text, at) == quote)
                at++;
            else if (text[at] == quote)
                return at + 1;
        }

        return text.Length;
    }

    static int DollarQuoted(string text, int at)
    {
        var close = at + 1;
        while (close < text.Length && (char.IsLetterOrDigit(text[close]) || text[close] is '_'))
            close++;
        if (close >= text.Length || text[close] is not '$' || char.IsAsciiDigit(text[at + 1]))
            return at + 1;
        var end = text.IndexOf(text[at..(close + 1)], close + 1, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + (close + 1 - at);
    }

    static int End(string text, int at, string mark)
    {
        var end = text.IndexOf(mark, at, StringComparison.Ordinal);
        return end < 0 ? text.Length : end + mark.Length;
    }

    static char Next(string text, int at) => at + 1 < text.Length ? text[at + 1] : '\0';

    static bool InName(string text, int at) =>
        at > 0 && (char.IsLetterOrDigit(text[at - 1]) || text[at - 1] is '_' or '$');
}
