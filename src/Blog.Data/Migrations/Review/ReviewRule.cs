namespace Blog.Data.Migrations.Review;

/// <summary>The names of the rules, as <c>-- lint: allow rule: reason</c> has them.</summary>
static class ReviewRule
{
    public const string Header = "header";
    public const string Comment = "comment";
    public const string ForeignKeyIndex = "foreign-key-index";
    public const string UnbatchedUpdate = "unbatched-update";
    public const string QualifiedName = "qualified-name";
    public const string NamedConstraint = "named-constraint";
    public const string VolatileDefault = "volatile-default";
    public const string ColumnType = "column-type";
    public const string IndexConcurrently = "index-concurrently";
    public const string ConstraintNotValid = "constraint-not-valid";
    public const string SetNotNull = "set-not-null";
    public const string Rename = "rename";
    public const string Drop = "drop";
    public const string TableLock = "table-lock";
    public const string Repeatable = "repeatable";

    /// <summary>Of an excuse that excuses nothing, has no reason, or names no rule; cannot be allowed itself.</summary>
    public const string Allowance = "allowance";

    /// <summary>Every rule that may be allowed.</summary>
    public static readonly IReadOnlyList<string> All =
    [
        Header,
        Comment,
        ForeignKeyIndex,
        UnbatchedUpdate,
        QualifiedName,
        NamedConstraint,
        VolatileDefault,
        ColumnType,
        IndexConcurrently,
        ConstraintNotValid,
        SetNotNull,
        Rename,
        Drop,
        TableLock,
        Repeatable,
    ];
}

/// <summary>A rule that a change breaks.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Offset">Where, in the script.</param>
/// <param name="Problem">What is wrong: who would be held up, and why.</param>
/// <param name="SafeForm">How it is written instead.</param>
sealed record Breach(string Rule, int Offset, string Problem, string SafeForm);
