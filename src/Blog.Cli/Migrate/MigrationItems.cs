using System.Globalization;
using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary>What <c>migrate status --json</c> writes.</summary>
/// <param name="Items">Every script of the build and of the journal, by name.</param>
sealed record MigrationItems(IReadOnlyList<MigrationItem> Items)
{
    public static MigrationItems Of(IReadOnlyList<MigrationState> states) =>
        new([
            .. states.Select(state => new MigrationItem(
                state.Script,
                state.Status switch
                {
                    MigrationStatus.Applied => "applied",
                    MigrationStatus.Pending => "pending",
                    MigrationStatus.Edited => "edited",
                    MigrationStatus.OutOfOrder => "out_of_order",
                    _ => "vanished",
                },
                state.AppliedAt,
                state.Checksum ?? state.AppliedChecksum
            )),
        ]);

    public string ToText()
    {
        var width = Items.Max(item => item.Script.Length);
        return string.Join(
            Environment.NewLine,
            Items.Select(item =>
                string.Create(
                        CultureInfo.InvariantCulture,
                        $"{item.Script.PadRight(width)}  {item.State, -12}  {item.Applied:yyyy-MM-dd HH:mm:ss}"
                    )
                    .TrimEnd()
            )
        );
    }
}

/// <summary>One script.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="State">applied, pending, edited, out_of_order or vanished.</param>
/// <param name="Applied">By the clock of the machine that applied it, without a zone as the journal has it; null where it is not.</param>
/// <param name="Checksum">SHA-256 of the script in this build, else as it was applied; null where neither is known.</param>
sealed record MigrationItem(string Script, string State, DateTime? Applied, string? Checksum);

/// <summary>What <c>migrate apply --json</c> writes.</summary>
/// <param name="Applied">In order; empty where there was nothing to do.</param>
/// <param name="Adopted">Scripts that DbUp had applied and whose checksums are stored now.</param>
sealed record MigrationRun(IReadOnlyList<MigrationRunScript> Applied, IReadOnlyList<string> Adopted)
{
    public static MigrationRun Of(MigrationReport report) =>
        new(
            [
                .. report.Applied.Select(script => new MigrationRunScript(
                    script.Name,
                    Math.Round(script.Duration.TotalMilliseconds, 1),
                    script.Attempts
                )),
            ],
            report.Adopted
        );
}

/// <summary>One script that was applied.</summary>
sealed record MigrationRunScript(string Script, double DurationMs, int Attempts);
