using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.Data.Catalogue;

/// <summary>How long the server may work on each statement of a file, where that is less than its role gives it: a line of <c>sql/time-limits.sql</c>.</summary>
/// <param name="Time">At least as long as whoever asks will wait: before it, the service has ended the statement.</param>
/// <param name="Text">What is sent.</param>
sealed partial record TimeLimit(TimeSpan Time, string Text)
{
    const string Begin = "begin";
    const string StatementEnd = ";\n";

    /// <summary>What migration 0001 gives every statement of blog_app.</summary>
    static readonly TimeSpan ofTheRole = TimeSpan.FromSeconds(5);

    static readonly TimeLimit[] limits = [.. Line().Matches(QueryCatalogue.Read("time-limits")).Select(Of)];

    /// <summary>Null where the role's own is no longer.</summary>
    public static TimeLimit? For(TimeSpan? rest) =>
        rest is { } left && left < ofTheRole ? limits.FirstOrDefault(limit => limit.Time >= left) : null;

    /// <summary>The limit is one of a transaction: that of the caller, that of the file, or else one around the file.</summary>
    public string PutInto(string text, bool isInTransaction)
    {
        if (isInTransaction)
        {
            return $"{Text}\n\n{text}";
        }

        if (!text.StartsWith(Begin, StringComparison.Ordinal))
        {
            return $"{Begin};\n{Text}\n\n{text}\n\ncommit;";
        }

        var first = text.IndexOf(StatementEnd, StringComparison.Ordinal) + StatementEnd.Length;
        return $"{text[..first]}{Text}\n{text[first..]}";
    }

    static TimeLimit Of(Match line) =>
        new(
            TimeSpan.FromMilliseconds(int.Parse(line.Groups["time"].ValueSpan, CultureInfo.InvariantCulture)),
            line.Value
        );

    [GeneratedRegex(
        "^set local statement_timeout = '(?<time>[0-9]+)ms';$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Line();
}
