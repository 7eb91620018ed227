using System.Text.RegularExpressions;

namespace Blog.Data.Migrations.Schema;

/// <summary>What an object consists of, each with a name of its own: columns, constraints, comments, the owner, settings, rights.</summary>
static partial class SchemaParts
{
    /// <summary>One of them.</summary>
    /// <param name="Kind">column, constraint, comment, owner, setting, rights, or that of the object.</param>
    /// <param name="Name">With that of the object.</param>
    /// <param name="Text">What is said of it.</param>
    internal sealed record Part(string Kind, string Name, string Text)
    {
        internal string Key => $"{Kind} {Name}";
    }

    internal static IReadOnlyList<Part> Of(SchemaObject whole) =>
        [
            .. Each(whole)
                .GroupBy(part => part.Key, StringComparer.Ordinal)
                .Select(same => same.First() with { Text = string.Join('\n', same.Select(part => part.Text)) }),
        ];

    static IEnumerable<Part> Each(SchemaObject whole) =>
        whole.Title == "rights on database"
            ? DatabaseRight()
                .Matches(whole.Definition)
                .Select(right => new Part(
                    "rights",
                    $"{right.Groups["role"].Value} on database",
                    right.Groups["right"].Value
                ))
            : SqlText.Split(whole.Definition).SelectMany(statement => OfStatement(whole, statement.Text));

    static IEnumerable<Part> OfStatement(SchemaObject whole, string statement)
    {
        if (whole.Kind == "table" && CreateTable().Match(statement) is { Success: true } create)
            return OfTable(whole.Name, statement, create.Length);
        return Known(whole, statement) is { } part ? [part] : [new(whole.Kind, whole.Name, statement)];
    }

    static Part? Known(SchemaObject whole, string statement)
    {
        if (Owner().Match(statement) is { Success: true } owner)
            return new("owner", whole.Title, owner.Groups["role"].Value);
        if (ConstraintComment().Match(statement) is { Success: true } onConstraint)
        {
            return new(
                "comment",
                $"constraint {onConstraint.Groups["table"].Value}.{onConstraint.Groups["name"].Value}",
                onConstraint.Groups["text"].Value
            );
        }

        if (Comment().Match(statement) is { Success: true } comment)
            return new(
                "comment",
                comment.Groups["name"].Value.Replace("routine ", "function ", StringComparison.Ordinal),
                comment.Groups["text"].Value
            );
        if (AddedConstraint().Match(statement) is { Success: true } added)
            return new("constraint", $"{whole.Name}.{added.Groups["name"].Value}", added.Groups["text"].Value);
        if (whole.Kind == "role" && Setting().Match(statement) is { Success: true } setting)
            return new("setting", $"{whole.Name}.{setting.Groups["name"].Value}", setting.Groups["value"].Value);
        if (whole.Kind == "role" && DatabaseSetting().Match(statement) is { Success: true } here)
        {
            return new(
                "setting",
                $"{whole.Name}.{here.Groups["name"].Value} in this database",
                here.Groups["value"].Value.Replace("''", "'", StringComparison.Ordinal)
            );
        }

        if (whole.Kind == "role" && Membership().Match(statement) is { Success: true } membership)
            return new("membership", $"{whole.Name} in {membership.Groups["group"].Value}", statement);
        return whole.Kind == "rights" && Grantee().Match(statement) is { Success: true } grantee
            ? new("rights", $"{grantee.Groups["role"].Value} on {whole.Name}", statement)
            : null;
    }

    static IEnumerable<Part> OfTable(string table, string statement, int start)
    {
        var (members, end) = Members(statement, start);
        yield return new("table", table, $"{statement[..start].TrimEnd('(', ' ')}{statement[end..]}");
        foreach (var member in members)
        {
            var words = Member().Match(member);
            var isConstraint = words.Groups["constraint"].Success;
            yield return new(
                isConstraint ? "constraint" : "column",
                $"{table}.{words.Groups["name"].Value}",
                words.Groups["text"].Value
            );
        }
    }

    /// <summary>What stands between the parentheses, at its commas, and where they are closed.</summary>
    static (IReadOnlyList<string> Members, int End) Members(string statement, int start)
    {
        var members = new List<string>();
        int depth = 1,
            at = start;
        for (var from = start; at < statement.Length && depth > 0; )
        {
            depth +=
                statement[at] is '(' ? 1
                : statement[at] is ')' ? -1
                : 0;
            if (depth == 0 || (depth == 1 && statement[at] is ','))
            {
                members.Add(statement[from..at].Trim());
                from = at + 1;
            }

            at = SqlText.Skip(statement, at);
        }

        return ([.. members.Where(member => member.Length > 0)], at);
    }

    const string Identifier = """(?:"(?:[^"]|"")+"|[^\s".]+)""";

    [GeneratedRegex(
        $@"^create (unlogged |foreign )?table {Identifier}\.{Identifier} \(",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex CreateTable();

    [GeneratedRegex(
        $@"^((?<constraint>constraint) )?(?<name>{Identifier}) (?<text>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Member();

    [GeneratedRegex(@"^alter .+ owner to (?<role>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Owner();

    [GeneratedRegex(
        $@"^comment on constraint (?<name>{Identifier}) on (?<table>{Identifier}\.{Identifier}) is (?<text>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex ConstraintComment();

    [GeneratedRegex(
        @"^comment on (?<name>.+?) is (?<text>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Comment();

    [GeneratedRegex(
        $@"^alter table \S+ add constraint (?<name>{Identifier}) (?<text>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex AddedConstraint();

    [GeneratedRegex(
        @"^alter role \S+ set (?<name>\S+) = (?<value>.*)$",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Setting();

    [GeneratedRegex(
        @" in database %I set (?<name>\S+) = (?<value>.*)', current_database",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex DatabaseSetting();

    [GeneratedRegex(@"^grant (?<group>\S+) to ", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Membership();

    [GeneratedRegex(@" (to|from) (?<role>\S+)( with grant option)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Grantee();

    [GeneratedRegex(
        @"'(?<right>(grant|revoke) .+ on database) %I (to|from) (?<role>[^\s']+)",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex DatabaseRight();
}
