namespace Blog.Data.Import;

/// <summary>
/// The database failed in the middle of an import, for a reason that is not about a line. In mode lines every outcome before
/// it holds, in mode atomic nothing is stored; <see cref="Exception.InnerException"/> is what <see cref="DatabaseFailure.Of"/> reads.
/// </summary>
/// <param name="firstLine">The first line without outcome.</param>
/// <param name="lastLine">The last line that was sent.</param>
/// <param name="isOutcomeUnknown">Whether the connection was lost during the commit.</param>
/// <param name="cause">The failure of the database.</param>
public sealed class ImportStoppedException(long firstLine, long lastLine, bool isOutcomeUnknown, Exception cause)
    : Exception($"The database failed at lines {firstLine} to {lastLine}.", cause)
{
    /// <summary>The first line without outcome, from 1.</summary>
    public long FirstLine => firstLine;

    /// <summary>The last line that was sent; those between are stored together or not at all.</summary>
    public long LastLine => lastLine;

    /// <summary>Whether these lines may be stored all the same: the connection was lost while their commit was on its way.</summary>
    public bool IsOutcomeUnknown => isOutcomeUnknown;
}
