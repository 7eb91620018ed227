namespace Blog.Data.Migrations.Review;

/// <summary>Reads the columns and constraints of CREATE TABLE and ALTER TABLE.</summary>
static class TableElement
{
    static readonly string[] constraintWords =
    [
        "constraint",
        "primary",
        "unique",
        "check",
        "not",
        "foreign",
        "exclude",
    ];

    public static bool IsConstraint(TokenReader reader) => reader.SeesAny(constraintWords);

    public static ConstraintText? ReadConstraint(TokenReader reader)
    {
        var name = reader.Take("constraint") ? reader.TakePart() : null;
        if (reader.Take("primary", "key"))
            return Keyed(reader, name, ConstraintKind.PrimaryKey);
        if (reader.Take("unique"))
            return Keyed(reader, name, ConstraintKind.Unique);
        if (reader.Take("exclude"))
            return new(name, ConstraintKind.Exclude, []);
        if (reader.Take("check"))
            return Check(reader, name);
        // From PostgreSQL 18 on a constraint like any other.
        if (reader.Take("not", "null"))
            return new(name, ConstraintKind.Check, [], NotNullColumn: reader.TakePart(), NotValid: IsNotValid(reader));
        return reader.Take("foreign", "key") ? ForeignKey(reader, name, Names(reader.TakeParentheses())) : null;
    }

    /// <summary>A column from its name on.</summary>
    public static ColumnText? ReadColumn(TokenReader reader)
    {
        if (reader.TakePart() is not { } column)
            return null;
        var notNull = false;
        string? drawn = reader.SeesAny("serial", "bigserial", "smallserial", "serial4", "serial8") ? "serial" : null;
        string? name = null;
        IReadOnlyList<SqlToken> defaults = [];
        var constraints = new List<ConstraintText>();
        while (!reader.AtEnd)
        {
            if (reader.Take("constraint"))
                name = reader.TakePart();
            else if (reader.Take("not", "null"))
                (notNull, name) = (true, null);
            else if (reader.Take("default"))
                defaults = Expression(reader);
            else if (reader.Take("generated"))
                drawn = Generated(reader) ?? drawn;
            else if (InlineConstraint(reader, column, name) is { } constraint)
                (constraints, name) = ([.. constraints, constraint], null);
            else if (reader.TakeParentheses().Count == 0 && !reader.AtEnd)
                reader.Next();
        }

        return new(column, notNull, defaults, drawn, constraints);
    }

    /// <summary>The names that a list in parentheses begins with, up to the first expression.</summary>
    public static IReadOnlyList<string> Names(IReadOnlyList<SqlToken> list) =>
        [
            .. TokenReader
                .Split(list)
                .TakeWhile(item => item[0].IsName && !(item.Count > 1 && (item[1].Is("(") || item[1].Is("."))))
                .Select(item => item[0].Text),
        ];

    static ConstraintText? InlineConstraint(TokenReader reader, string column, string? name)
    {
        if (reader.Take("primary", "key"))
            return new(name, ConstraintKind.PrimaryKey, [column]);
        if (reader.Take("unique"))
            return new(name, ConstraintKind.Unique, [column]);
        if (reader.Take("check"))
            return Check(reader, name);
        return reader.Sees("references") ? ForeignKey(reader, name, [column]) : null;
    }

    static ConstraintText Keyed(TokenReader reader, string? name, ConstraintKind kind)
    {
        reader.Pass("nulls", "not", "distinct");
        return reader.Take("using", "index")
            ? new(name, kind, [], UsingIndex: true)
            : new(name, kind, Names(reader.TakeParentheses()));
    }

    static ConstraintText Check(TokenReader reader, string? name)
    {
        var condition = reader.TakeParentheses();
        var column =
            condition.Count == 4 && condition[1].Is("is") && condition[2].Is("not") && condition[3].Is("null")
                ? condition[0].Text
                : null;
        return new(name, ConstraintKind.Check, [], NotNullColumn: column, NotValid: IsNotValid(reader));
    }

    static ConstraintText ForeignKey(TokenReader reader, string? name, IReadOnlyList<string> columns)
    {
        reader.Take("references");
        var references = reader.TakeName();
        return new(name, ConstraintKind.ForeignKey, columns, references, NotValid: IsNotValid(reader));
    }

    static bool IsNotValid(TokenReader reader) =>
        reader.Rest.Zip(reader.Rest.Skip(1)).Any(two => two.First.Is("not") && two.Second.Is("valid"));

    static string? Generated(TokenReader reader)
    {
        reader.Pass("always", "by", "default", "as");
        if (reader.Take("identity"))
            return "identity";
        reader.TakeParentheses();
        return reader.Take("stored") ? "stored" : null;
    }

    static List<SqlToken> Expression(TokenReader reader)
    {
        var expression = new List<SqlToken>();
        var depth = 0;
        while (!reader.AtEnd && !(depth == 0 && IsOver(reader)))
        {
            var token = reader.Next();
            depth += TokenReader.Step(token);
            expression.Add(token);
        }

        return expression;
    }

    static bool IsOver(TokenReader reader) =>
        reader.SeesAny("constraint", "primary", "unique", "check", "references", "generated")
        || reader.Sees("not", "null");
}
