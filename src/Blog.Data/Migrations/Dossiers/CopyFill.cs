using System.Text.RegularExpressions;
using Blog.Data.Plans;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>
/// Rows for the copy while the scripts are run on it one after the other: each step of <c>sql/plans/fill.sql</c> is done as soon as the
/// table and the columns are there that it writes to.
/// </summary>
sealed partial class CopyFill(string connectionString, PlanScale scale)
{
    readonly IReadOnlyList<Step> steps = [.. PlanContracts.FillAt(scale).Select(step => Step.Of(step.Name, step.Text))];
    readonly HashSet<Step> done = [];

    /// <summary>What a step of the file is to a copy.</summary>
    enum Kind
    {
        /// <summary>Holds for the session that fills.</summary>
        Session,

        /// <summary>Holds for every session that comes later.</summary>
        Database,

        /// <summary>Writes rows into one table.</summary>
        Rows,

        /// <summary>Once more for every script: tables have come.</summary>
        EachTime,

        /// <summary>
        /// Takes the index over the words away while posts are written, and builds it again: rows come here before it is there, and where it
        /// is, it is the script's and is left alone.
        /// </summary>
        LeftOut,
    }

    /// <summary>Does what has become possible; called before each script.</summary>
    internal async Task FillAsync(CancellationToken cancellationToken)
    {
        await using var session = await CopySession.OpenAsync(connectionString, cancellationToken);
        var columns = await session.ReadAsync(
            """
            select c.relname || '.' || a.attname
            from pg_catalog.pg_attribute a
            join pg_catalog.pg_class c on c.oid = a.attrelid
            join pg_catalog.pg_namespace n on n.oid = c.relnamespace
            where n.nspname = 'blog' and a.attnum > 0 and not a.attisdropped
            """,
            row => row.GetString(0),
            cancellationToken
        );
        foreach (var step in steps)
        {
            var isDue = step.Kind switch
            {
                Kind.Session or Kind.EachTime => true,
                Kind.Database or Kind.Rows => !done.Contains(step) && step.Needs.All(columns.Contains),
                _ => false,
            };
            if (isDue)
            {
                await session.SendAsync(step.Text, cancellationToken);
                done.Add(step);
            }
        }
    }

    sealed partial record Step(Kind Kind, string Text, IReadOnlyList<string> Needs)
    {
        internal static Step Of(string name, string text) =>
            Insert().Match(text) is { Success: true } insert
                ? new(
                    Kind.Rows,
                    text,
                    [
                        .. insert
                            .Groups["columns"]
                            .Value.Split(", ")
                            .Select(column => $"{insert.Groups["table"].Value}.{column}"),
                    ]
                )
                : new(KindOf(name, text), text, []);

        static Kind KindOf(string name, string text) =>
            text switch
            {
                _ when text.StartsWith("set ", StringComparison.Ordinal) => Kind.Session,
                _ when text.StartsWith("vacuum ", StringComparison.Ordinal) => Kind.EachTime,
                _ when text.Contains("autovacuum_enabled", StringComparison.Ordinal) => Kind.EachTime,
                _ when text.Contains("alter database", StringComparison.Ordinal) => Kind.Database,
                _ when text.Contains("built_last", StringComparison.Ordinal) => Kind.LeftOut,
                _ when text.StartsWith("drop index ", StringComparison.Ordinal) => Kind.LeftOut,
                _ => throw new InvalidOperationException(
                    $"sql/plans/fill.sql has a step that a dossier cannot tell how to use: {name}."
                ),
            };

        [GeneratedRegex(
            @"^insert into blog\.(?<table>[a-z_]+) \((?<columns>[a-z_, ]+)\)",
            RegexOptions.ExplicitCapture,
            matchTimeoutMilliseconds: 1000
        )]
        private static partial Regex Insert();
    }
}
