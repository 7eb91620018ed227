namespace Blog.Data;

/// <summary>
/// How new something read is: its own version, which moves with everything below it, and the epoch of all tag names.
/// Equal revisions of one row mean equal representations.
/// </summary>
public readonly record struct Revision(long Version, long TagEpoch);
