using System.Diagnostics;
using Blog.Cli.Shell;
using Blog.Data.Import;

namespace Blog.Cli.Import;

/// <summary>Counts an import while it runs.</summary>
sealed class ImportTally
{
    readonly Stopwatch clock = Stopwatch.StartNew();

    public ImportProgress Progress { get; private set; }
    public long Accepted { get; private set; }
    public long Rejected { get; private set; }
    public double LinesPerSecond => Progress.Lines / Math.Max(clock.Elapsed.TotalSeconds, 0.001);
    public TimeSpan Elapsed => clock.Elapsed;

    long posts;
    long tagLinks;
    long tags;
    long skipped;
    long violations;

    public void Reach(ImportProgress progress) => Progress = progress;

    public void Add(LineOutcome outcome)
    {
        switch (outcome)
        {
            case LineCreated created:
                Accepted++;
                posts += created.Posts;
                tagLinks += created.TagLinks;
                tags += created.TagsCreated;
                break;
            case LineSkipped:
                skipped++;
                break;
            case LineRejected rejected:
                Rejected++;
                violations += rejected.Violations;
                break;
        }
    }

    public ImportResult ToResult(string file, ImportMode mode, EarlyEnd? early, RejectedFiles report)
    {
        var exitCode =
            early?.ExitCode
            ?? (
                Rejected == 0 ? ExitCode.Done
                : mode == ImportMode.Atomic ? ExitCode.Failed
                : ExitCode.SomeRejected
            );
        var seconds = Math.Round(clock.Elapsed.TotalSeconds, 3);
        return new(
            file,
            mode == ImportMode.Atomic ? "atomic" : "lines",
            Progress.Lines,
            Accepted,
            posts,
            tagLinks,
            tags,
            skipped,
            Rejected,
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
