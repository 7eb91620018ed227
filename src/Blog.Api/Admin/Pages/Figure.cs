using System.Globalization;

namespace Blog.Api.Admin.Pages;

/// <summary>Figures as people read them; a dash where there is none.</summary>
static class Figure
{
    const string None = "–";
    const double MsOfSecond = 1000;
    const double KiBOfBlock = 8;
    const double KiBOfMiB = 1024;

    public static string Count(double? value) =>
        value is { } number ? number.ToString("#,0", CultureInfo.InvariantCulture) : None;

    public static string Ms(double? value) =>
        value switch
        {
            null => None,
            >= 10 * MsOfSecond => string.Create(CultureInfo.InvariantCulture, $"{value.Value / MsOfSecond:#,0.0} s"),
            >= 100 => string.Create(CultureInfo.InvariantCulture, $"{value.Value:#,0} ms"),
            >= 1 => string.Create(CultureInfo.InvariantCulture, $"{value.Value:0.0} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{value.Value:0.000} ms"),
        };

    public static string Percent(double? share) =>
        share is { } part ? string.Create(CultureInfo.InvariantCulture, $"{part * 100:0.0} %") : None;

    /// <summary>Blocks of 8 KiB, and what that is.</summary>
    public static string Blocks(long blocks) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{blocks:#,0} {(blocks == 1 ? "block" : "blocks")}{(blocks * KiBOfBlock >= KiBOfMiB ? $" ({blocks * KiBOfBlock / KiBOfMiB:#,0.0} MiB)" : "")}"
        );

    public static string Moment(DateTime moment) =>
        moment.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>A part of a whole as a bar; for the eye only, the figure stands beside it.</summary>
    public static Html Bar(double part) =>
        $"""<svg class="bar" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="6"/><rect width="{Width(part)}" height="6"/></svg>""";

    static string Width(double part) => Math.Clamp(part * 100, 0, 100).ToString("0.##", CultureInfo.InvariantCulture);
}
