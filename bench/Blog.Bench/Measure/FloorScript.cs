using System.Text.RegularExpressions;
using Blog.Bench.Shell;

namespace Blog.Bench.Measure;

/// <summary>A file of the catalogue as pgbench sends it: the same text; a file of several statements in one pipeline.</summary>
static partial class FloorScript
{
    /// <param name="query">The text of the file.</param>
    /// <param name="arguments">What each placeholder is: an expression or a word of pgbench's own language.</param>
    /// <exception cref="BenchException">A placeholder has no argument.</exception>
    public static string Of(string query, IReadOnlyDictionary<string, string> arguments)
    {
        var statements = Statements(query);
        var names = statements
            .SelectMany(statement => Placeholder().Matches(Comment().Replace(statement, "")))
            .Select(match => match.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal);
        var sets = names.Select(name =>
            arguments.TryGetValue(name, out var value)
                ? $@"\set {name} {value}"
                : throw new BenchException(ExitCode.Failed, $"The floor is not measured: nothing says what :{name} is.")
        );
        string[] lines =
            statements.Count == 1
                ? [.. sets, .. statements]
                : [.. sets, @"\startpipeline", .. statements, @"\endpipeline"];
        return string.Join('\n', lines) + "\n";
    }

    /// <summary>Without the lines of comment before them.</summary>
    static List<string> Statements(string query) =>
        [
            .. string.Join('\n', query.Split('\n').Where(line => !line.StartsWith("--", StringComparison.Ordinal)))
                .Split(";\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
                .Select(statement => statement + ";"),
        ];

    [GeneratedRegex(@"(?<!:):(?<name>[a-z][A-Za-z]*)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Placeholder();

    [GeneratedRegex(@"/\*.*?\*/", RegexOptions.Singleline, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Comment();
}
