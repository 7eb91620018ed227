namespace Blog.Data.Migrations;

/// <summary>What is sent before and behind the statements of a script: by the runner, and by whoever runs a plan.</summary>
static class ScriptFrame
{
    /// <summary>A script may end as blog_owner or as anybody; the journal is written as the role that connected.</summary>
    internal static readonly IReadOnlyList<string> After = ["reset role"];

    /// <summary>The timeouts, inside of the transaction where the script has one.</summary>
    internal static IReadOnlyList<string> Before(MigrationScript script, MigrationOptions options) =>
        script.RunsInTransaction
            ?
            [
                LockTimeout(options.LockTimeout),
                $"set local statement_timeout = {options.StatementTimeout.TotalMilliseconds:0}",
            ]
            // CONCURRENTLY waits for old transactions, which blocks nobody and may take longer than any timeout.
            : ["set lock_timeout = 0", "set statement_timeout = 0"];

    internal static string LockTimeout(TimeSpan timeout) => $"set local lock_timeout = {timeout.TotalMilliseconds:0}";
}
