using System.Net.Sockets;
using Npgsql;

namespace Blog.Data;

/// <summary>Why the database did not do what it was asked, in the terms of a caller.</summary>
public enum FailureKind
{
    /// <summary>It cannot be reached, is starting, or is going away. Trying again helps.</summary>
    Unavailable,

    /// <summary>The connection to it was lost while a write was being committed: that may be stored or not.</summary>
    OutcomeUnknown,

    /// <summary>It, or the queue in front of its connections, has too much to do. Trying again helps, a little later.</summary>
    Overloaded,

    /// <summary>There is no room to write; reading still works.</summary>
    StorageFull,

    /// <summary>Its schema is not the one that the statements were written for.</summary>
    SchemaMismatch,

    /// <summary>The statement took longer than it may.</summary>
    TimedOut,

    /// <summary>Another write was at the same rows. Trying again helps.</summary>
    WriteConflict,

    /// <summary>A right is missing, or a transaction was left open: whoever operates it has to look.</summary>
    Misconfigured,

    /// <summary>Something in the server is wrong, its data perhaps.</summary>
    Damaged,

    /// <summary>The values were refused; <see cref="DatabaseFailure.Constraint"/> says by which rule, where a client can know it.</summary>
    Refused,
}

/// <summary>The one place that reads SQLSTATE codes and Npgsql's exceptions.</summary>
/// <param name="Kind">What kind of failure it is.</param>
/// <param name="Constraint">Set only where the kind is <see cref="FailureKind.Refused"/>; null there for a rule that no client can break on its own.</param>
public sealed record DatabaseFailure(FailureKind Kind, ConstraintMeaning? Constraint = null)
{
    const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>Reads an exception that came out of this assembly.</summary>
    /// <returns>Null where it is none of the database's: a bug.</returns>
    public static DatabaseFailure? Of(Exception exception) =>
        exception switch
        {
            PostgresException { ConstraintName: { } name }
                when Conflict.ByConstraint.TryGetValue(name, out var meaning) => new(FailureKind.Refused, meaning),
            PostgresException { ConstraintName: { } name } when Conflict.Races.Contains(name) => new(
                FailureKind.WriteConflict
            ),
            PostgresException postgres when IsOtherwisePrepared(postgres) => new(FailureKind.Unavailable),
            PostgresException postgres => OfSqlState(postgres.SqlState) is { } kind ? new(kind) : null,
            WriteConflictException => new(FailureKind.WriteConflict),
            OutcomeUnknownException => new(FailureKind.OutcomeUnknown),
            PoolQueueException => new(FailureKind.Overloaded),
            NoConnectionException => new(FailureKind.Unavailable),
            UnansweredException or NpgsqlException { InnerException: TimeoutException } => new(FailureKind.TimedOut),
            _ when IsLossOfConnection(exception) => new(FailureKind.Unavailable),
            NpgsqlException { IsTransient: true } => new(FailureKind.Unavailable),
            _ => null,
        };

    /// <summary>
    /// Whether the server has gone, without a word or with the one that it says at any moment, also in the middle of a commit: what it has
    /// done last, it did not say.
    /// </summary>
    internal static bool IsLossOfConnection(Exception exception) =>
        exception
            is ConnectionLostException
                or NpgsqlException { InnerException: IOException or SocketException }
                or PostgresException { SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown };

    /// <summary>
    /// Whether what is prepared on the connection is not what the driver takes it for: a column that it returns was of another type, or a name is
    /// gone or taken. Nothing of the statement was done, and on another connection it is prepared anew.
    /// </summary>
    internal static bool IsOtherwisePrepared(PostgresException failure) =>
        failure
            is { SqlState: PostgresErrorCodes.FeatureNotSupported, Routine: "RevalidateCachedQuery" }
                or {
                    SqlState: PostgresErrorCodes.DuplicatePreparedStatement
                        or PostgresErrorCodes.InvalidSqlStatementName
                };

    /// <summary>
    /// Whether statements were prepared for something else than there is: tables, columns, functions or rights (class 42 and 3F000) are not
    /// what they were, or nobody knows any longer what is prepared.
    /// </summary>
    internal static bool IsOfAnotherSchema(PostgresException failure) =>
        IsOtherwisePrepared(failure)
        || failure.SqlState is PostgresErrorCodes.InvalidSchemaName
        || failure.SqlState.StartsWith("42", StringComparison.Ordinal);

    // https://www.postgresql.org/docs/current/errcodes-appendix.html
    static FailureKind? OfSqlState(string sqlState) =>
        sqlState switch
        {
            PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => FailureKind.WriteConflict,
            PostgresErrorCodes.LockNotAvailable => FailureKind.Overloaded,
            PostgresErrorCodes.QueryCanceled => FailureKind.TimedOut,
            PostgresErrorCodes.DiskFull => FailureKind.StorageFull,
            PostgresErrorCodes.UndefinedTable
            or PostgresErrorCodes.UndefinedColumn
            or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.InvalidSchemaName => FailureKind.SchemaMismatch,
            PostgresErrorCodes.InsufficientPrivilege or IdleInTransactionSessionTimeout => FailureKind.Misconfigured,
            PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.ConfigurationLimitExceeded
            or PostgresErrorCodes.AdminShutdown
            or PostgresErrorCodes.CrashShutdown
            or PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.InvalidCatalogName
            or PostgresErrorCodes.ObjectNotInPrerequisiteState
            or PostgresErrorCodes.ReadOnlySqlTransaction
            or PostgresErrorCodes.InvalidPassword
            or PostgresErrorCodes.InvalidAuthorizationSpecification => FailureKind.Unavailable,
            _ when sqlState.StartsWith("XX", StringComparison.Ordinal) => FailureKind.Damaged,
            _ when sqlState.StartsWith("08", StringComparison.Ordinal) => FailureKind.Unavailable,
            _ when sqlState.StartsWith("22", StringComparison.Ordinal) => FailureKind.Refused,
            _ when sqlState.StartsWith("23", StringComparison.Ordinal) => FailureKind.Refused,
            _ => null,
        };
}
