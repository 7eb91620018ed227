using System.Globalization;

namespace Blog.Data.Operate;

/// <summary>
/// Arguments as PostgreSQL reads them from text: what <see cref="StatementProbe"/> executes with them is what the driver sent in its own form.
/// </summary>
static class ArgumentText
{
    /// <summary>The members of an object, by name.</summary>
    /// <param name="arguments">As the door is given them; null where there is nothing.</param>
    public static IReadOnlyDictionary<string, string?> OfMembers(object? arguments) =>
        (arguments?.GetType().GetProperties() ?? []).ToDictionary(
            member => member.Name,
            member => Of(member.GetValue(arguments)),
            StringComparer.Ordinal
        );

    /// <summary>One value; null is SQL's null.</summary>
    /// <exception cref="ArgumentException">It is of a type that no statement of the catalogue takes.</exception>
    public static string? Of(object? value) =>
        value switch
        {
            null => null,
            string text => text,
            bool truth => truth ? "true" : "false",
            long or int => string.Create(CultureInfo.InvariantCulture, $"{value}"),
            // Npgsql's words for the ends of all time.
            DateTime time when time == DateTime.MaxValue => "infinity",
            DateTime time when time == DateTime.MinValue => "-infinity",
            // K is Z for UTC, and nothing where no zone is known.
            DateTime time => time.ToString("yyyy-MM-ddTHH:mm:ss.ffffffK", CultureInfo.InvariantCulture),
            Array { Rank: 1 } array => $"{{{string.Join(',', array.Cast<object?>().Select(Element))}}}",
            _ => throw new ArgumentException($"No statement takes a {value.GetType()}.", nameof(value)),
        };

    // https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO: in quotes nothing but a quote and a backslash means anything.
    static string Element(object? value) =>
        value switch
        {
            null => "NULL",
            string text =>
                $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"",
            Array => throw new ArgumentException("No statement takes an array of arrays.", nameof(value)),
            _ => Of(value)!,
        };
}
