using Blog.Data.Catalogue;

namespace Blog.Data.Plans;

/// <summary>How a query may be executed: a file of <c>sql/plans</c>.</summary>
/// <param name="Query">Whose plans.</param>
/// <param name="Remarks">The comment lines at its top, without the first two.</param>
/// <param name="Given">Arguments of every case that does not say them otherwise; the lines as they stand.</param>
/// <param name="Reads">Indexes that a statement must read, whatever its arguments.</param>
/// <param name="Exceptions">What is allowed to a statement that nothing else may do.</param>
/// <param name="Cases">In the order of the file.</param>
public sealed record PlanContract(
    Query Query,
    IReadOnlyList<string> Remarks,
    PlanLines Given,
    IReadOnlyList<PlanRead> Reads,
    IReadOnlyList<PlanException> Exceptions,
    IReadOnlyList<PlanCase> Cases
)
{
    /// <summary>Whether an exception is written for a statement.</summary>
    /// <param name="statement">Its number in the file, from 1.</param>
    /// <param name="property">Which.</param>
    /// <param name="table">Whole reads only: of which table.</param>
    public bool Allows(int statement, PlanProperty property, string? table = null) =>
        Exceptions.Any(one => one.Statement == statement && one.Property == property && one.Table == table);

    /// <summary>The largest bound that any case has at a scale: what any other arguments are held against. Null where none was approved.</summary>
    public long? Largest(int statement, PlanBound property, PlanScale scale) =>
        Cases.Max(one => one.Bounds.Of(statement, property, scale));

    /// <inheritdoc />
    public override string ToString() => Query.Id;
}

/// <summary>Arguments, and the lines in which the file writes them.</summary>
/// <param name="Lines">Without their first eight columns.</param>
/// <param name="Arguments">What they say.</param>
public sealed record PlanLines(IReadOnlyList<string> Lines, PlanArguments Arguments);

/// <summary>An index that a statement must read in every case.</summary>
/// <param name="Statement">Its number in the file, from 1.</param>
/// <param name="Index">Its name.</param>
public sealed record PlanRead(int Statement, string Index);

/// <summary>What a statement may do although no statement may, and why.</summary>
/// <param name="Statement">Its number in the file, from 1.</param>
/// <param name="Property">Which property it may break.</param>
/// <param name="Table">Which table it may read whole; null with the others.</param>
/// <param name="Reason">A sentence; the lines as they stand.</param>
public sealed record PlanException(int Statement, PlanProperty Property, string? Table, IReadOnlyList<string> Reason);

/// <summary>Arguments that a query is measured with, and what that may cost.</summary>
/// <param name="Name">In words.</param>
/// <param name="First">Files that go before it in its transaction.</param>
/// <param name="With">Its own arguments; the lines as they stand.</param>
/// <param name="Bounds">Approved.</param>
public sealed record PlanCase(string Name, IReadOnlyList<PlanStep> First, PlanLines With, PlanBounds Bounds);

/// <summary>A file that goes before another one in a transaction.</summary>
/// <param name="Query">Of the catalogue.</param>
/// <param name="With">Its arguments; the lines as they stand.</param>
public sealed record PlanStep(Query Query, PlanLines With);

/// <summary>What must be true of a plan.</summary>
public enum PlanProperty
{
    /// <summary>It touches no more blocks than its bound says.</summary>
    Buffers,

    /// <summary>No sort is given more rows than its bound says.</summary>
    Sorted,

    /// <summary>No more rows are read and thrown away, for each row found, than its bound says.</summary>
    Removed,

    /// <summary>No table that grows is read whole: by a sequential scan, or by an index without a condition.</summary>
    Whole,

    /// <summary>An index is read that must be.</summary>
    Reads,

    /// <summary>The plan for any arguments and the plan for these touch blocks of one order of magnitude.</summary>
    Modes,

    /// <summary>Twenty times the posts do not cost more than three times the blocks.</summary>
    Growth,

    /// <summary>It comes to an end.</summary>
    Ends,
}
