using Blog.Data.Migrations;

namespace Blog.Cli.Migrate;

/// <summary>What <c>migrate apply --json</c> writes.</summary>
/// <param name="Applied">In order; empty where there was nothing to do.</param>
/// <param name="Adopted">Scripts that DbUp had applied and whose checksums are stored now.</param>
sealed record MigrationRun(IReadOnlyList<MigrationRunScript> Applied, IReadOnlyList<string> Adopted)
{
    public static MigrationRun Of(MigrationReport report) =>
        new(
            [
                .. report.Applied.Select(script => new MigrationRunScript(
                    script.Name,
                    Math.Round(script.Duration.TotalMilliseconds, 1),
                    script.Attempts
                )),
            ],
            report.Adopted
        );
}

/// <summary>One script that was applied.</summary>
sealed record MigrationRunScript(string Script, double DurationMs, int Attempts);
