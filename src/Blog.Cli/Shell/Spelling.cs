using System.CommandLine;

namespace Blog.Cli.Shell;

/// <summary>Finds what somebody may have meant.</summary>
static class Spelling
{
    /// <summary>The command or option that is nearest to a word.</summary>
    /// <returns>Null where none is near: more than a third of the letters would have to change.</returns>
    public static string? FindNearest(Command command, string word) =>
        FindNearest(
            command
                .Subcommands.Concat<Symbol>(command.Options)
                .Where(symbol => !symbol.Hidden)
                .Select(symbol => symbol.Name),
            word
        );

    /// <summary>The name that is nearest to a word.</summary>
    /// <inheritdoc cref="FindNearest(Command, string)" />
    public static string? FindNearest(IEnumerable<string> names, string word) =>
        names
            .Select(name => (Name: name, Distance: Distance(name, word)))
            .Where(found => found.Distance <= Math.Max(2, word.Length / 3))
            .OrderBy(found => found.Distance)
            .Select(found => found.Name)
            .FirstOrDefault();

    /// <summary>Letters that are added, left out or exchanged on the way from one word to the other (Levenshtein).</summary>
    static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(changed, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
