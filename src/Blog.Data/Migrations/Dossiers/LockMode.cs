namespace Blog.Data.Migrations.Dossiers;

/// <summary>What a lock keeps others from while it is held.</summary>
public enum Blocking
{
    /// <summary>Whoever reads and whoever writes goes on.</summary>
    Nothing,

    /// <summary>Whoever writes waits; whoever reads goes on.</summary>
    Writes,

    /// <summary>Everybody waits.</summary>
    ReadsAndWrites,
}

/// <summary>The modes of a lock on a table, as pg_locks calls them, from the weakest.</summary>
static class LockMode
{
    /// <summary>What every read takes, and nothing but AccessExclusiveLock conflicts with.</summary>
    internal const string OfReading = "AccessShareLock";

    static readonly string[] modes =
    [
        OfReading,
        "RowShareLock",
        "RowExclusiveLock",
        "ShareUpdateExclusiveLock",
        "ShareLock",
        "ShareRowExclusiveLock",
        "ExclusiveLock",
        "AccessExclusiveLock",
    ];

    /// <summary>The strongest of some, at least one.</summary>
    internal static string Strongest(IEnumerable<string> some) => some.MaxBy(mode => Array.IndexOf(modes, mode))!;

    /// <summary>
    /// What a mode does to those who read (AccessShareLock) and those who write (RowExclusiveLock), by the table of conflicts in
    /// PostgreSQL's manual, "Table-Level Locks".
    /// </summary>
    internal static Blocking Of(string mode) =>
        mode switch
        {
            "AccessExclusiveLock" => Blocking.ReadsAndWrites,
            "ExclusiveLock" or "ShareRowExclusiveLock" or "ShareLock" => Blocking.Writes,
            _ => Blocking.Nothing,
        };
}
