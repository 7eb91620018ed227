using System.ComponentModel;
using System.Diagnostics;

namespace Blog.Bench.Shell;

/// <summary>A program that runs to its end.</summary>
/// <param name="Name">On the PATH.</param>
/// <param name="Remedy">What to do where it is missing.</param>
sealed record Tool(string Name, string Remedy)
{
    public static readonly Tool Dotnet = new("dotnet", "Install the .NET 10 SDK.");
    public static readonly Tool Wrk = new("wrk", "It makes the load. Debian, Ubuntu: apt-get install wrk.");
    public static readonly Tool Psql = new(
        "psql",
        "It fills the database. Debian, Ubuntu: apt-get install postgresql-client."
    );
    public static readonly Tool PgBench = new(
        "pgbench",
        "It measures what the database alone can do. Debian, Ubuntu: apt-get install postgresql-contrib."
    );
    public static readonly Tool Perf = new("perf", "It takes the samples. Debian: apt-get install linux-perf.");
    public static readonly Tool Git = new("git", "It says which commit is measured.");

    /// <exception cref="BenchException">It is not on the PATH.</exception>
    public void Require()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (!folders.Any(folder => File.Exists(Path.Combine(folder, Name))))
        {
            throw Missing(null);
        }
    }

    /// <summary>Its standard output, once it has ended well.</summary>
    /// <param name="arguments">As they are.</param>
    /// <param name="environment">Besides that of this process.</param>
    /// <param name="line">Called with each line of output and errors as it comes; null: nobody wants them.</param>
    /// <param name="cancellationToken">Ends the program too.</param>
    /// <exception cref="BenchException">It is missing or has failed.</exception>
    public async Task<string> RunAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment,
        Action<string>? line,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(Name, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Checkout.Root,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            start.Environment[name] = value;
        }

        using var process = new Process { StartInfo = start };
        try
        {
            process.Start();
        }
        catch (Win32Exception failure)
        {
            throw Missing(failure);
        }

        try
        {
            var output = ReadAsync(process.StandardOutput, line, cancellationToken);
            var errors = ReadAsync(process.StandardError, line, cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0
                ? await output
                : throw new BenchException(
                    ExitCode.Failed,
                    $"{Name} {string.Join(' ', start.ArgumentList)} failed ({process.ExitCode}):\n{LastLines(await output + await errors)}"
                );
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    static async Task<string> ReadAsync(StreamReader reader, Action<string>? line, CancellationToken cancellationToken)
    {
        var all = new List<string>();
        while (await reader.ReadLineAsync(cancellationToken) is { } next)
        {
            all.Add(next);
            if (next.Length > 0)
            {
                line?.Invoke(next);
            }
        }

        return string.Concat(all.Select(one => one + "\n"));
    }

    static string LastLines(string text) =>
        string.Join('\n', text.Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(12));

    BenchException Missing(Exception? cause) =>
        new(Shell.ExitCode.Missing, $"{Name} is not installed. {Remedy}", cause);
}
