using System.Globalization;
using System.Text;

namespace Blog.Data.Catalogue;

/// <summary>The rights that the catalogue needs in the schema blog, and no others: <c>blog sql grants</c>.</summary>
public static class Rights
{
    const string Schema = "blog";

    /// <summary>All of them, by object, verb and column.</summary>
    public static IReadOnlyList<Right> Needed { get; } = Of(Footprint.Served);

    /// <summary>Derives them.</summary>
    /// <param name="footprints">Of the statements that are to be allowed.</param>
    public static IReadOnlyList<Right> Of(IReadOnlyList<Footprint> footprints)
    {
        ArgumentNullException.ThrowIfNull(footprints);
        var uses = footprints
            .SelectMany(footprint => footprint.Uses.Select(use => (footprint.Name, Use: use)))
            .ToArray();
        var onColumns = uses.SelectMany(use =>
                use.Use.Columns.Select(column => (use.Use.Verb, use.Use.Table, Column: column.Name, use.Name))
            )
            .ToLookup(need => (need.Verb, need.Table));
        return
        [
            .. uses.GroupBy(use => (use.Use.Verb, use.Use.Table), use => use)
                .SelectMany(group =>
                    group.Key.Verb == "delete"
                        ? [new(group.Key.Verb, group.Key.Table, null, NamesOf(group.Select(use => use.Name)))]
                    : onColumns.Contains(group.Key)
                        ? onColumns[group.Key]
                            .GroupBy(need => need.Column, StringComparer.Ordinal)
                            .Select(column => new Right(
                                group.Key.Verb,
                                group.Key.Table,
                                column.Key,
                                NamesOf(column.Select(need => need.Name))
                            ))
                    : throw new InvalidOperationException(
                        $"{group.First().Name} needs {group.Key.Verb} on some column of {group.Key.Table}, and nothing says which."
                    )
                )
                .Concat(Each("usage", footprint => footprint.Sequences))
                .Append(new("usage", Schema, null, NamesOf(footprints.Select(footprint => footprint.Name))))
                .Concat(Each("execute", footprint => footprint.Functions))
                .OrderBy(right => KindOf(right.Verb).Length)
                .ThenBy(right => right.Object, StringComparer.Ordinal)
                .ThenBy(right => Array.IndexOf(TableUse.Verbs, right.Verb))
                .ThenBy(right => right.Column, StringComparer.Ordinal),
        ];

        IEnumerable<Right> Each(string verb, Func<Footprint, IEnumerable<string>> objects) =>
            footprints
                .SelectMany(footprint => objects(footprint).Select(name => (Object: name, footprint.Name)))
                .GroupBy(need => need.Object, need => need.Name, StringComparer.Ordinal)
                .Select(need => new Right(verb, need.Key, null, NamesOf(need)));
    }

    /// <summary>The script that grants them, lines ended by a line feed.</summary>
    /// <param name="rights">Which.</param>
    /// <param name="role">To whom.</param>
    public static string ToScript(IEnumerable<Right> rights, string role)
    {
        var script = new StringBuilder($"grant usage on schema blog to {role};\n");
        foreach (
            var of in rights
                .Where(right => right.Object != Schema)
                .GroupBy(right => right.Object, StringComparer.Ordinal)
        )
        {
            var verbs = of.GroupBy(right => right.Verb, StringComparer.Ordinal)
                .Select(verb =>
                    verb.First().Column is null
                        ? verb.Key
                        : $"{verb.Key} ({string.Join(", ", verb.Select(right => right.Column))})"
                );
            script.Append(
                CultureInfo.InvariantCulture,
                $"grant {string.Join(", ", verbs)} on {KindOf(of.First().Verb)}blog.{of.Key} to {role};\n"
            );
        }

        return script.ToString();
    }

    static string KindOf(string verb) =>
        verb switch
        {
            "usage" => "sequence ",
            "execute" => "function ",
            _ => "",
        };

    static string[] NamesOf(IEnumerable<string> statements) => [.. statements.Distinct(StringComparer.Ordinal)];
}

/// <summary>One right that the catalogue needs.</summary>
/// <param name="Verb">select, insert, update, delete, usage or execute.</param>
/// <param name="Object">The table, sequence or function, of the schema blog.</param>
/// <param name="Column">For select, insert and update; null otherwise.</param>
/// <param name="Statements">Those that cannot be executed without it: <c>users/get_user 1</c>.</param>
public sealed record Right(string Verb, string Object, string? Column, IReadOnlyList<string> Statements);
