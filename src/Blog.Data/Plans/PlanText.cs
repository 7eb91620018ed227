using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;

namespace Blog.Data.Plans;

/// <summary>Reads and writes a file of <c>sql/plans</c>. What was read is written again as it stood, but for the bounds.</summary>
public static partial class PlanText
{
    const int Indent = 8;
    const string Columns = "-- at most, with this many posts:";

    static string TitleOf(string id) =>
        $"-- {id}: what its plans may cost. Cases by hand, bounds by: blog sql contracts --approve";

    /// <summary>Reads a file.</summary>
    /// <param name="query">Whose file it is.</param>
    /// <param name="file">The whole text, lines ended by a line feed.</param>
    /// <exception cref="FormatException">The file breaks a rule of <c>sql/README.md</c>; the message names file, line and rule.</exception>
    public static PlanContract Parse(Query query, string file)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(file);
        return new Reader(query, file.Split('\n')).Read();
    }

    /// <summary>The whole file.</summary>
    public static string Write(PlanContract contract)
    {
        ArgumentNullException.ThrowIfNull(contract);
        var text = new StringBuilder();
        Line(TitleOf(contract.Query.Id));
        contract.Remarks.ToList().ForEach(Line);
        Line(Row(Columns, PlanScale.All.Select(scale => (long?)scale.Posts)));
        Line("");
        Said("given", contract.Given.Lines);
        foreach (var read in contract.Reads)
        {
            Line(string.Create(CultureInfo.InvariantCulture, $"{"reads", -Indent}{read.Statement} {read.Index}"));
        }

        foreach (var exception in contract.Exceptions)
        {
            var what = exception.Table is null
                ? Word(exception.Property)
                : $"{Word(exception.Property)} {exception.Table}";
            Said("except", [$"{exception.Statement} {what}: {exception.Reason[0]}", .. exception.Reason.Skip(1)]);
        }

        foreach (var one in contract.Cases)
        {
            if (text[^2] != '\n')
            {
                Line("");
            }

            Said("case", [one.Name]);
            foreach (var step in one.First)
            {
                Said("first", [$"{step.Query.Id} {step.With.Lines[0]}".TrimEnd(), .. step.With.Lines.Skip(1)]);
            }

            Said("with", one.With.Lines);
            foreach (var (statement, property, atScales) in one.Bounds.Rows)
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"{statement, -Indent}{Word(property)}");
                Line(Row(name, atScales));
            }
        }

        return text.ToString();

        void Line(string line) => text.Append(line).Append('\n');

        void Said(string keyword, IReadOnlyList<string> lines)
        {
            for (var at = 0; at < lines.Count; at++)
            {
                Line((at == 0 ? keyword : "").PadRight(Indent) + lines[at]);
            }
        }
    }

    static string Row(string name, IEnumerable<long?> atScales) =>
        name.PadRight(42)
        + string.Concat(
            atScales.Select(bound => (bound?.ToString("#,0", CultureInfo.InvariantCulture) ?? "-").PadLeft(13))
        );

    internal static string Word(Enum property) => property.ToString().ToLowerInvariant();

    sealed class Reader(Query query, string[] lines)
    {
        readonly List<PlanRead> reads = [];
        readonly List<PlanException> exceptions = [];
        readonly List<PlanCase> cases = [];
        readonly List<PlanStep> first = [];
        PlanLines given = new([], PlanArguments.Parse(""));
        PlanLines? with;
        string? name;
        PlanBounds bounds = PlanBounds.None;
        int at;

        public PlanContract Read()
        {
            Require(lines[0] == TitleOf(query.Id), $"the first line is: {TitleOf(query.Id)}");
            var remarks = lines.Skip(1).TakeWhile(line => line.StartsWith("--", StringComparison.Ordinal)).ToList();
            at = remarks.Count;
            Require(
                remarks.Count > 0 && lines[at].StartsWith(Columns, StringComparison.Ordinal),
                $"its comment ends with: {Columns}"
            );
            for (at++; at < lines.Length; at++)
            {
                if (lines[at].Length > 0)
                {
                    ReadLine();
                }
            }

            at = lines.Length - 1;
            EndCase();
            Require(cases.Count > 0, "it has no case");
            return new(query, [.. remarks.SkipLast(1)], given, reads, exceptions, cases);
        }

        void ReadLine()
        {
            if (Bound().Match(lines[at]) is { Success: true } bound)
            {
                Require(name is not null, "a bound stands below its case");
                bounds = bounds.With(
                    StatementIn(bound),
                    Enum.Parse<PlanBound>(bound.Groups["property"].ValueSpan, ignoreCase: true),
                    bound.Groups["at"].Captures.Select(cell => NumberIn(cell.Value))
                );
                return;
            }

            var keyword = lines[at].Length > Indent ? lines[at][..Indent].TrimEnd() : "";
            var said = Said();
            switch (keyword)
            {
                case "given":
                    given = ArgumentsOf(query, said);
                    break;
                case "reads":
                    var read = MustRead().Match(said[0]);
                    Require(read.Success, "an index that must be read is a statement's number and its name");
                    reads.Add(new(StatementIn(read), read.Groups["index"].Value));
                    break;
                case "except":
                    var exception = Exception().Match(said[0]);
                    Require(
                        exception.Success,
                        "an exception is: a statement's number, a property (whole with its table), a colon and a reason"
                    );
                    exceptions.Add(
                        new(
                            StatementIn(exception),
                            Enum.Parse<PlanProperty>(exception.Groups["property"].ValueSpan, ignoreCase: true),
                            exception.Groups["table"] is { Success: true } table ? table.Value : null,
                            [exception.Groups["reason"].Value, .. said.Skip(1)]
                        )
                    );
                    break;
                case "case":
                    EndCase();
                    name = said[0];
                    Require(cases.All(other => other.Name != name), $"there are two cases \"{name}\"");
                    break;
                case "first":
                    var id = said[0].Split(' ', 2);
                    Require(
                        name is not null && QueryCatalogue.TryFind(id[0]) is not null,
                        $"there is no query {id[0]}"
                    );
                    var earlier = QueryCatalogue.Find(id[0]);
                    first.Add(new(earlier, ArgumentsOf(earlier, [id.ElementAtOrDefault(1) ?? "", .. said.Skip(1)])));
                    break;
                case "with":
                    Require(name is not null && with is null, "a case has one list of arguments");
                    with = ArgumentsOf(query, said);
                    break;
                default:
                    Require(holds: false, $"nothing is called \"{lines[at]}\"");
                    break;
            }
        }

        /// <summary>This line without its keyword, and those that are indented below it.</summary>
        List<string> Said()
        {
            var said = new List<string> { lines[at].Length > Indent ? lines[at][Indent..] : "" };
            while (at + 1 < lines.Length && lines[at + 1].StartsWith(new string(' ', Indent), StringComparison.Ordinal))
            {
                said.Add(lines[++at][Indent..]);
            }

            return said;
        }

        void EndCase()
        {
            if (name is null)
            {
                return;
            }

            var own = with ?? new([], PlanArguments.Parse(""));
            var missing = query
                .Parameters.Select(parameter => parameter.Name)
                .Except(own.Arguments.Over(given.Arguments).Names, StringComparer.Ordinal);
            Require(!missing.Any(), $"the case \"{name}\" lacks {string.Join(", ", missing)}");
            cases.Add(new(name, [.. first], own, bounds));
            first.Clear();
            (name, with, bounds) = (null, null, PlanBounds.None);
        }

        PlanLines ArgumentsOf(Query whose, List<string> said)
        {
            PlanArguments arguments;
            try
            {
                arguments = PlanArguments.Parse(string.Join(' ', said));
            }
            catch (FormatException wrong)
            {
                throw Broken(wrong.Message);
            }

            var unknown = arguments.Names.FirstOrDefault(known => whose.Parameters.All(one => one.Name != known));
            Require(unknown is null, $"{whose.Id} takes no {unknown}");
            return new(said, arguments);
        }

        int StatementIn(Match match)
        {
            var number = int.Parse(match.Groups["statement"].ValueSpan, CultureInfo.InvariantCulture);
            Require(number >= 1 && number <= query.Statements.Count, $"there is no statement {number}");
            return number;
        }

        void Require(bool holds, string rule)
        {
            if (!holds)
            {
                throw Broken(rule);
            }
        }

        FormatException Broken(string rule) => new($"sql/plans/{query.Id}.plan, line {at + 1}: {rule}.");

        static long? NumberIn(string cell) =>
            cell == "-" ? null : long.Parse(cell, NumberStyles.AllowThousands, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(
        @"^(?<statement>[0-9]+) +(?<property>buffers|sorted|removed)( +(?<at>[0-9,]+|-)){3}$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Bound();

    [GeneratedRegex(
        "^(?<statement>[0-9]+) (?<index>[a-z_]+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex MustRead();

    [GeneratedRegex(
        "^(?<statement>[0-9]+) ((?<property>whole) (?<table>[a-z_]+)|(?<property>modes|growth|buffers|sorted|removed)): (?<reason>.+)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Exception();
}
