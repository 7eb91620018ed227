using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Bench.Shell;

namespace Blog.Bench.Profile;

/// <summary>Samples of a process: which function the processor is in, some hundred times a second.</summary>
static partial class Perf
{
    const int Frequency = 499;

    const string Kernel = "the kernel: sockets, threads, memory";
    const string Framework = "ASP.NET Core and Kestrel";
    const string Libraries = "libraries of .NET: tasks, sockets, buffers, text";
    const string Runtime = "the runtime: its collector, stubs, casts";
    const string Others = "others";

    /// <summary>By the beginning of an assembly's or a library's name; the first that fits.</summary>
    static readonly (string Beginning, string Part)[] parts =
    [
        ("Blog.Api", "this service: Blog.Api"),
        ("Blog.Data", "this service: Blog.Data"),
        ("Dapper", "Dapper"),
        ("DynamicClass", "Dapper"),
        ("Npgsql", "Npgsql"),
        ("System.Text.Json", "System.Text.Json"),
        ("OpenTelemetry", "OpenTelemetry"),
        ("Microsoft.", Framework),
        ("System.", Libraries),
        ("libSystem", Libraries),
        ("libclrjit", "the runtime: its compiler"),
        ("lib", Runtime),
        ("kernel", Kernel),
        ("guest.kernel", Kernel),
    ];

    /// <summary>All there are, in the order of a table.</summary>
    public static IEnumerable<string> Parts =>
        parts.Select(part => part.Part).Append(Others).Distinct(StringComparer.Ordinal);

    public static Task RecordAsync(int process, int seconds, string file, CancellationToken cancellationToken) =>
        Tool.Perf.RunAsync(
            [
                "record",
                "-q",
                "-F",
                Frequency.ToString(CultureInfo.InvariantCulture),
                "-p",
                process.ToString(CultureInfo.InvariantCulture),
                "-o",
                file,
                "--",
                "sleep",
                seconds.ToString(CultureInfo.InvariantCulture),
            ],
            environment: null,
            line: null,
            cancellationToken
        );

    /// <summary>How many samples were in which part.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> CountAsync(
        string file,
        CancellationToken cancellationToken
    )
    {
        var samples = await Tool.Perf.RunAsync(
            ["script", "-i", file, "-F", "ip,sym,dso"],
            environment: null,
            line: null,
            cancellationToken
        );
        return samples
            .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .CountBy(PartOf, StringComparer.Ordinal)
            .ToDictionary(part => part.Key, part => (long)part.Value, StringComparer.Ordinal);
    }

    /// <summary>
    /// Of <c>instance void [Npgsql] Npgsql.X::Y()[Tier1] (/tmp/perf-1.map)</c>, what is compiled by the runtime, of <c>x (/usr/lib/libx.so)</c>,
    /// and of <c>x ([kernel.kallsyms])</c>.
    /// </summary>
    static string PartOf(string sample)
    {
        var place = Place().Match(sample) is { Success: true } found ? found.Groups["place"].Value : "";
        var name =
            place.EndsWith(".map", StringComparison.Ordinal) && Assembly().Match(sample) is { Success: true } compiled
                ? compiled.Groups["name"].Value
                : Path.GetFileName(place.Trim('[', ']'));
        return parts.FirstOrDefault(part => name.StartsWith(part.Beginning, StringComparison.Ordinal)).Part ?? Others;
    }

    [GeneratedRegex(@"\((?<place>[^()]*)\)$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Place();

    [GeneratedRegex(@"\[(?<name>\w[\w.]*)\] ", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Assembly();
}
