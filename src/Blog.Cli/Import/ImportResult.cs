using System.Globalization;

namespace Blog.Cli.Import;

/// <summary>What an import did, for the end of it: what <c>--json</c> writes.</summary>
/// <param name="File">As it was given.</param>
/// <param name="Mode">lines or atomic.</param>
/// <param name="Lines">Lines read, blank ones included.</param>
/// <param name="Accepted">Users stored.</param>
/// <param name="Posts">Posts stored.</param>
/// <param name="TagLinks">Tags of these posts.</param>
/// <param name="Tags">Tags that were not there before.</param>
/// <param name="Skipped">Lines whose user was there already.</param>
/// <param name="Rejected">Lines that break a rule.</param>
/// <param name="Violations">How often they do.</param>
/// <param name="ElapsedSeconds">Of the import alone, without finding a database.</param>
/// <param name="LinesPerSecond">Lines read.</param>
/// <param name="RejectedFile">Null where nothing was rejected.</param>
/// <param name="ProblemsFile">Null where nothing was rejected.</param>
/// <param name="ExitCode">How the command ends.</param>
/// <param name="Error">Why the import did not come to its end; null where it did.</param>
sealed record ImportResult(
    string File,
    string Mode,
    long Lines,
    long Accepted,
    long Posts,
    long TagLinks,
    long Tags,
    long Skipped,
    long Rejected,
    long Violations,
    double ElapsedSeconds,
    double LinesPerSecond,
    string? RejectedFile,
    string? ProblemsFile,
    int ExitCode,
    string? Error
)
{
    public string ToText()
    {
        var width = Count(Math.Max(Accepted, Math.Max(Skipped, Rejected))).Length;
        var seconds = ElapsedSeconds.ToString("0.0", CultureInfo.InvariantCulture);
        List<string> lines =
        [
            $"{Count(Lines)} lines read in {seconds} s ({Count(LinesPerSecond)} lines/s)",
            $"  {Padded(Accepted)} accepted: {Count(Posts)} posts, {Count(TagLinks)} tag links, {Count(Tags)} new tags",
            $"  {Padded(Skipped)} skipped",
            $"  {Padded(Rejected)} rejected, with {Count(Violations)} violations",
        ];
        if (RejectedFile is not null)
        {
            lines.Add($"      {RejectedFile}  the lines as they were sent");
            lines.Add($"      {ProblemsFile}  what is wrong with each");
            lines.Add(
                Mode == "atomic"
                    ? "Nothing is stored. Mend these lines in the file and import it again."
                    : $"Mend the rejected lines and import them: blog import users {RejectedFile}"
            );
        }

        return string.Join(Environment.NewLine, lines);

        string Padded(long number) => Count(number).PadLeft(width);
    }

    static string Count(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
