using System.Globalization;
using System.Text;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>A dossier as the page that is committed beside the script, in Markdown, lines ended by a line feed.</summary>
public static class DossierPage
{
    /// <summary>Begins the part of a page that varies from run to run.</summary>
    public const string Varying = "\n## Measured\n";

    /// <summary>The whole page.</summary>
    public static string Of(Dossier dossier)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        return Lasting(dossier) + Varying + DossierNumbers.Of(dossier);
    }

    /// <summary>What is the same on every machine and version, and follows from the smallest size alone: up to <see cref="Varying"/>.</summary>
    public static string Lasting(Dossier dossier)
    {
        ArgumentNullException.ThrowIfNull(dossier);
        var page = new StringBuilder();
        Line($"# {dossier.Script.Name}");
        Line("");
        Line(Verdict(dossier));
        Line("");
        Line(
            dossier.Claim is { } claim ? $"Its header says of locks: \"{claim}\"" : "Its header says nothing of locks."
        );
        Line("");
        Line("| | statement | locks it takes | blocks meanwhile | files | rows |");
        Line("|---|---|---|---|---|---|");
        foreach (var row in StatementRow.Of(dossier))
        {
            Line(row.ToString());
        }

        Line("");
        Line(Unlisted(dossier));
        Line(Setting(dossier));
        Line("");
        Line("## What it means");
        Line("");
        foreach (var sentence in DossierMeaning.Of(dossier))
        {
            Line($"- {sentence}");
        }

        return page.ToString();

        void Line(string line) => page.Append(line).Append('\n');
    }

    static string Verdict(Dossier dossier)
    {
        var worst = dossier.Barriers.Where(held => held.Blocks == dossier.Blocks).Select(held => held.Name);
        return dossier.Blocks switch
        {
            Blocking.ReadsAndWrites => $"**Blocks reads and writes** of {string.Join(", ", worst)}.",
            Blocking.Writes => $"**Blocks writes** to {string.Join(", ", worst)}; reads go on.",
            _ => "**Blocks nothing.**",
        };
    }

    static string Unlisted(Dossier dossier) =>
        "Not listed are locks on what the script makes itself, and AccessShareLock, which every read takes"
        + (
            dossier.Script.Statements.Any(one => one.Text.StartsWith("grant ", StringComparison.OrdinalIgnoreCase))
                ? " (as every grant does from PostgreSQL 18 on)."
                : "."
        );

    static string Setting(Dossier dossier)
    {
        var filled = dossier.Smallest.Rows.Where(one => one.Rows > 0).ToArray();
        var empty = dossier.Smallest.Rows.Where(one => one.Rows == 0).Select(one => one.Table).ToArray();
        return (filled.Length, empty.Length) switch
        {
            (0, _) =>
                $"There were no rows when it began, as there are none where it runs for the first time ({string.Join(", ", empty)}): what rows would cost does not show.",
            _ => string.Create(
                CultureInfo.InvariantCulture,
                $"Rows when it began, with {dossier.Smallest.Scale.Posts:#,0} posts: {DossierText.Rows(filled)}."
            ) + (empty.Length == 0 ? "" : $" Empty: {string.Join(", ", empty)}."),
        };
    }
}
