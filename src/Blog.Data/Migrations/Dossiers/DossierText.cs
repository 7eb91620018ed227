using System.Globalization;

namespace Blog.Data.Migrations.Dossiers;

/// <summary>How a dossier writes its numbers.</summary>
static class DossierText
{
    internal static string Rows(IEnumerable<TableRows> rows) =>
        string.Join(
            ", ",
            rows.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Table} {one.Rows:#,0}"))
        );

    internal static string Blocks(Blocking blocking) =>
        blocking switch
        {
            Blocking.ReadsAndWrites => "reads and writes",
            Blocking.Writes => "writes",
            _ => "nothing",
        };

    /// <summary>Two figures: what is behind them is another in the next run.</summary>
    internal static string Time(double milliseconds) =>
        milliseconds switch
        {
            < 1 => "under 1 ms",
            < 1000 => string.Create(CultureInfo.InvariantCulture, $"{TwoFigures(milliseconds):0.#} ms"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{TwoFigures(milliseconds) / 1000:0.#} s"),
        };

    /// <inheritdoc cref="Time"/>
    internal static string Bytes(long bytes) =>
        bytes switch
        {
            < 1024 => "under 1 kB",
            < 1024 * 1024 => string.Create(CultureInfo.InvariantCulture, $"{TwoFigures(bytes / 1024.0):0.#} kB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{TwoFigures(bytes / 1048576.0):0.#} MB"),
        };

    internal static string Cost(double cost) =>
        string.Create(CultureInfo.InvariantCulture, $"{TwoFigures(cost):#,0.##}");

    static double TwoFigures(double value)
    {
        if (value <= 0)
        {
            return 0;
        }

        var unit = Math.Pow(10, Math.Floor(Math.Log10(value)) - 1);
        return Math.Round(value / unit) * unit;
    }
}
