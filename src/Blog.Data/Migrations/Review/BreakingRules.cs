namespace Blog.Data.Migrations.Review;

/// <summary>Rules about the release that still runs while the script does: its statements must go on working.</summary>
static class BreakingRules
{
    const string SafeForm =
        "Expand, then contract: add the new beside the old and keep both in step; drop the old when no running release names it "
        + "(docs/operate/zero-downtime.md).";

    public static IEnumerable<Breach> Of(SchemaChange change, MigrationScript script, KnownSchema schema) =>
        change switch
        {
            ObjectRenamed renamed when !schema.IsNew(renamed.Table, script) =>
            [
                new(
                    ReviewRule.Rename,
                    renamed.Offset,
                    renamed.From is null
                        ? $"The service that still runs names {renamed.Table.Text}, and every one of those statements fails from here on."
                        : $"The service that still runs names {renamed.Table.Text}.{renamed.From}, and every one of those statements fails from here on.",
                    SafeForm
                ),
            ],
            ObjectDropped dropped when !schema.IsNew(dropped.Table ?? dropped.Name, script) =>
            [
                new(
                    ReviewRule.Drop,
                    dropped.Offset,
                    $"A statement of the service that still runs fails if it names the {dropped.What} {dropped.Name.Text}, and what is in it is gone.",
                    SafeForm
                ),
            ],
            _ => [],
        };
}
