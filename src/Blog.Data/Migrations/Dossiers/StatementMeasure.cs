namespace Blog.Data.Migrations.Dossiers;

/// <summary>What one statement of a script did on the copy.</summary>
/// <param name="Number">Its place in the script, from 1.</param>
/// <param name="Line">Where it starts in the script, from 1.</param>
/// <param name="Text">The statement.</param>
/// <param name="Locks">That it took, on what was there before the script, beyond those that earlier statements hold.</param>
/// <param name="Rewritten">Tables and indexes that it wrote anew as a whole: those that were there before it.</param>
/// <param name="Made">Tables, indexes, sequences and views that it made.</param>
/// <param name="Dropped">Those that it dropped.</param>
/// <param name="Read">Rows that it read of each table that was there before the script; tables of which it read none are left out.</param>
/// <param name="Written">Rows of such tables that it inserted, updated or deleted.</param>
/// <param name="WalBytes">How far the write-ahead log moved.</param>
/// <param name="Milliseconds">How long it took, without any waiting for others.</param>
public sealed record StatementMeasure(
    int Number,
    int Line,
    string Text,
    IReadOnlyList<RelationLock> Locks,
    IReadOnlyList<string> Rewritten,
    IReadOnlyList<string> Made,
    IReadOnlyList<string> Dropped,
    IReadOnlyList<TableRows> Read,
    IReadOnlyList<TableRows> Written,
    long WalBytes,
    double Milliseconds
)
{
    /// <summary>
    /// Those of <see cref="Locks"/> that a page lists: without AccessShareLock, which every read takes, and those of indexes and sequences
    /// whose table is locked so that as much is blocked.
    /// </summary>
    /// <remarks>From PostgreSQL 18 on a grant takes AccessShareLock; until 17 it takes no lock on the table.</remarks>
    public IEnumerable<RelationLock> Notable =>
        Locks.Where(one =>
            one.Mode != LockMode.OfReading
            && (
                one.Relation == one.Table
                || !Locks.Any(table => table.Relation == one.Table && table.Blocks >= one.Blocks)
            )
        );
}

/// <summary>Locks of one statement on one relation.</summary>
/// <param name="Kind">table, index, sequence or view.</param>
/// <param name="Relation">With its schema: <c>blog.post</c>.</param>
/// <param name="Mode">The strongest, as pg_locks calls it.</param>
/// <param name="Modes">All of them.</param>
/// <param name="Table">The table that an index or a sequence belongs to; else the relation itself.</param>
public sealed record RelationLock(string Kind, string Relation, string Mode, IReadOnlyList<string> Modes, string Table)
{
    /// <summary>What it keeps others from.</summary>
    public Blocking Blocks => LockMode.Of(Mode);
}

/// <summary>A number of rows of a table.</summary>
/// <param name="Table">With its schema.</param>
/// <param name="Rows">How many.</param>
public sealed record TableRows(string Table, long Rows);
