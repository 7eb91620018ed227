using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.Data.Plans;

/// <summary>
/// Arguments as a plan file writes them: <c>name=value</c> with spaces between, a value with spaces in quotes, <c>null</c> for nothing.
/// <c>&lt;posts/2&gt;</c> is a number that depends on the scale; in an array <c>t&lt;1..100&gt;</c> are the elements t1 to t100, and <c>t&lt;x100&gt;</c> is t a hundred times.
/// </summary>
public sealed partial class PlanArguments
{
    readonly IReadOnlyList<(string Name, string? Value)> values;

    PlanArguments(IReadOnlyList<(string, string?)> values) => this.values = values;

    /// <summary>The names, in the order of the file.</summary>
    public IEnumerable<string> Names => values.Select(value => value.Name);

    /// <summary>Reads what stands behind <c>given</c> or <c>with</c>.</summary>
    /// <exception cref="FormatException">It is not a list of arguments; the message quotes where.</exception>
    public static PlanArguments Parse(string text)
    {
        var rest = Argument().Replace(text, "").Trim();
        if (rest.Length > 0)
        {
            throw new FormatException($"is no argument: {rest}");
        }

        var read = Argument()
            .Matches(text)
            .Select(match => (match.Groups["name"].Value, Unquoted(match.Groups["value"].Value)))
            .ToList();
        return new(read);
    }

    /// <summary>By name, as PostgreSQL reads them, at one scale; null is SQL's null.</summary>
    public IReadOnlyDictionary<string, string?> At(PlanScale scale)
    {
        ArgumentNullException.ThrowIfNull(scale);
        return values.ToDictionary(
            value => value.Name,
            value => value.Value is null ? null : Expanded(value.Value, scale),
            StringComparer.Ordinal
        );
    }

    /// <summary>These, and those of another list where this one does not say it otherwise.</summary>
    public PlanArguments Over(PlanArguments usual)
    {
        ArgumentNullException.ThrowIfNull(usual);
        return new([.. values, .. usual.values.ExceptBy(Names, value => value.Name, StringComparer.Ordinal)]);
    }

    static string? Unquoted(string value) =>
        value == "null" ? null
        : value[0] == '\'' ? value[1..^1].Replace("''", "'", StringComparison.Ordinal)
        : value;

    static string Expanded(string value, PlanScale scale)
    {
        if (value is ['{', .. var inner, '}'])
        {
            var elements = inner.Split(',').SelectMany(element => Repeated(element, scale));
            value = $"{{{string.Join(',', elements)}}}";
        }

        return Single().Replace(value, match => Text(Number(match.Groups["number"].Value, scale)));
    }

    static IEnumerable<string> Repeated(string element, PlanScale scale)
    {
        if (Copies().Match(element) is { Success: true } copies)
        {
            return Enumerable.Repeat(
                Copies().Replace(element, ""),
                int.Parse(copies.Groups["times"].ValueSpan, CultureInfo.InvariantCulture)
            );
        }

        if (Series().Match(element) is not { Success: true } series)
        {
            return [element];
        }

        var first = Number(series.Groups["first"].Value, scale);
        var last = Number(series.Groups["last"].Value, scale);
        return Enumerable
            .Range((int)first, (int)(last - first + 1))
            .Select(number => Series().Replace(element, Text(number)));
    }

    static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    static long Number(string text, PlanScale scale)
    {
        var parts = Sum().Match(text);
        var start = parts.Groups["start"].Value switch
        {
            "posts" => scale.Posts,
            "users" => scale.Users,
            "tags" => scale.Tags,
            var number => long.Parse(number, CultureInfo.InvariantCulture),
        };
        return parts.Groups["sign"].Value switch
        {
            "+" => start + By(),
            "-" => start - By(),
            "/" => start / By(),
            _ => start,
        };

        long By() => long.Parse(parts.Groups["by"].ValueSpan, CultureInfo.InvariantCulture);
    }

    const string Term = "(?:posts|users|tags|[0-9]+)(?:[-+/][0-9]+)?";

    [GeneratedRegex(
        @"(?:^|(?<=\s))(?<name>[a-zA-Z]+)=(?<value>'(?:[^']|'')*'|[^\s']+)(?=\s|$)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Argument();

    [GeneratedRegex($"<(?<number>{Term})>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Single();

    [GeneratedRegex(
        $@"<(?<first>{Term})\.\.(?<last>{Term})>",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Series();

    [GeneratedRegex("<x(?<times>[0-9]+)>", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Copies();

    [GeneratedRegex(
        "^(?<start>[a-z]+|[0-9]+)((?<sign>[-+/])(?<by>[0-9]+))?$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Sum();
}
