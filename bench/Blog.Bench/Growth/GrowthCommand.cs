using System.CommandLine;
using System.Globalization;
using Blog.Bench.Measure;
using Blog.Bench.Shell;

namespace Blog.Bench.Growth;

/// <summary>What a request costs while the tables grow, as a command.</summary>
static class GrowthCommand
{
    const string Page = "bench/GROWTH.md";
    const string Curve = "bench/growth.svg";
    static readonly Pace usual = new(IsShort: false, Count: 4, Seconds: 5, WarmUpSeconds: 5);

    public static Command Create()
    {
        var posts = new Option<string>("--posts")
        {
            Description = "Sizes of the database, from the smallest",
            DefaultValueFactory = _ => "10000,200000,2000000",
        };
        var rounds = BenchCommand.NumberOption("--rounds", $"Rounds of an endpoint [default: {usual.Count}]");
        var seconds = BenchCommand.NumberOption(
            "--seconds",
            $"Of one load and of its warm-up [default: {usual.Seconds}]"
        );
        var data = BenchCommand.DataOption();
        var write = new Option<bool>("--write") { Description = $"Write {Page} and {Curve}; else the page is printed" };
        var command = new Command(
            "growth",
            "Measures this service alone, on databases of several sizes at once. Takes some quarter of an hour once they are filled."
        )
        {
            posts,
            rounds,
            seconds,
            data,
            write,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                var pace = usual with
                {
                    Count = parsed.GetValue(rounds) ?? usual.Count,
                    Seconds = parsed.GetValue(seconds) ?? usual.Seconds,
                    WarmUpSeconds = parsed.GetValue(seconds) ?? usual.WarmUpSeconds,
                };
                var sizes = SizesOf(parsed.GetValue(posts)!);
                BenchOptions.RequireTools();
                var options = new BenchOptions(pace, [], sizes[0], Checkout.At(parsed.GetValue(data)!));
                var results = await new GrowthRun(options, sizes).RunAsync(cancellationToken);
                var writes = parsed.GetValue(write);
                await BenchCommand.PutAsync(GrowthPage.Of(results), writes ? Page : null, cancellationToken);
                if (writes)
                {
                    await BenchCommand.PutAsync(GrowthCurve.Of(results), Curve, cancellationToken);
                }

                return ExitCode.Done;
            }
        );
        return command;
    }

    static List<long> SizesOf(string text)
    {
        var sizes = new List<long>();
        foreach (var part in text.Split(','))
        {
            if (
                !long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var size)
                || size < BenchOptions.FewestPosts
                || (sizes.Count > 0 && size <= sizes[^1])
            )
            {
                throw new BenchException(
                    ExitCode.Usage,
                    $"--posts {text}: sizes are whole numbers from {BenchOptions.FewestPosts} on, the smallest first, commas between them."
                );
            }

            sizes.Add(size);
        }

        return sizes.Count > 1
            ? sizes
            : throw new BenchException(ExitCode.Usage, "--posts needs two sizes at least to see any growth.");
    }
}
