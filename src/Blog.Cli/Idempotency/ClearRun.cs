using System.Data.Common;
using System.Diagnostics;
using Blog.Cli.Database;
using Blog.Cli.Shell;
using Blog.Data;
using Blog.Data.Idempotency;

namespace Blog.Cli.Idempotency;

/// <summary>One run of <c>blog idempotency clear</c>.</summary>
sealed record ClearRun(int Batch, bool Json, string? Connection)
{
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var database = await ServedDatabase.FindReadyAsync(
            Connection,
            Json ? null : Console.Error.WriteLine,
            cancellationToken
        );
        await using var data = new BlogData(database.ConnectionString);
        var tally = new ClearTally();
        var result = await Meter.ShowAsync(
            tally.Reach,
            isQuiet: Json,
            step => ClearAsync(data, tally, step, cancellationToken)
        );
        Console.WriteLine(Json ? CliJson.Write(result) : result.ToText());
        if (result.Error is not null)
        {
            await Console.Error.WriteLineAsync(result.Error);
        }

        return result.ExitCode;
    }

    async Task<ClearResult> ClearAsync(
        BlogData data,
        ClearTally tally,
        Action step,
        CancellationToken cancellationToken
    )
    {
        try
        {
            await new ExpiredKeys(data).ClearExpiredKeysAsync(
                Batch,
                deleted =>
                {
                    tally.Add(deleted);
                    step();
                },
                cancellationToken
            );
            return tally.ToResult(ExitCode.Done, error: null);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return tally.ToResult(ExitCode.Interrupted, "Interrupted. The batches before are deleted.");
        }
        catch (DbException failure)
        {
            return tally.ToResult(
                ExitCode.Failed,
                DatabaseFailure.Of(failure) is { Kind: FailureKind.TimedOut }
                    ? "A batch took longer than a statement may. The batches before are deleted. Try a smaller --batch."
                    : $"The database failed: {failure.Message} The batches before are deleted."
            );
        }
    }
}

/// <summary>Counts a run while it goes on.</summary>
sealed class ClearTally
{
    readonly Stopwatch clock = Stopwatch.StartNew();
    long deleted;
    long batches;

    public void Add(int ofBatch)
    {
        deleted += ofBatch;
        batches += ofBatch > 0 ? 1 : 0;
    }

    public Reached Reach() =>
        new(
            deleted,
            All: null,
            FormattableString.Invariant(
                $"{deleted:#,0} expired keys deleted, {deleted / Math.Max(0.001, clock.Elapsed.TotalSeconds):#,0}/s"
            )
        );

    public ClearResult ToResult(int exitCode, string? error) =>
        new(deleted, batches, Math.Round(clock.Elapsed.TotalSeconds, 3), exitCode, error);
}

/// <summary>What a run did, for the end of it: what <c>--json</c> writes.</summary>
/// <param name="Deleted">Keys.</param>
/// <param name="Batches">In how many batches; those that found nothing are not counted.</param>
/// <param name="ElapsedSeconds">Without finding a database.</param>
/// <param name="ExitCode">How the command ends.</param>
/// <param name="Error">Why it did not come to its end; null where it did.</param>
sealed record ClearResult(long Deleted, long Batches, double ElapsedSeconds, int ExitCode, string? Error)
{
    public string ToText() =>
        FormattableString.Invariant(
            $"{Deleted:#,0} expired {(Deleted == 1 ? "key" : "keys")} deleted in {Batches:#,0} {(Batches == 1 ? "batch" : "batches")}, {ElapsedSeconds:0.0} s"
        );
}
