using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Blog.Bench.Measure;
using Blog.Bench.Report;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench;

/// <summary>The benchmark as a command.</summary>
static class BenchCommand
{
    const string DefaultFile = "bench/RESULTS.md";

    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static Option<string> DataOption() =>
        new("--data")
        {
            Description = "Folder that keeps databases and published services between runs",
            DefaultValueFactory = _ => ".data/bench",
        };

    public static Option<long> PostsOption()
    {
        var posts = new Option<long>("--posts")
        {
            Description = "Posts in the database",
            DefaultValueFactory = _ => 1_000_000,
        };
        posts.Validators.Add(result =>
        {
            if (
                result.Tokens is [var token]
                && long.TryParse(token.Value, CultureInfo.InvariantCulture, out var number)
                && number < BenchOptions.FewestPosts
            )
            {
                result.AddError($"--posts is a whole number from {BenchOptions.FewestPosts} on.");
            }
        });
        return posts;
    }

    public static Option<int?> NumberOption(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (
                result.Tokens is [var token]
                && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number)
                && number < 1
            )
            {
                result.AddError($"{name} is a whole number from 1 on.");
            }
        });
        return option;
    }

    public static RootCommand Create()
    {
        var isShort = new Option<bool>("--short")
        {
            Description = "Fewer and shorter rounds, some four minutes; says so in its results",
        };
        var peers = new Option<string>("--peers")
        {
            Description = "Whom to compare with",
            DefaultValueFactory = _ => string.Join(',', Contestant.Peers.Select(peer => peer.Key)),
        };
        var posts = PostsOption();
        var rounds = NumberOption(
            "--rounds",
            $"Rounds of an endpoint [default: {Pace.Full.Count}, short: {Pace.Short.Count}]"
        );
        var seconds = NumberOption(
            "--seconds",
            $"Of one load [default: {Pace.Full.Seconds}, short: {Pace.Short.Seconds}]"
        );
        var data = DataOption();
        var write = new Option<string>("--write")
        {
            Description = $"Write the results to this file, {DefaultFile} where none is named; else they are printed",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var jsonFile = new Option<string>("--json") { Description = "Write every sample to this file" };
        var root = new RootCommand(
            "Measures the service beside others that give the same answers, and beside pgbench. Ends with 1 where an answer differs, 64 for wrong arguments, 69 where a tool is missing. A full run takes some 25 minutes once the database is filled."
        )
        {
            isShort,
            peers,
            posts,
            rounds,
            seconds,
            data,
            write,
            jsonFile,
        };
        root.SetAction(
            async (parsed, cancellationToken) =>
            {
                var pace = parsed.GetValue(isShort) ? Pace.Short : Pace.Full;
                var options = new BenchOptions(
                    pace with
                    {
                        Count = parsed.GetValue(rounds) ?? pace.Count,
                        Seconds = parsed.GetValue(seconds) ?? pace.Seconds,
                    },
                    Contestant.Choose(parsed.GetValue(peers)!.Split(',', StringSplitOptions.RemoveEmptyEntries)),
                    parsed.GetValue(posts),
                    Checkout.At(parsed.GetValue(data)!)
                );
                BenchOptions.RequireTools();
                var results = await new BenchRun(options).RunAsync(cancellationToken);
                if (parsed.GetValue(jsonFile) is { } samples)
                {
                    await File.WriteAllTextAsync(
                        samples,
                        JsonSerializer.Serialize(results, json) + "\n",
                        cancellationToken
                    );
                }

                await PutAsync(
                    ResultsPage.Of(results),
                    parsed.GetResult(write) is null ? null : parsed.GetValue(write) ?? DefaultFile,
                    cancellationToken
                );
                return ExitCode.Done;
            }
        );
        return root;
    }

    /// <summary>Into a file of the checkout, or onto the standard output where there is none.</summary>
    public static async Task PutAsync(string text, string? file, CancellationToken cancellationToken)
    {
        if (file is null)
        {
            await Console.Out.WriteAsync(text);
            return;
        }

        await File.WriteAllTextAsync(Checkout.At(file), text, cancellationToken);
        Progress.Say($"wrote {file}");
    }
}
