using Blog.Data.Migrations.Dossiers;
using Blog.Data.Migrations.Released;

namespace Blog.Cli.Migrate;

/// <summary>What <c>migrate dossier --json</c> writes.</summary>
/// <param name="Postgres">The version that was measured on.</param>
/// <param name="Scripts">In order.</param>
sealed record DossierItems(string Postgres, IReadOnlyList<DossierItem> Scripts)
{
    public static DossierItems Of(IReadOnlyList<Dossier> dossiers) =>
        new(dossiers[0].Server, [.. dossiers.Select(DossierItem.Of)]);
}

/// <summary>One script.</summary>
/// <param name="Blocks">nothing, writes or reads_and_writes: the worst at any time.</param>
/// <param name="Claim">What its header says of locks; null where it says nothing.</param>
/// <param name="Held">The strongest lock on each relation when the script ends.</param>
/// <param name="Sizes">What was measured, at each size.</param>
sealed record DossierItem(
    string Script,
    string Blocks,
    string? Claim,
    IReadOnlyList<DossierLock> Held,
    IReadOnlyList<DossierSize> Sizes
)
{
    public static DossierItem Of(Dossier dossier) =>
        new(
            dossier.Script.Name,
            Word(dossier.Blocks),
            dossier.Claim,
            [
                .. dossier
                    .HeldDuring(dossier.Smallest.Statements.Count)
                    .Select(held => new DossierLock(
                        held.Kind,
                        held.Relation,
                        held.Mode,
                        Word(held.Blocks),
                        held.Since
                    )),
            ],
            [
                .. dossier.Measures.Select(measure => new DossierSize(
                    measure.Scale.Posts,
                    measure.Rows,
                    [.. measure.Statements.Select(DossierStatement.Of)],
                    measure.Plans,
                    measure.Broken
                )),
            ]
        );

    public static string Word(Blocking blocking) =>
        blocking switch
        {
            Blocking.ReadsAndWrites => "reads_and_writes",
            Blocking.Writes => "writes",
            _ => "nothing",
        };
}

/// <summary>A lock that is held until the script ends, with the statement that took it.</summary>
sealed record DossierLock(string Kind, string Relation, string Mode, string Blocks, int Statement);

/// <summary>What was measured at one size.</summary>
/// <param name="Posts">The size.</param>
/// <param name="Rows">Of each table, before the script.</param>
/// <param name="Statements">In order.</param>
/// <param name="Plans">What became of the plans of this build's statements.</param>
/// <param name="Broken">Statements of the last release that no longer work; null where the script came with it or before.</param>
sealed record DossierSize(
    int Posts,
    IReadOnlyList<TableRows> Rows,
    IReadOnlyList<DossierStatement> Statements,
    PlanShift Plans,
    IReadOnlyList<BrokenStatement>? Broken
);

/// <summary>One statement.</summary>
sealed record DossierStatement(
    int Number,
    int Line,
    string Text,
    IReadOnlyList<RelationModes> Locks,
    IReadOnlyList<string> Rewritten,
    IReadOnlyList<string> Made,
    IReadOnlyList<string> Dropped,
    IReadOnlyList<TableRows> Read,
    IReadOnlyList<TableRows> Written,
    long WalBytes,
    double DurationMs
)
{
    public static DossierStatement Of(StatementMeasure one) =>
        new(
            one.Number,
            one.Line,
            one.Text,
            [
                .. one.Locks.Select(taken => new RelationModes(
                    taken.Kind,
                    taken.Relation,
                    taken.Modes,
                    DossierItem.Word(taken.Blocks)
                )),
            ],
            one.Rewritten,
            one.Made,
            one.Dropped,
            one.Read,
            one.Written,
            one.WalBytes,
            Math.Round(one.Milliseconds, 1)
        );
}

/// <summary>The modes that a statement took on a relation, beyond those that were held already.</summary>
sealed record RelationModes(string Kind, string Relation, IReadOnlyList<string> Modes, string Blocks);
