namespace Blog.Data.Migrations.Schema;

/// <summary>A table of the schema blog as the catalogue has it. Names are quoted where SQL wants it, and without the schema.</summary>
/// <param name="Name">Without the schema.</param>
/// <param name="Create">The words before the name: <c>create table</c>.</param>
/// <param name="Options">What follows the columns, with a space in front; empty where there is nothing.</param>
/// <param name="Owner">The role.</param>
/// <param name="Comment">Null where there is none.</param>
/// <param name="Extras">Statements for what <c>create table</c> cannot say.</param>
/// <param name="Columns">In their order.</param>
/// <param name="Constraints">Keys first, then checks, by name; NOT NULL is said by the column.</param>
sealed record TableModel(
    string Name,
    string Create,
    string Options,
    string Owner,
    string? Comment,
    IReadOnlyList<string> Extras,
    IReadOnlyList<ColumnModel> Columns,
    IReadOnlyList<ConstraintModel> Constraints
);

/// <summary>A column.</summary>
/// <param name="Table">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Type">With its length and, where it is not the type's own, its collation.</param>
/// <param name="NotNull">False where it may be null.</param>
/// <param name="Filled">Identity, default or expression as the definition says it; empty where there is none.</param>
/// <param name="Comment">Null where there is none.</param>
/// <param name="Extras">Statements for what <c>create table</c> cannot say.</param>
sealed record ColumnModel(
    string Table,
    string Name,
    string Type,
    bool NotNull,
    string Filled,
    string? Comment,
    IReadOnlyList<string> Extras
)
{
    internal string Definition =>
        $"{Name} {Type}{(NotNull && !IsIdentity ? " not null" : "")}{(Filled.Length > 0 ? " " + Filled : "")}";

    /// <summary>An identity is never null, and need not say so.</summary>
    bool IsIdentity =>
        Filled.EndsWith("as identity", StringComparison.Ordinal)
        || Filled.Contains("as identity (", StringComparison.Ordinal);
}

/// <summary>A constraint.</summary>
/// <param name="Table">Whose it is.</param>
/// <param name="Name">Its name.</param>
/// <param name="Kind">p, u, x, f or c, as in pg_constraint.</param>
/// <param name="Definition">Without its name.</param>
/// <param name="Valid">False where rows that were there before have not been checked.</param>
/// <param name="Columns">On which; empty where it is on none.</param>
/// <param name="References">The table that a foreign key points to, with its schema; null where it is none.</param>
/// <param name="Comment">Null where there is none.</param>
sealed record ConstraintModel(
    string Table,
    string Name,
    char Kind,
    string Definition,
    bool Valid,
    IReadOnlyList<string> Columns,
    string? References,
    string? Comment
);

/// <summary>An index that is not made by a constraint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Table">What it is on, without the schema.</param>
/// <param name="Definition">The statement that makes it.</param>
/// <param name="Valid">False where CREATE INDEX CONCURRENTLY did not end: it costs every write and serves no read.</param>
/// <param name="Comment">Null where there is none.</param>
sealed record IndexModel(string Name, string Table, string Definition, bool Valid, string? Comment);
