namespace Blog.Data.Migrations;

/// <summary>What a run did. Both lists are empty when there was nothing to do.</summary>
/// <param name="Applied">The scripts it applied, in order.</param>
/// <param name="Adopted">The scripts that DbUp had applied and whose checksums are now stored, in order.</param>
public sealed record MigrationReport(IReadOnlyList<AppliedScript> Applied, IReadOnlyList<string> Adopted);

/// <summary>A script that a run applied.</summary>
/// <param name="Name">Its file name.</param>
/// <param name="Duration">How long the try that succeeded took.</param>
/// <param name="Attempts">How many tries it took, from 1.</param>
public sealed record AppliedScript(string Name, TimeSpan Duration, int Attempts);

/// <summary>One script, as the build and the journal see it.</summary>
/// <param name="Script">Its file name.</param>
/// <param name="Status">How the two compare.</param>
/// <param name="AppliedAt">When it was applied, by the local clock of the machine that did; null when it was not.</param>
/// <param name="Checksum">SHA-256 of the script in this build; null when it has vanished.</param>
/// <param name="AppliedChecksum">SHA-256 of the script as applied; null when it was not, or when DbUp did and no run has adopted it yet.</param>
public sealed record MigrationState(
    string Script,
    MigrationStatus Status,
    DateTime? AppliedAt,
    string? Checksum,
    string? AppliedChecksum
);

/// <summary>How a script of the build compares with the journal.</summary>
public enum MigrationStatus
{
    /// <summary>Applied, and unchanged since.</summary>
    Applied,

    /// <summary>Not applied yet.</summary>
    Pending,

    /// <summary>Applied, and edited since.</summary>
    Edited,

    /// <summary>Not applied, though a later one is.</summary>
    OutOfOrder,

    /// <summary>Applied, and missing from this build.</summary>
    Vanished,
}
