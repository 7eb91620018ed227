namespace Blog.Data.Migrations;

/// <summary>Every script of the build and of the journal, by name: <c>{"items":[{"script","state","applied","checksum"}]}</c>.</summary>
/// <param name="Items">In the order of their names.</param>
public sealed record MigrationList(IReadOnlyList<MigrationItem> Items)
{
    /// <summary>Describes states.</summary>
    public static MigrationList Of(IReadOnlyList<MigrationState> states) =>
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
}

/// <summary>One script.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="State">applied, pending, edited, out_of_order or vanished.</param>
/// <param name="Applied">By the clock of the machine that applied it, without a zone as the journal has it; null where it is not.</param>
/// <param name="Checksum">SHA-256 of the script in this build, else as it was applied; null where neither is known.</param>
public sealed record MigrationItem(string Script, string State, DateTime? Applied, string? Checksum);
