namespace Blog.Data.Input;

/// <summary>Finds what somebody may have meant.</summary>
public static class Spelling
{
    // More of a word tells nothing, and a long one costs.
    const int MaxLength = 100;

    /// <summary>The name that takes the fewest changes of a character to become; of equals the first.</summary>
    /// <exception cref="InvalidOperationException">There are no names.</exception>
    public static string Nearest(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(names);
        return names.MinBy(name => Distance(word, name)) ?? throw new InvalidOperationException("There are no names.");
    }

    /// <summary>The same where it is near.</summary>
    /// <returns>Null where more than two characters, and more than a third of the word, would have to change.</returns>
    public static string? FindNear(string word, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(word);
        ArgumentNullException.ThrowIfNull(names);
        return names
            .Select(name => (Name: name, Distance: Distance(word, name)))
            .Where(found => found.Distance <= Math.Max(2, word.Length / 3))
            .OrderBy(found => found.Distance)
            .Select(found => found.Name)
            .FirstOrDefault();
    }

    /// <summary>Characters that are added, left out or exchanged on the way from one word to the other (Levenshtein), one row at a time.</summary>
    static int Distance(string one, string other)
    {
        one = one[..Math.Min(one.Length, MaxLength)];
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var exchanged = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(exchanged, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
