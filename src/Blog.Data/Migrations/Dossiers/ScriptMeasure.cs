using System.Text.RegularExpressions;
using Blog.Data.Migrations.Released;
using Blog.Data.Plans;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>What one script did on a copy of one size.</summary>
/// <param name="Scale">The size.</param>
/// <param name="Rows">How many rows each table had before it; those that were empty among them.</param>
/// <param name="Statements">In order.</param>
/// <param name="Plans">What became of the plans of this build's statements.</param>
/// <param name="Broken">Statements of the last release that no longer work; null where the script came with that release or before it.</param>
public sealed record ScriptMeasure(
    PlanScale Scale,
    IReadOnlyList<TableRows> Rows,
    IReadOnlyList<StatementMeasure> Statements,
    PlanShift Plans,
    IReadOnlyList<BrokenStatement>? Broken
);

/// <summary>What a DBA wants to know of a script before it runs: measured, at every size from the smallest.</summary>
/// <param name="Script">The script.</param>
/// <param name="Server">The version that it was measured on: <c>15.13</c>.</param>
/// <param name="Measures">One a size.</param>
public sealed partial record Dossier(MigrationScript Script, string Server, IReadOnlyList<ScriptMeasure> Measures)
{
    /// <summary>At the smallest size: what does not depend on the size is read from it.</summary>
    public ScriptMeasure Smallest => Measures[0];

    /// <summary>The worst that it does to others at any time.</summary>
    public Blocking Blocks => Smallest.Statements.Max(statement => BlocksDuring(statement.Number));

    /// <summary>The line "locks:" of its header; null where it has none.</summary>
    public string? Claim =>
        Locks().Match(Script.Text[..Script.Statements[0].Offset]) is { Success: true } said
            ? Continued().Replace(said.Groups["claim"].Value, " ").Trim()
            : null;

    /// <summary>What others cannot do while a statement runs: locks are held until the script ends.</summary>
    /// <param name="number">Of the statement.</param>
    public Blocking BlocksDuring(int number) =>
        HeldDuring(number).Select(held => held.Blocks).DefaultIfEmpty(Blocking.Nothing).Max();

    /// <summary>The locks that keep anybody from anything when the script ends; those of indexes and sequences only where their table has no such lock.</summary>
    public IReadOnlyList<HeldLock> Barriers
    {
        get
        {
            var blocking = HeldDuring(Smallest.Statements.Count)
                .Where(held => held.Blocks != Blocking.Nothing)
                .OrderByDescending(held => held.Blocks)
                .ThenBy(held => held.Since)
                .ThenBy(held => held.Relation, StringComparer.Ordinal)
                .ToArray();
            return
            [
                .. blocking.Where(held =>
                    held.Relation == held.Table
                    || !blocking.Any(table => table.Relation == held.Table && table.Blocks >= held.Blocks)
                ),
            ];
        }
    }

    /// <summary>The strongest lock on each relation while a statement runs, with the statement that took it first.</summary>
    public IReadOnlyList<HeldLock> HeldDuring(int number) =>
        [
            .. Smallest
                .Statements.Take(number)
                .SelectMany(statement => statement.Locks.Select(taken => (statement.Number, Taken: taken)))
                .GroupBy(one => one.Taken.Relation, StringComparer.Ordinal)
                .Select(locks =>
                {
                    var strongest = LockMode.Strongest(locks.Select(one => one.Taken.Mode));
                    var first = locks.First(one => one.Taken.Mode == strongest);
                    return new HeldLock(first.Taken.Kind, locks.Key, strongest, first.Number, first.Taken.Table);
                }),
        ];

    [GeneratedRegex(
        "^-- locks: +(?<claim>.*(\n-- {3,}.*)*)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Locks();

    [GeneratedRegex("\n-- +", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Continued();
}

/// <summary>A lock that is held.</summary>
/// <param name="Kind">table, index, sequence or view.</param>
/// <param name="Relation">With its schema.</param>
/// <param name="Mode">As pg_locks calls it.</param>
/// <param name="Since">The number of the statement that took it.</param>
/// <param name="Table">The table that an index or a sequence belongs to; else the relation itself.</param>
public sealed record HeldLock(string Kind, string Relation, string Mode, int Since, string Table)
{
    /// <summary>In words: <c>blog.post</c>, <c>index blog.post_pkey</c>.</summary>
    public string Name => Kind == "table" ? Relation : $"{Kind} {Relation}";

    /// <summary>What it keeps others from.</summary>
    public Blocking Blocks => LockMode.Of(Mode);
}
