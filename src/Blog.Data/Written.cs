namespace Blog.Data;

/// <summary>What became of a write to one row that may have been bound to a version: done, stale, not the writer's, or no such row.</summary>
public abstract record Written<T>
{
    Written() { }

    /// <summary>It was written.</summary>
    /// <param name="Value">What the write returns.</param>
    public sealed record Done(T Value) : Written<T>;

    /// <summary>The row has another version than any that was expected; nothing was written.</summary>
    /// <param name="Current">How new the row is.</param>
    public sealed record Stale(Revision Current) : Written<T>;

    /// <summary>The row belongs to somebody else, whatever its version; nothing was written.</summary>
    public sealed record Foreign : Written<T>;

    /// <summary>There is no such row; nothing was written.</summary>
    public sealed record Absent : Written<T>;
}
