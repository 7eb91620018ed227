namespace Blog.Data.Import;

/// <summary>
/// The database failed in the middle of an import, for a reason that is not about the line. In mode lines every outcome before
/// it holds, in mode atomic nothing is stored; <see cref="Exception.InnerException"/> is what <see cref="DatabaseFailure.Of"/> reads.
/// </summary>
/// <param name="line">The line under way, or the last one when the commit of all of them failed.</param>
/// <param name="isOutcomeUnknown">Whether the connection was lost during the commit.</param>
/// <param name="cause">The failure of the database.</param>
public sealed class ImportStoppedException(long line, bool isOutcomeUnknown, Exception cause)
    : Exception($"The database failed at line {line}.", cause)
{
    /// <summary>The line under way, from 1; in mode atomic the last one when the commit of all of them failed.</summary>
    public long Line => line;

    /// <summary>Whether that line, in mode atomic the whole, may be stored all the same: the connection was lost while the commit was on its way.</summary>
    public bool IsOutcomeUnknown => isOutcomeUnknown;
}
