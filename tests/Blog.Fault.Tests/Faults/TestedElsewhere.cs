using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.Fault.Tests.Faults;

/// <summary>Faults that have tests of their own: the command runs those, and says what they said.</summary>
static partial class TestedElsewhere
{
    static readonly Lazy<Task> built = new(BuildAsync);

    public static IEnumerable<KnownFault> All =>
        [
            Of(
                "F17",
                "writes that lock the same rows in opposite orders",
                "no deadlock is seen",
                "Blog.Api.Tests",
                "PostLockOrderTests",
                "ReassignRaceTests"
            ),
            Of(
                "F23",
                "random and malformed requests, made from the contract with a fixed seed",
                "no 5xx, only what the contract declares",
                "Blog.Api.Tests",
                "FuzzTests",
                "MalformedBodyTests"
            ),
            Of(
                "F24",
                "a body above the limit, with a length that lies, in chunks, cut off",
                "413, 400 or 415; nothing is stored",
                "Blog.Api.Tests",
                "Requests.LimitTests"
            ),
            Of(
                "F25",
                "too many headers, a line of 100 KB, headers that never end",
                "431, 414 or 408",
                "Blog.Api.Tests",
                "ListenerLimitTests"
            ),
            Of(
                "F26",
                "32 clients find or create the same tag at once",
                "one tag, the same id for all, no error",
                "Blog.Api.Tests",
                "TagRaceTests"
            ),
            Of(
                "F27",
                "32 writers with the same If-Match",
                "one is done, the others are 412",
                "Blog.Api.Tests",
                "RaceTests.",
                "PostRaceTests"
            ),
            Of(
                "F28",
                "32 requests at once with the same Idempotency-Key",
                "one row; the same answer for all, or 409 while it is being done",
                "Blog.Api.Tests",
                "IdempotencyRaceTests"
            ),
            Of(
                "F46",
                "blog_app tries what it has no right to",
                "42501 each time",
                "Blog.Data.Tests",
                "RoleTests",
                "RightsTests"
            ),
            Of(
                "F49",
                "the service is told to end (SIGTERM) under load",
                "what was accepted is answered; nothing is lost; it ends with 0",
                "Blog.Api.Tests",
                "ShutdownTests"
            ),
        ];

    static KnownFault Of(string id, string what, string promise, string project, params string[] classes) =>
        new(
            id,
            what,
            promise,
            $"as in {string.Join(", ", classes.Select(name => name.Split('.')[^1] is { Length: > 0 } last ? last : name.TrimEnd('.')))}",
            run => RunAsync(run, project, classes),
            Length.Elsewhere
        );

    static async Task RunAsync(FaultRun run, string project, string[] classes)
    {
        await built.Value;
        var filter = string.Join('|', classes.Select(name => $"FullyQualifiedName~{name}"));
        var (exitCode, output) = await DotnetAsync(
            "test",
            $"tests/{project}",
            "--no-build",
            "--nologo",
            "--filter",
            filter
        );
        var counts = Counts().Match(output);
        run.Measure(
            $"{counts.Groups["passed"].Value} tests of {project} passed, {counts.Groups["failed"].Value} failed"
        );
        run.Expect(
            exitCode == 0 && int.Parse("0" + counts.Groups["passed"].Value, CultureInfo.InvariantCulture) > 0,
            $"dotnet test tests/{project} --filter \"{filter}\" ended with {exitCode}: {output[^Math.Min(output.Length, 2000)..]}"
        );
    }

    static async Task BuildAsync()
    {
        foreach (var project in (string[])["Blog.Api.Tests", "Blog.Data.Tests"])
        {
            var (exitCode, output) = await DotnetAsync("build", $"tests/{project}", "--nologo", "-v", "quiet");
            if (exitCode != 0)
                throw new InvalidOperationException(output);
        }
    }

    static async Task<(int ExitCode, string Output)> DotnetAsync(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", arguments)
            {
                WorkingDirectory = Checkout.Root,
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    [GeneratedRegex("Failed: +(?<failed>[0-9]+), Passed: +(?<passed>[0-9]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Counts();
}
