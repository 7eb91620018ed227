using System.Text.RegularExpressions;

namespace Blog.Data.Migrations.Review;

/// <summary>The excuses of a script: <c>-- lint: allow rule: reason</c> on the lines above a statement.</summary>
static partial class Excuses
{
    /// <summary>One line.</summary>
    /// <param name="Statement">The one it stands above, from 0; -1 where none follows.</param>
    internal sealed record Excuse(int Statement, int Offset, string Rule, string Reason);

    public static IReadOnlyList<Excuse> Of(MigrationScript script)
    {
        var excuses = new List<Excuse>();
        var end = 0;
        for (var i = 0; i <= script.Statements.Count; i++)
        {
            var isLast = i == script.Statements.Count;
            var start = isLast ? script.Text.Length : script.Statements[i].Offset;
            excuses.AddRange(
                Line()
                    .Matches(script.Text[end..start])
                    .Select(match => new Excuse(
                        isLast ? -1 : i,
                        end + match.Index,
                        match.Groups["rule"].Value,
                        match.Groups["reason"].Value
                    ))
            );
            if (!isLast)
                end = start + script.Statements[i].Text.Length;
        }

        return excuses;
    }

    /// <summary>Why the excuse is none; null where it is one.</summary>
    /// <param name="isNeeded">Whether something was found that it is about.</param>
    public static Breach? Refusal(Excuse excuse, bool isNeeded)
    {
        if (excuse.Rule.Length == 0)
        {
            return new(
                ReviewRule.Allowance,
                excuse.Offset,
                "The line allows nothing: it is not of the form of an allowance.",
                "-- lint: allow rule: why it is safe here."
            );
        }

        if (!ReviewRule.All.Contains(excuse.Rule, StringComparer.Ordinal))
        {
            return new(
                ReviewRule.Allowance,
                excuse.Offset,
                $"There is no rule \"{excuse.Rule}\".",
                $"One of: {string.Join(", ", ReviewRule.All)}."
            );
        }

        if (excuse.Reason.Length == 0)
        {
            return new(
                ReviewRule.Allowance,
                excuse.Offset,
                $"{excuse.Rule} is allowed without a reason: the next reader cannot tell whether it still holds.",
                $"-- lint: allow {excuse.Rule}: why it is safe here."
            );
        }

        return isNeeded
            ? null
            : new(
                ReviewRule.Allowance,
                excuse.Offset,
                $"{excuse.Rule} is allowed, and the statement below does not break it.",
                "Take the line away."
            );
    }

    [GeneratedRegex(
        @"^[ \t]*--[ \t]*lint:[ \t]*(allow[ \t]+(?<rule>[^:\n]*?)[ \t]*(:[ \t]*(?<reason>.*?))?|.*?)[ \t]*$",
        RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Line();
}
