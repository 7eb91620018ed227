using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Blog.Api.Admin.Pages;

/// <summary>SQL in colours: every character of the text once, in order, and nothing that is not in it.</summary>
static partial class SqlHighlight
{
    static readonly FrozenSet<string> keywords = (
        "all and any array as asc begin between both by case cascade commit conflict constraint cross current delete desc distinct do else end except "
        + "exists explain false fetch filter first following for from full group having in inner insert intersect interval into is isolation join key "
        + "last lateral left level like limit locked materialized no not nothing null nulls of offset on only or order ordinality outer over partition "
        + "preceding read recursive repeatable returning right row rows select set share skip some table then true unbounded union update using values when where "
        + "window with within"
    )
        .Split(' ')
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static Html Of(string sql) => $"<code>{Token().Matches(sql).Select(Write)}</code>";

    static Html Write(Match token)
    {
        if (ClassOf(token) is { } name)
        {
            return $"""<span class="{name}">{token.Value}</span>""";
        }

        return $"{token.Value}";
    }

    static string? ClassOf(Match token) =>
        token.Groups["comment"].Success ? "c"
        : token.Groups["string"].Success ? "s"
        : token.Groups["number"].Success ? "n"
        : token.Groups["placeholder"].Success ? "p"
        : token.Groups["word"].Success && keywords.Contains(token.Value) ? "k"
        : null;

    // What is not closed reaches to the end: a text of pg_stat_statements may be cut anywhere.
    [GeneratedRegex(
        """
            (?<comment>--[^\n]*|/\*(?:[^*]|\*(?!/))*(?:\*/|\*?$))
            |(?<string>'[^']*(?:'|$))
            |"[^"]*(?:"|$)
            |::
            |(?<placeholder>:[A-Za-z_]+|\$[0-9]+)
            |(?<word>[\p{L}_][\p{L}\p{N}_$]*)
            |(?<number>[0-9]+(?:\.[0-9]+)?)
            |[^-/'":$\p{L}\p{N}_]+
            |.
            """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Token();
}
