using System.Globalization;
using System.Runtime.InteropServices;
using Blog.Bench.Shell;

namespace Blog.Bench.Stage;

/// <summary>What it ran on.</summary>
/// <param name="Processor">Its name, as the kernel knows it.</param>
/// <param name="Cores">How many.</param>
/// <param name="MemoryGigabytes">Of the machine.</param>
/// <param name="Kernel">Name and version.</param>
/// <param name="Runtime">.NET, of the services too.</param>
/// <param name="PostgreSql">The version of the server.</param>
/// <param name="Commit">What was measured; where files differ from it with a plus sign, and what that means.</param>
/// <param name="LoadBefore">The load average of the last minute, before the first service was started.</param>
sealed record Machine(
    string Processor,
    int Cores,
    double MemoryGigabytes,
    string Kernel,
    string Runtime,
    string PostgreSql,
    string Commit,
    string LoadBefore
)
{
    public static async Task<Machine> LookAsync(FilledServer server, CancellationToken cancellationToken)
    {
        var commit = await Tool.Git.RunAsync(["rev-parse", "--short", "HEAD"], null, null, cancellationToken);
        var changed = await Tool.Git.RunAsync(
            ["status", "--porcelain", "--untracked-files=no"],
            null,
            null,
            cancellationToken
        );
        return new(
            Value("/proc/cpuinfo", "model name") ?? RuntimeInformation.ProcessArchitecture.ToString(),
            Environment.ProcessorCount,
            double.Parse(Value("/proc/meminfo", "MemTotal")!.Split(' ')[0], CultureInfo.InvariantCulture)
                / (1024 * 1024),
            $"Linux {(await File.ReadAllTextAsync("/proc/sys/kernel/osrelease", cancellationToken)).Trim()} ({RuntimeInformation.OSDescription})",
            RuntimeInformation.FrameworkDescription,
            (await server.ListAsync<string>("show server_version", cancellationToken))[0],
            commit.Trim() + (changed.Length > 0 ? "+ (+: with changes that were not committed)" : ""),
            (await File.ReadAllTextAsync("/proc/loadavg", cancellationToken)).Split(' ')[0]
        );
    }

    /// <summary>What stands behind the colon of the first such line; null where there is none.</summary>
    static string? Value(string file, string name) =>
        File.ReadLines(file)
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault();
}
