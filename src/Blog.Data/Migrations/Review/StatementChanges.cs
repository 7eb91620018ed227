namespace Blog.Data.Migrations.Review;

/// <summary>Reads what a statement changes. What is not known changes nothing: the lint finds what it knows.</summary>
static class StatementChanges
{
    static readonly string[] kinds =
    [
        "table",
        "view",
        "function",
        "procedure",
        "sequence",
        "type",
        "domain",
        "schema",
        "aggregate",
        "routine",
        "foreign",
        "materialized",
    ];

    public static IEnumerable<SchemaChange> Of(SqlStatement statement)
    {
        var tokens = SqlToken.Of(statement.Text, statement.Offset);
        return tokens.Count > 0 && tokens[0].Is("do") ? BlockBody.Changes(tokens) : Of(tokens, inBatches: false);
    }

    /// <param name="inBatches">It stands in the loop of a block that commits.</param>
    public static IEnumerable<SchemaChange> Of(IReadOnlyList<SqlToken> tokens, bool inBatches)
    {
        var reader = new TokenReader(tokens);
        if (reader.Take("create"))
            return Create(reader);
        if (reader.Take("drop"))
            return Drop(reader);
        if (reader.Take("comment", "on"))
            return Comment(reader);
        if (reader.Take("alter", "table"))
            return AlterTable.Changes(reader);
        if (reader.Take("alter"))
            return Alter(reader);
        if (SetsLockTimeout(reader))
            return [new LockTimeoutSet(tokens[0].Offset)];
        return LockingStatement.Changes(reader) is { Count: > 0 } locks ? locks : RowChanges.Of(tokens, inBatches);
    }

    static bool SetsLockTimeout(TokenReader reader)
    {
        if (reader.Take("reset"))
            return reader.SeesAny("lock_timeout", "all");
        if (!reader.Take("set"))
            return false;
        reader.Pass("local", "session");
        return reader.Sees("lock_timeout");
    }

    static IEnumerable<SchemaChange> Create(TokenReader reader)
    {
        reader.Pass("or", "replace", "global", "local", "unlogged", "recursive", "constraint");
        var temporary = reader.SeesAny("temp", "temporary");
        reader.Pass("temp", "temporary");
        if (reader.Take("table"))
            return CreateTable(reader, temporary);
        if (reader.Take("index") || reader.Take("unique", "index"))
            return CreateIndex(reader);
        if (reader.Take("trigger"))
            return CreateTrigger(reader);
        if (!reader.SeesAny(kinds) || reader.Sees("schema") || temporary)
            return [];
        reader.Pass(kinds);
        reader.Pass("if", "not", "exists");
        return reader.TakeName() is { } name ? [new ObjectNamed(name)] : [];
    }

    static IEnumerable<SchemaChange> CreateTable(TokenReader reader, bool temporary)
    {
        reader.Pass("if", "not", "exists");
        if (reader.TakeName() is not { } table)
            yield break;
        var elements = TokenReader
            .Split(reader.TakeParentheses())
            .Select(element => (Offset: element[0].Offset, Reader: new TokenReader(element)))
            .Where(element => !element.Reader.Sees("like"))
            .ToList();
        var constraints = new List<SchemaChange>();
        var columns = new List<string>();
        foreach (var (offset, element) in elements)
        {
            if (TableElement.IsConstraint(element))
            {
                if (TableElement.ReadConstraint(element) is { } constraint)
                    constraints.Add(new ConstraintAdded(table, constraint, offset));
            }
            else if (TableElement.ReadColumn(element) is { } column)
            {
                columns.Add(column.Name);
                constraints.AddRange(column.Constraints.Select(one => new ConstraintAdded(table, one, offset)));
            }
        }

        yield return new TableCreated(table, columns, temporary);
        if (!temporary)
            yield return new ObjectNamed(table);
        foreach (var constraint in constraints)
            yield return constraint;
    }

    static IEnumerable<SchemaChange> CreateIndex(TokenReader reader)
    {
        var concurrently = reader.Take("concurrently");
        reader.Pass("if", "not", "exists");
        var name = reader.Sees("on") ? null : reader.TakePart();
        reader.Take("on");
        reader.Take("only");
        if (reader.TakeName() is not { } table)
            yield break;
        if (reader.Take("using"))
            reader.TakePart();
        var columns = TableElement.Names(reader.TakeParentheses());
        var isPartial = reader.Rest.Any(token => token.Is("where"));
        yield return new IndexCreated(name, table, columns, isPartial, concurrently, table.Offset);
        yield return new ObjectNamed(table);
    }

    static IEnumerable<SchemaChange> CreateTrigger(TokenReader reader)
    {
        while (!reader.AtEnd)
        {
            if (
                (reader.Take("on") || reader.Take("execute", "function") || reader.Take("execute", "procedure"))
                && reader.TakeName() is { } named
            )
                yield return new ObjectNamed(named);
            else if (!reader.AtEnd)
                reader.Next();
        }
    }

    static IEnumerable<SchemaChange> Drop(TokenReader reader)
    {
        if (reader.Take("index"))
        {
            var concurrently = reader.Take("concurrently");
            var ifExists = reader.Sees("if");
            foreach (var index in DroppedNames(reader))
            {
                yield return new IndexDropped(index, concurrently, ifExists);
                yield return new ObjectNamed(index);
            }
        }
        else if (reader.Take("trigger"))
        {
            foreach (var change in CreateTrigger(reader))
                yield return change;
        }
        else if (reader.SeesAny(kinds))
        {
            var isSchema = reader.Sees("schema");
            var what = reader.Next().Text;
            reader.Pass("view", "table");
            foreach (var name in DroppedNames(reader))
            {
                if (!isSchema)
                    yield return new ObjectNamed(name);
                yield return new ObjectDropped(what is "materialized" ? "view" : what, name);
            }
        }
    }

    static IEnumerable<SqlName> DroppedNames(TokenReader reader)
    {
        reader.Pass("if", "exists");
        return reader.TakeNames();
    }

    static IEnumerable<SchemaChange> Comment(TokenReader reader)
    {
        var offset = reader.Offset;
        var isColumn = reader.Take("column");
        if (!isColumn && !reader.SeesAny(kinds) && !reader.Sees("index"))
            yield break;
        var isSchema = reader.Sees("schema");
        reader.Pass(kinds);
        reader.Pass("index");
        if (reader.TakeName() is not { } name)
            yield break;
        if (!isSchema)
            yield return new ObjectNamed(isColumn ? new(name.Parent, name.Offset) : name);
        if (reader.Rest is [.., { Kind: SqlTokenKind.Literal, Text.Length: > 2 }])
            yield return new Commented(name, offset);
    }

    static IEnumerable<SchemaChange> Alter(TokenReader reader)
    {
        if (!reader.SeesAny(kinds) && !reader.Sees("index"))
            yield break;
        var isSchema = reader.Sees("schema");
        reader.Pass(kinds);
        reader.Pass("index", "if", "exists");
        if (reader.TakeName() is not { } name)
            yield break;
        if (!isSchema)
            yield return new ObjectNamed(name);
        reader.TakeParentheses();
        if (reader.Take("rename", "to") && reader.TakePart() is { } to)
            yield return new ObjectRenamed(name, null, to, name.Offset);
        else if (reader.Take("set", "schema") && reader.TakePart() is { } schema)
            yield return new ObjectRenamed(name, null, $"{schema}.{name.Last}", name.Offset);
    }
}
