using Blog.Data.Migrations;
using Blog.Data.Migrations.Schema;

namespace Blog.Cli.Migrate;

/// <summary>What <c>migrate drift</c> and <c>migrate verify</c> say on a terminal.</summary>
static class DriftText
{
    public static string Of(DriftReport report)
    {
        var noted = report.States.Where(state => state.Status != MigrationStatus.Applied).ToArray();
        return string.Join(
            Environment.NewLine,
            [
                .. noted.Length > 0 ? [MigrationText.Of(MigrationList.Of(noted))] : Array.Empty<string>(),
                .. Schema(report),
            ]
        );
    }

    /// <summary>Each, and how many there are.</summary>
    public static IEnumerable<string> Differences(IReadOnlyList<SchemaDifference> differences) =>
        differences
            .Select(difference => difference.ToString())
            .Append(
                differences.Count == 1
                    ? "1 thing is not as sql/schema.sql says."
                    : $"{differences.Count} things are not as sql/schema.sql says."
            );

    static IEnumerable<string> Schema(DriftReport report) =>
        !report.Compared ? ["The schema was not compared: scripts are pending. Run: blog migrate apply"]
        : report.Differences.Count == 0 ? ["The schema is as sql/schema.sql says."]
        : Differences(report.Differences);
}
