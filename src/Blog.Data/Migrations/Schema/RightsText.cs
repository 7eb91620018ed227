namespace Blog.Data.Migrations.Schema;

/// <summary>The rights on one object as GRANT and REVOKE, one statement a role.</summary>
static class RightsText
{
    static readonly string[] verbs = ["select", "insert", "update", "delete"];

    internal static SchemaObject Of(IReadOnlyList<RightRow> rights)
    {
        var first = rights[0];
        var statements = rights
            .GroupBy(right => (right.Verb, right.Grantee, right.Grantable))
            .OrderByDescending(statement => statement.Key.Verb, StringComparer.Ordinal)
            .ThenBy(statement => statement.Key.Grantee, StringComparer.Ordinal)
            .ThenBy(statement => statement.Key.Grantable)
            .Select(statement => StatementOf([.. statement], first.Target));
        return first.Kind == "database"
            ? SchemaObject.Rights("database", OnDatabase(statements))
            : SchemaObject.Rights(
                $"{first.Kind} {first.Name}",
                string.Join('\n', statements.Select(statement => statement + ";"))
            );
    }

    /// <summary>In the usual order, with their columns: <c>select (id, name)</c>.</summary>
    internal static IReadOnlyList<string> Privileges(IReadOnlyList<RightRow> rights) =>
        [
            .. rights
                .GroupBy(one => (one.Privilege, OnColumns: one.Column is not null), one => one.Column)
                .OrderBy(privilege =>
                    Array.IndexOf(verbs, privilege.Key.Privilege) is >= 0 and var place ? place : verbs.Length
                )
                .ThenBy(privilege => privilege.Key.Privilege, StringComparer.Ordinal)
                .ThenBy(privilege => privilege.Key.OnColumns)
                .Select(privilege =>
                    privilege.Key.OnColumns
                        ? $"{privilege.Key.Privilege} ({string.Join(", ", privilege.Order(StringComparer.Ordinal))})"
                        : privilege.Key.Privilege
                ),
        ];

    static string StatementOf(IReadOnlyList<RightRow> rights, string target)
    {
        var right = rights[0];
        var privileges = Privileges(rights);
        var (to, option) = right.Verb == "grant" ? ("to", right.Grantable ? " with grant option" : "") : ("from", "");
        return rights.All(one => one.Column is null)
            ? $"{right.Verb} {string.Join(", ", privileges)} on {target} {to} {right.Grantee}{option}"
            : $"{right.Verb}\n  {string.Join(",\n  ", privileges)}\non {target} {to} {right.Grantee}{option}";
    }

    /// <summary>Its name differs from one installation to the next.</summary>
    static string OnDatabase(IEnumerable<string> statements) =>
        string.Join(
            '\n',
            [
                "do $$",
                "begin",
                .. statements.Select(statement =>
                    $"  execute format('{statement.Replace(" on database ", " on database %I ", StringComparison.Ordinal)}', current_database());"
                ),
                "end",
                "$$;",
            ]
        );
}
