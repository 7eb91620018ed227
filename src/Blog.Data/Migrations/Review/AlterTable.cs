namespace Blog.Data.Migrations.Review;

/// <summary>Reads ALTER TABLE.</summary>
static class AlterTable
{
    /// <param name="reader">Behind the two words.</param>
    public static IEnumerable<SchemaChange> Changes(TokenReader reader)
    {
        reader.Pass("if", "exists", "only");
        if (reader.TakeName() is not { } table)
            yield break;
        yield return new ObjectNamed(table);
        foreach (var action in TokenReader.Split(reader.Rest))
        {
            foreach (var change in Action(table, new(action)))
                yield return change;
        }
    }

    static IEnumerable<SchemaChange> Action(SqlName table, TokenReader action)
    {
        var offset = action.Offset;
        if (action.Take("add"))
            return Add(table, action, offset);
        if (action.Take("alter"))
            return AlterColumn(table, action, offset) is { } change ? [change] : [];
        if (action.Take("validate", "constraint") && action.TakePart() is { } validated)
            return [new ConstraintValidated(table, validated, offset)];
        if (action.Take("drop"))
            return Drop(table, action, offset) is { } dropped ? [dropped] : [];
        if (action.Take("rename"))
            return Rename(table, action, offset) is { } renamed ? [renamed] : [];
        if (action.Take("set", "schema") && action.TakePart() is { } schema)
            return [new ObjectRenamed(table, null, $"{schema}.{table.Last}", offset)];
        return Rewrite(action) is { } what ? [new TableLocked(what, table with { Offset = offset })] : [];
    }

    static IEnumerable<SchemaChange> Add(SqlName table, TokenReader action, int offset)
    {
        if (TableElement.IsConstraint(action))
        {
            if (TableElement.ReadConstraint(action) is { } constraint)
                yield return new ConstraintAdded(table, constraint, offset);
            yield break;
        }

        action.Take("column");
        action.Take("if", "not", "exists");
        if (TableElement.ReadColumn(action) is not { } column)
            yield break;
        yield return new ColumnAdded(table, column, offset);
        foreach (var constraint in column.Constraints)
            yield return new ConstraintAdded(table, constraint, offset, Inline: true);
    }

    static SchemaChange? AlterColumn(SqlName table, TokenReader action, int offset)
    {
        action.Take("column");
        if (action.TakePart() is not { } column)
            return null;
        if (action.Take("type") || action.Take("set", "data", "type"))
            return new ColumnTypeChanged(table, column, offset);
        return action.Take("set", "not", "null") ? new ColumnMadeNotNull(table, column, offset) : null;
    }

    static SchemaChange? Drop(SqlName table, TokenReader action, int offset)
    {
        var isConstraint = action.Take("constraint");
        if (!isConstraint)
            action.Take("column");
        action.Take("if", "exists");
        if (action.TakePart() is not { } name)
            return null;
        return isConstraint
            ? new ConstraintDropped(table, name, offset)
            : new ObjectDropped("column", new($"{table.Text}.{name}", offset), table);
    }

    static ObjectRenamed? Rename(SqlName table, TokenReader action, int offset)
    {
        if (action.Take("constraint"))
            return null;
        action.Take("column");
        var from = action.Sees("to") ? null : action.TakePart();
        return action.Take("to") && action.TakePart() is { } to ? new(table, from, to, offset) : null;
    }

    static string? Rewrite(TokenReader action) =>
        action.Take("set", "tablespace") ? "set tablespace"
        : action.Take("set", "logged") ? "set logged"
        : action.Take("set", "unlogged") ? "set unlogged"
        : action.Take("set", "access", "method") ? "set access method"
        : null;
}
