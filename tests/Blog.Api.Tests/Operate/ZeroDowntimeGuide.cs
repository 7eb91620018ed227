using System.Text.RegularExpressions;
using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Api.Tests.Operate;

/// <summary>The scripts of docs/operate/zero-downtime.md, in the order in which they stand there.</summary>
static partial class ZeroDowntimeGuide
{
    public static IReadOnlyList<MigrationScript> Scripts { get; } =
    [
        .. Block()
            .Matches(CarriedFile.Read("zero-downtime.md"))
            .Select(block => new MigrationScript($"{block.Groups["name"].Value}.sql", block.Groups["text"].Value)),
    ];

    /// <summary>Applies the scripts of the build and those of the guide up to and with one, as the migrator.</summary>
    public static Task<MigrationReport> ApplyUpToAsync(
        TestDatabase database,
        string name,
        CancellationToken cancellationToken
    ) =>
        new MigrationRunner(
            database.OwnerConnectionString,
            new()
            {
                Scripts =
                [
                    .. MigrationScript.LoadAll(),
                    .. Scripts.Where(script => string.CompareOrdinal(script.Name, name) <= 0),
                ],
            }
        ).ApplyAsync(cancellationToken);

    [GeneratedRegex(
        @"^```sql\n(?<text>-- (?<name>\d{4}_\w+): .*?)^```$",
        RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Block();
}
