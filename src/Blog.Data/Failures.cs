using System.Data.Common;

namespace Blog.Data;

/// <summary>There is more to do than the pool of connections can take; nothing was sent.</summary>
/// <param name="what">Why.</param>
public sealed class PoolQueueException(string what) : DbException(what);

/// <summary>No connection to the database could be opened; nothing was sent.</summary>
/// <param name="cause">How it failed.</param>
public sealed class NoConnectionException(Exception cause)
    : DbException($"The database took no connection: {cause.Message}", cause);

/// <summary>The connection was lost in the middle of what came over it.</summary>
/// <param name="cause">How that showed.</param>
public sealed class ConnectionLostException(Exception cause) : DbException("The connection was lost.", cause);

/// <summary>The database has said nothing until the deadline, and nothing to its cancellation; nothing of it was committed.</summary>
public sealed class UnansweredException() : DbException("The database has not answered until the deadline.");

/// <summary>The connection was lost while a write was being committed, or nobody knows for how long it will be there: it may be stored, whole, or not at all.</summary>
/// <param name="cause">How it was lost; null where the server said that it cannot vouch for it.</param>
public sealed class OutcomeUnknownException(Exception? cause)
    : DbException("The write was being committed when the word of it was lost.", cause);
