using System.Collections;
using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;

namespace Blog.Data.Catalogue;

/// <summary>
/// How many rows a query may return: a sum of products of whole numbers and arguments, as <c>2 + postLimit + 50 * postLimit</c>.
/// An array counts as its length.
/// </summary>
public sealed class RowBudget
{
    static readonly ConcurrentDictionary<(Type, string), PropertyInfo> properties = new();

    readonly string text;
    readonly string[][] sum;

    RowBudget(string text)
    {
        this.text = text;
        sum = [.. text.Split('+').Select(product => product.Split('*', StringSplitOptions.TrimEntries))];
    }

    /// <summary>Reads the sum; names are looked up when it is applied.</summary>
    /// <exception cref="FormatException">A factor is neither a whole number nor a name.</exception>
    public static RowBudget Parse(string text)
    {
        var budget = new RowBudget(text);
        foreach (var factor in budget.sum.SelectMany(product => product))
        {
            if (factor.Length == 0 || !factor.All(char.IsAsciiLetterOrDigit))
            {
                throw new FormatException(
                    $"A row budget is a sum of products of numbers and arguments, not \"{text}\"."
                );
            }
        }

        return budget;
    }

    /// <summary>The greatest number of rows that is within the budget for these arguments.</summary>
    /// <param name="arguments">The object given to the statement; null where it takes none.</param>
    /// <exception cref="InvalidOperationException">The budget names an argument that the object does not have.</exception>
    public long For(object? arguments) =>
        sum.Sum(product => product.Aggregate(1L, (rows, factor) => rows * Value(factor, arguments)));

    /// <inheritdoc />
    public override string ToString() => text;

    static long Value(string factor, object? arguments)
    {
        if (char.IsAsciiDigit(factor[0]))
        {
            return long.Parse(factor, CultureInfo.InvariantCulture);
        }

        var type = arguments?.GetType() ?? typeof(object);
        var property = properties.GetOrAdd(
            (type, factor),
            static key =>
                key.Item1.GetProperty(key.Item2)
                ?? throw new InvalidOperationException($"A row budget names \"{key.Item2}\", which is not an argument.")
        );
        return property.GetValue(arguments) switch
        {
            ICollection list => list.Count,
            var number => Convert.ToInt64(number, CultureInfo.InvariantCulture),
        };
    }
}
