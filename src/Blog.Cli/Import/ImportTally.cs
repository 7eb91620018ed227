using System.Diagnostics;
using System.Globalization;
using Blog.Cli.Shell;
using Blog.Data.Import;

namespace Blog.Cli.Import;

/// <summary>Counts an import while it runs.</summary>
sealed class ImportTally
{
    readonly Stopwatch clock = Stopwatch.StartNew();

    ImportProgress progress = new(ImportPhase.Storing, 0, 0);
    long accepted;
    long rejected;
    long posts;
    long tagLinks;
    long tags;
    long skipped;
    long violations;

    double LinesPerSecond => progress.Lines / Math.Max(clock.Elapsed.TotalSeconds, 0.001);

    public void Reach(ImportProgress now) => progress = now;

    /// <param name="bytes">Of the whole file; null where nobody knows.</param>
    public Reached Reached(long? bytes) =>
        new(
            progress.Bytes,
            bytes,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{(progress.Phase == ImportPhase.Checking ? "checking " : "")}{progress.Lines:#,0} lines, {LinesPerSecond:#,0}/s, {accepted:#,0} accepted, {rejected:#,0} rejected"
            )
        );

    public void Add(LineOutcome outcome)
    {
        switch (outcome)
        {
            case LineCreated created:
                accepted++;
                posts += created.Posts;
                tagLinks += created.TagLinks;
                tags += created.TagsCreated;
                break;
            case LineSkipped:
                skipped++;
                break;
            case LineRejected line:
                rejected++;
                violations += line.Violations;
                break;
        }
    }

    public ImportResult ToResult(string file, ImportMode mode, EarlyEnd? early, RejectedFiles report)
    {
        var exitCode =
            early?.ExitCode
            ?? (
                rejected == 0 ? ExitCode.Done
                : mode == ImportMode.Atomic ? ExitCode.Failed
                : ExitCode.SomeRejected
            );
        var seconds = Math.Round(clock.Elapsed.TotalSeconds, 3);
        return new(
            file,
            mode == ImportMode.Atomic ? "atomic" : "lines",
            progress.Lines,
            accepted,
            posts,
            tagLinks,
            tags,
            skipped,
            rejected,
            violations,
            seconds,
            Math.Round(LinesPerSecond, 1),
            report.Exist ? report.LinesPath : null,
            report.Exist ? report.ProblemsPath : null,
            exitCode,
            early?.Error
        );
    }
}
