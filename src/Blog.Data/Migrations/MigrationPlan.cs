using Blog.Data.Migrations.Review;

namespace Blog.Data.Migrations;

/// <summary>What a run would do on one database, as it is now.</summary>
/// <param name="Database">Its name.</param>
/// <param name="Server">How it was reached, and its version.</param>
/// <param name="Applied">The scripts that the journal has, by name.</param>
/// <param name="Preparation">The statements that come before the scripts; empty where the journal is as it has to be.</param>
/// <param name="Scripts">The scripts that would be applied, in order; empty where none is pending.</param>
/// <param name="Review">What the review of those scripts found, and what they allow.</param>
/// <param name="Text">All of it as a file that psql runs, line ends <c>\n</c>; the last line has the checksum of those above.</param>
/// <param name="Checksum">SHA-256 of <paramref name="Text"/> without its last line, 64 lower-case hexadecimal digits.</param>
public sealed record MigrationPlan(
    string Database,
    string Server,
    IReadOnlyList<string> Applied,
    IReadOnlyList<string> Preparation,
    IReadOnlyList<PlannedScript> Scripts,
    MigrationReview Review,
    string Text,
    string Checksum
)
{
    /// <summary>Compares with a plan that was signed, but for the line that says how the server was reached.</summary>
    /// <exception cref="MigrationException">It is another one; names the first line that differs.</exception>
    public void Require(string signed)
    {
        ArgumentNullException.ThrowIfNull(signed);
        var (signedLines, lines) = (Lines(signed), Lines(Text));
        if (!MigrationPlanText.IsWhole(signed.ReplaceLineEndings("\n")))
        {
            throw Refused(
                "The plan was changed after it was made: its last line is not the SHA-256 of those above it."
            );
        }

        for (var i = 0; i < Math.Max(signedLines.Length, lines.Length) - 2; i++)
        {
            var (then, now) = (signedLines.ElementAtOrDefault(i), lines.ElementAtOrDefault(i));
            if (
                !string.Equals(then, now, StringComparison.Ordinal)
                && !(MigrationPlanText.IsServer(then) && MigrationPlanText.IsServer(now))
            )
            {
                throw Refused(
                    $"What would be applied is not what was signed. Line {i + 1} of the plan says \"{then}\", and would say \"{now}\" now."
                );
            }
        }
    }

    static string[] Lines(string text) => text.ReplaceLineEndings("\n").Split('\n');

    static MigrationException Refused(string why) =>
        new(MigrationFailure.Unsafe, $"{why} Nothing was run. Make the plan anew, and have it signed.");
}

/// <summary>A script that would be applied.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="Checksum">SHA-256 of its text.</param>
/// <param name="InTransaction">False: its one statement stands alone, and the journal is written behind it.</param>
/// <param name="Statements">All that is sent for it, in order, with what surrounds its own.</param>
public sealed record PlannedScript(
    string Script,
    string Checksum,
    bool InTransaction,
    IReadOnlyList<string> Statements
);
