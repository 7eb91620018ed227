using System.Data.Common;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Import;

namespace Blog.Cli.Import;

/// <summary>One run of <c>blog import users</c>.</summary>
sealed record ImportRun(
    string File,
    ImportMode Mode,
    bool SkipExisting,
    string? Rejected,
    bool Overwrite,
    bool Json,
    string? Connection
)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var source = ImportSource.Open(File);
        await using var report = RejectedFiles.Prepare(source, Rejected, Overwrite);
        await using var database = await ServedDatabase.FindReadyAsync(
            Connection,
            Json ? null : Console.Error.WriteLine,
            cancellationToken
        );
        await using var data = new BlogData(database.ConnectionString);

        var tally = new ImportTally();
        var end = await Meter.ShowAsync(
            () => tally.Reached(source.Length),
            isQuiet: Json,
            step => ImportAsync(data, source, report, tally, step, cancellationToken)
        );
        var result = tally.ToResult(source.Name, Mode, end, report);
        Console.WriteLine(Json ? CliJson.Write(result) : result.ToText());
        if (result.Error is not null)
        {
            await Console.Error.WriteLineAsync(result.Error);
        }

        return result.ExitCode;
    }

    /// <returns>Why the import ended early; null where it came to its end.</returns>
    async Task<EarlyEnd?> ImportAsync(
        BlogData data,
        ImportSource source,
        RejectedFiles report,
        ImportTally tally,
        Action step,
        CancellationToken cancellationToken
    )
    {
        var options = new ImportOptions
        {
            Mode = Mode,
            SkipExisting = SkipExisting,
            OnTooLong = report.AddPieceAsync,
            Progress = progress =>
            {
                tally.Reach(progress);
                step();
            },
        };
        try
        {
            var outcomes = new UserImport(data).ImportUsersAsync(source.Stream, options, cancellationToken);
            await foreach (var outcome in outcomes)
            {
                if (outcome is LineRejected rejected)
                {
                    await report.AddAsync(rejected);
                }

                tally.Add(outcome);
            }

            return null;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new(ExitCode.Interrupted, $"Interrupted. {Kept()}");
        }
        catch (ImportStoppedException stopped) when (stopped.IsOutcomeUnknown)
        {
            var what = Mode == ImportMode.Atomic ? "the import" : Lines(stopped);
            return new(
                ExitCode.Failed,
                $"The connection was lost while {what} was being committed: it may be stored or not. {stopped.InnerException!.Message}"
            );
        }
        catch (ImportStoppedException stopped)
        {
            return new(
                ExitCode.Failed,
                $"The database failed at {Lines(stopped)}: {stopped.InnerException!.Message} {Kept()}"
            );
        }
        catch (Exception failure) when (failure is DbException or IOException)
        {
            return new(ExitCode.Failed, $"The import failed: {failure.Message} {Kept()}");
        }
    }

    static string Lines(ImportStoppedException stopped) =>
        stopped.FirstLine == stopped.LastLine
            ? $"line {stopped.FirstLine}"
            : $"lines {stopped.FirstLine} to {stopped.LastLine}";

    string Kept() =>
        Mode == ImportMode.Atomic
            ? "Nothing is stored."
            : "The lines before are stored or rejected as the summary says; send the file again with --skip-existing.";
}

/// <summary>An import that did not come to its end.</summary>
/// <param name="ExitCode">How the command ends.</param>
/// <param name="Error">What happened, and what is stored.</param>
sealed record EarlyEnd(int ExitCode, string Error);
