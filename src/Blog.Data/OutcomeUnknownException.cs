using System.Data.Common;

namespace Blog.Data;

/// <summary>The connection was lost while a write was being committed: it may be stored, whole, or not at all.</summary>
/// <param name="cause">How it was lost.</param>
public sealed class OutcomeUnknownException(Exception cause)
    : DbException("The connection was lost while the write was being committed.", cause);
