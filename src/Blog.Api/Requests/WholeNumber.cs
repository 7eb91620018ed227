using System.Globalization;

namespace Blog.Api.Requests;

/// <summary>A setting that is a whole number, without a sign and from one on.</summary>
static class WholeNumber
{
    /// <summary>What is wrong with the setting, in a sentence; null where nothing is, or where it is not set.</summary>
    public static string? FaultOf(IConfiguration configuration, string setting, long atMost) =>
        configuration[setting] is not { Length: > 0 } text
        || (
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
            && number <= atMost
        )
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{setting.Replace(":", "__", StringComparison.Ordinal)} is a whole number from 1 to {atMost}, not \"{text}\"."
            );
}
