using System.CommandLine;
using System.Globalization;
using Blog.Fault.Tests.Faults;
using Blog.Fault.Tests.Report;
using Blog.Fault.Tests.Stage;
using Xunit.Runner.InProc.SystemConsole;

namespace Blog.Fault.Tests;

/// <summary>All faults and their table, as a command. What a test runner asks of this program goes to xunit.</summary>
static class FaultCommand
{
    const int ExitBroken = 1;
    const int ExitUsage = 64;

    static Task<int> Main(string[] args) =>
        args.All(argument =>
            argument is "-h" or "-?" || !argument.StartsWith('-') || argument.StartsWith("--", StringComparison.Ordinal)
        ) && !args.Any(argument => argument.StartsWith('@'))
            ? Create().Parse(args).InvokeAsync()
            : ConsoleRunner.Run(args);

    static RootCommand Create()
    {
        var write = new Option<string>("--write") { Description = "Write the table to this file" };
        var only = new Option<string>("--only") { Description = "Some faults only, by id: F01,F09" };
        var isShort = new Option<bool>("--short") { Description = "Those only that dotnet test runs too" };
        var root = new RootCommand(
            "Makes faults happen and holds what is promised against what comes of it. Ends with 1 where a promise is broken. All of it takes about a quarter of an hour."
        )
        {
            write,
            only,
            isShort,
        };
        root.SetAction(parsed =>
            RunAsync(parsed.GetValue(write), parsed.GetValue(only)?.Split(',') ?? [], parsed.GetValue(isShort))
        );
        return root;
    }

    static async Task<int> RunAsync(string? file, string[] only, bool isShort)
    {
        if (
            only.Except(KnownFaults.All.Select(fault => fault.Id), StringComparer.Ordinal).FirstOrDefault() is
            { } unknown
        )
        {
            await Console.Error.WriteLineAsync(
                $"There is no fault {unknown}. There are {string.Join(", ", KnownFaults.All)}."
            );
            return ExitUsage;
        }

        KnownFault[] chosen =
        [
            .. KnownFaults
                .All.Where(fault => only.Length == 0 || only.Contains(fault.Id, StringComparer.Ordinal))
                .Where(fault => !isShort || fault.Length == Length.Short),
        ];
        var results = new List<FaultResult>();
        await using var scenes = new Scenes();
        foreach (var fault in chosen.OrderBy(fault => fault.Length))
        {
            Console.WriteLine($"{fault.Id}  {fault.What}");
            var result = await FaultResult.OfAsync(
                fault,
                scenes,
                isThorough: !isShort,
                line => Console.WriteLine($"     {line}")
            );
            results.Add(result);
            Console.WriteLine(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"     {(result.Holds ? "holds" : "BROKEN")} after {result.Seconds:0.0} s: {result.Measured}"
                )
            );
            foreach (var broken in result.Broken)
                Console.WriteLine($"     - {broken}");
            // After each, so that what was measured is kept where it is interrupted.
            if (file is not null)
                await WriteAsync(file, results, isShort, (await scenes.SharedAsync()).Cluster.Major);
        }

        var holding = results.Count(result => result.Holds);
        Console.WriteLine($"{holding} of {results.Count} hold");
        return holding == results.Count ? 0 : ExitBroken;
    }

    static async Task WriteAsync(string file, List<FaultResult> results, bool isShort, int postgres)
    {
        var path = Path.Combine(Checkout.Root, file);
        var before = File.Exists(path) ? await File.ReadAllTextAsync(path) : "";
        var remark = isShort ? " They were held to four times their bounds, as in the tests." : "";
        await File.WriteAllTextAsync(path, FaultTable.Of(before, results, remark, postgres));
    }
}
