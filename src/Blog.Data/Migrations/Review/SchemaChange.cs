namespace Blog.Data.Migrations.Review;

/// <summary>What a statement does to the schema or to rows, as far as a rule asks for it.</summary>
/// <param name="Offset">Where it stands in the script.</param>
abstract record SchemaChange(int Offset);

/// <summary>A table, which is empty. Its constraints follow as changes of their own.</summary>
sealed record TableCreated(SqlName Table, IReadOnlyList<string> Columns, bool Temporary) : SchemaChange(Table.Offset);

sealed record ColumnAdded(SqlName Table, ColumnText Column, int Offset) : SchemaChange(Offset);

/// <param name="Inline">With the column that an ALTER TABLE adds.</param>
sealed record ConstraintAdded(SqlName Table, ConstraintText Constraint, int Offset, bool Inline = false)
    : SchemaChange(Offset);

sealed record ConstraintValidated(SqlName Table, string Constraint, int Offset) : SchemaChange(Offset);

sealed record ConstraintDropped(SqlName Table, string Constraint, int Offset) : SchemaChange(Offset);

sealed record ColumnMadeNotNull(SqlName Table, string Column, int Offset) : SchemaChange(Offset);

sealed record ColumnTypeChanged(SqlName Table, string Column, int Offset) : SchemaChange(Offset);

/// <param name="Columns">Up to the first expression.</param>
/// <param name="Partial">With a where: it serves no cascade.</param>
sealed record IndexCreated(
    string? Name,
    SqlName Table,
    IReadOnlyList<string> Columns,
    bool Partial,
    bool Concurrently,
    int Offset
) : SchemaChange(Offset);

sealed record IndexDropped(SqlName Index, bool Concurrently, bool IfExists) : SchemaChange(Index.Offset);

/// <param name="What">table, column, function, view...</param>
/// <param name="Table">Of the column; null where it is no column.</param>
sealed record ObjectDropped(string What, SqlName Name, SqlName? Table = null) : SchemaChange(Name.Offset);

/// <param name="From">The column, or null for the table itself.</param>
sealed record ObjectRenamed(SqlName Table, string? From, string To, int Offset) : SchemaChange(Offset);

/// <summary>An object that is made, altered, dropped or written to, by a name that may lack its schema.</summary>
sealed record ObjectNamed(SqlName Name) : SchemaChange(Name.Offset);

/// <param name="What">The words of the statement: truncate, vacuum full...</param>
sealed record TableLocked(string What, SqlName Table) : SchemaChange(Table.Offset);

/// <summary>The script waits for locks as long as it says itself.</summary>
sealed record LockTimeoutSet(int Offset) : SchemaChange(Offset);

sealed record Commented(SqlName Name, int Offset) : SchemaChange(Offset);

/// <param name="Verb">update, delete or merge.</param>
/// <param name="Filtered">It has a where.</param>
/// <param name="Key">The column whose values the where begins with as literals; null where it does not.</param>
/// <param name="InBatches">In the loop of a block that commits.</param>
sealed record RowsChanged(string Verb, SqlName Table, bool Filtered, string? Key, bool InBatches)
    : SchemaChange(Table.Offset);

/// <summary>A column as CREATE TABLE and ADD COLUMN have it.</summary>
/// <param name="Default">The tokens of its default; empty without one.</param>
/// <param name="Drawn">identity, serial or stored: each row gets a value of its own.</param>
sealed record ColumnText(
    string Name,
    bool NotNull,
    IReadOnlyList<SqlToken> Default,
    string? Drawn,
    IReadOnlyList<ConstraintText> Constraints
);

enum ConstraintKind
{
    PrimaryKey,
    Unique,
    Check,
    ForeignKey,
    Exclude,
}

/// <param name="NotNullColumn">The column of a check that says "column is not null" and no more; null otherwise.</param>
/// <param name="References">The table of a foreign key.</param>
sealed record ConstraintText(
    string? Name,
    ConstraintKind Kind,
    IReadOnlyList<string> Columns,
    SqlName? References = null,
    string? NotNullColumn = null,
    bool NotValid = false,
    bool UsingIndex = false
);
