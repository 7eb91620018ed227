using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>A line of the table of statements: one of them, or several that go together because they do nothing to a table that was there.</summary>
/// <param name="Statements">At least one, in order.</param>
/// <param name="Blocks">What others cannot do meanwhile.</param>
sealed partial record StatementRow(IReadOnlyList<StatementMeasure> Statements, Blocking Blocks)
{
    const int Width = 64;

    internal static IReadOnlyList<StatementRow> Of(Dossier dossier)
    {
        var rows = new List<StatementRow>();
        foreach (var statement in dossier.Smallest.Statements)
        {
            var blocks = dossier.BlocksDuring(statement.Number);
            if (rows is [.., var last] && last.Blocks == blocks && IsQuiet(last.Statements[^1]) && IsQuiet(statement))
            {
                rows[^1] = last with { Statements = [.. last.Statements, statement] };
            }
            else
            {
                rows.Add(new([statement], blocks));
            }
        }

        return rows;
    }

    /// <summary>Which statements: <c>3</c> or <c>3 to 7</c>.</summary>
    internal string Numbers =>
        Statements.Count == 1
            ? Statements[0].Number.ToString(CultureInfo.InvariantCulture)
            : string.Create(CultureInfo.InvariantCulture, $"{Statements[0].Number} to {Statements[^1].Number}");

    /// <inheritdoc/>
    public override string ToString()
    {
        var first = Statements[0];
        var more =
            Statements.Count == 1
                ? ""
                : string.Create(CultureInfo.InvariantCulture, $" and {Statements.Count - 1} more");
        var locks = string.Join("<br>", first.Notable.Select(one => $"{Name(one)}: {one.Mode}"));
        return $"| {Numbers} | `{Short(first.Text)}`{more} | {Or(locks, "none")} | {DossierText.Blocks(Blocks)} | {Files(first)} | {Touched(first)} |";
    }

    static bool IsQuiet(StatementMeasure statement) =>
        !statement.Notable.Any()
        && statement is { Rewritten.Count: 0, Made.Count: 0, Dropped.Count: 0, Read.Count: 0, Written.Count: 0 };

    static string Name(RelationLock one) => one.Kind == "table" ? one.Relation : $"{one.Kind} {one.Relation}";

    static string Files(StatementMeasure statement) =>
        Cell([
            ("writes anew", string.Join(", ", Tables(statement.Rewritten))),
            ("makes", string.Join(", ", Tables(statement.Made))),
            ("drops", string.Join(", ", Tables(statement.Dropped))),
        ]);

    static string Touched(StatementMeasure statement) =>
        Cell([("reads", DossierText.Rows(statement.Read)), ("writes", DossierText.Rows(statement.Written))]);

    static string Cell((string Verb, string What)[] lines) =>
        string.Join("<br>", lines.Where(line => line.What.Length > 0).Select(line => $"{line.Verb} {line.What}"));

    /// <summary>Where tables are among them, their indexes and sequences go without saying.</summary>
    static IReadOnlyList<string> Tables(IReadOnlyList<string> relations)
    {
        var tables = relations.Where(one => one.StartsWith("table ", StringComparison.Ordinal)).ToArray();
        return tables.Length > 0 ? tables : relations;
    }

    static string Or(string text, string otherwise) => text.Length > 0 ? text : otherwise;

    static string Short(string text)
    {
        var line = Spaces().Replace(text, " ").Replace("|", "\\|", StringComparison.Ordinal);
        return line.Length <= Width
            ? line
            : line[..(line.LastIndexOf(' ', Width - 4) is > 0 and var at ? at : Width - 4)] + " ...";
    }

    [GeneratedRegex(@"\s+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Spaces();
}
