using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Blog.Api.Admin.Pages;

/// <summary>
/// Markup, written as an interpolated string: what stands in its holes is text and is escaped, unless it is markup already.
/// There is no other way from a string to markup.
/// </summary>
[InterpolatedStringHandler]
sealed class Html(int literalLength, int formattedCount)
{
    readonly StringBuilder text = new(literalLength + (16 * formattedCount));

    /// <summary>No markup at all.</summary>
    public static Html None => $"";

    /// <summary>The markup where something holds, else none.</summary>
    public static Html When(bool holds, Html markup) => holds ? markup : None;

    /// <summary>Markup for something that may not be there.</summary>
    public static Html When<T>(T? value, Func<T, Html> write)
        where T : class => value is null ? None : write(value);

    public void AppendLiteral(string literal) => text.Append(literal);

    public void AppendFormatted(Html markup) => text.Append(markup.text);

    public void AppendFormatted(IEnumerable<Html> items)
    {
        foreach (var item in items)
        {
            text.Append(item.text);
        }
    }

    public void AppendFormatted(string? value) => text.Append(WebUtility.HtmlEncode(value));

    public void AppendFormatted(long value) => text.Append(CultureInfo.InvariantCulture, $"{value}");

    public override string ToString() => text.ToString();
}
