namespace Blog.Data.Migrations.Review;

/// <summary>Rules about who has to wait. They do not apply to a table that the same script creates: nobody uses it yet.</summary>
static class LockRules
{
    public static IEnumerable<Breach> Of(SchemaChange change, MigrationScript script, KnownSchema schema) =>
        change switch
        {
            RowsChanged rows when !schema.IsNew(rows.Table, script) => Rows(rows, script, schema),
            ColumnAdded added when !schema.IsNew(added.Table, script) => Column(added),
            ColumnTypeChanged type when !schema.IsNew(type.Table, script) => [Type(type)],
            ColumnMadeNotNull column when !schema.IsNew(column.Table, script) => NotNull(column, schema),
            IndexCreated index => Index(index, script, schema),
            IndexDropped { Concurrently: false } dropped when schema.TableOf(dropped.Index)?.CreatedIn != script.Name =>

                [
                    new(
                        ReviewRule.IndexConcurrently,
                        dropped.Offset,
                        $"Dropping {dropped.Index.Text} takes an access exclusive lock on its table: reads and writes wait behind it.",
                        $"drop index concurrently if exists {dropped.Index.Text}, alone in a script with \"-- migrate: no-transaction\"."
                    ),
                ],
            ConstraintAdded added when !schema.IsNew(added.Table, script) => Constraint(added),
            ConstraintValidated valid when !schema.IsNew(valid.Table, script) => Validated(valid, script, schema),
            TableLocked locked when !schema.IsNew(locked.Table, script) =>
            [
                new(
                    ReviewRule.TableLock,
                    locked.Offset,
                    $"{locked.What} locks {locked.Table.Text} against everybody who reads or writes it until the script ends.",
                    "Leave it out of a migration; change rows in batches, and rebuild an index with reindex ... concurrently."
                ),
            ],
            LockTimeoutSet set =>
            [
                new(
                    ReviewRule.TableLock,
                    set.Offset,
                    "The script waits for a lock as long as it says itself, and everybody who comes later waits behind it.",
                    "Leave it out: the runner gives up after half a second, before a request does, and tries again."
                ),
            ],
            _ => [],
        };

    static IEnumerable<Breach> Rows(RowsChanged rows, MigrationScript script, KnownSchema schema)
    {
        if (rows.Filtered && rows.Key is not null && rows.Key == schema.Table(rows.Table).Key)
            yield break;
        if (rows is { Filtered: true, InBatches: true } && !script.RunsInTransaction)
            yield break;
        yield return new(
            ReviewRule.UnbatchedUpdate,
            rows.Offset,
            rows.Filtered
                ? $"This {rows.Verb} of {rows.Table.Text} is one transaction: whoever writes one of its rows waits until all are done."
                : $"This {rows.Verb} has no where: it locks every row of {rows.Table.Text}, and whoever writes one waits until all are done.",
            "A loop over ranges of the primary key in a do block that commits after each, alone in a script with "
                + "\"-- migrate: no-transaction\" (docs/operate/zero-downtime.md)."
        );
    }

    static IEnumerable<Breach> Column(ColumnAdded added)
    {
        var (table, column) = (added.Table.Text, added.Column);
        if ((column.Drawn ?? VolatileFunction.In(column.Default)) is { } drawn)
        {
            yield return new(
                ReviewRule.VolatileDefault,
                added.Offset,
                $"{drawn} gives each row a value of its own, so adding {column.Name} rewrites {table}: reads and writes wait until it is done.",
                "Add the column without a default, set the default in a second statement (new rows get it), fill the old rows in batches."
            );
        }
        else if (column is { NotNull: true, Default: [] })
        {
            yield return new(
                ReviewRule.SetNotNull,
                added.Offset,
                $"{column.Name} is not null and has no default: this fails on the first row of {table}, and the running service does not write it.",
                "Add it nullable, or with a constant default; make it not null when every row has a value."
            );
        }
    }

    static Breach Type(ColumnTypeChanged type) =>
        new(
            ReviewRule.ColumnType,
            type.Offset,
            $"A new type of {type.Column} rewrites {type.Table.Text} and its indexes under an access exclusive lock, and the running service expects the old type.",
            "Add a new column of the new type, keep both in step, fill it in batches, then drop the old one (docs/operate/zero-downtime.md)."
        );

    static IEnumerable<Breach> NotNull(ColumnMadeNotNull column, KnownSchema schema)
    {
        if (
            schema
                .Table(column.Table)
                .Constraints.Values.Any(known => known.Valid && known.Text.NotNullColumn == column.Column)
        )
            yield break;
        yield return new(
            ReviewRule.SetNotNull,
            column.Offset,
            $"The server looks at every row of {column.Table.Text} under an access exclusive lock: reads and writes wait.",
            $"add constraint ... check ({column.Column} is not null) not valid; validate it in a later script; then set not null looks at no row; then drop the check."
        );
    }

    static IEnumerable<Breach> Index(IndexCreated index, MigrationScript script, KnownSchema schema)
    {
        if (index.Concurrently && script.RunsInTransaction)
        {
            yield return new(
                ReviewRule.IndexConcurrently,
                index.Offset,
                "create index concurrently cannot run inside of a transaction: the script would fail.",
                "Alone in a script with the header line \"-- migrate: no-transaction\"."
            );
        }
        else if (!index.Concurrently && !schema.IsNew(index.Table, script))
        {
            yield return new(
                ReviewRule.IndexConcurrently,
                index.Offset,
                $"Building an index of {index.Table.Text} without concurrently stops its writes until it is built.",
                "create index concurrently, alone in a script with \"-- migrate: no-transaction\"."
            );
        }
    }

    static IEnumerable<Breach> Constraint(ConstraintAdded added)
    {
        var (table, constraint) = (added.Table.Text, added.Constraint);
        if (constraint is { Kind: ConstraintKind.ForeignKey or ConstraintKind.Check, NotValid: false })
        {
            yield return new(
                ReviewRule.ConstraintNotValid,
                added.Offset,
                constraint.References is { } other
                    ? $"Adding a foreign key compares every row of {table} with {other.Text} while writes to both wait."
                    : $"Adding a check looks at every row of {table} while reads and writes wait.",
                "add constraint ... not valid here, and alter table ... validate constraint in a later script, which stops nobody."
            );
        }
        else if (
            constraint is
            { Kind: ConstraintKind.PrimaryKey or ConstraintKind.Unique or ConstraintKind.Exclude, UsingIndex: false }
        )
        {
            yield return new(
                ReviewRule.IndexConcurrently,
                added.Offset,
                $"The constraint builds its index while reads and writes of {table} wait.",
                "create unique index concurrently in a script of its own, then add constraint ... using index."
            );
        }
    }

    static IEnumerable<Breach> Validated(ConstraintValidated valid, MigrationScript script, KnownSchema schema)
    {
        if (
            schema.Table(valid.Table).Constraints.TryGetValue(valid.Constraint, out var known)
            && known.AddedIn == script.Name
        )
        {
            yield return new(
                ReviewRule.ConstraintNotValid,
                valid.Offset,
                $"{valid.Constraint} was added in this transaction, whose lock on {valid.Table.Text} is kept while every row is looked at.",
                "Validate in a later script: it then takes a lock that stops neither reads nor writes."
            );
        }
    }
}
