using System.CommandLine;
using Blog.Bench.Measure;
using Blog.Bench.Shell;

namespace Blog.Bench.Profile;

/// <summary>Where the processor time of the service goes, as a command.</summary>
static class ProfileCommand
{
    const string Page = "bench/PROFILE.md";
    static readonly Pace usual = new(IsShort: false, Count: 1, Seconds: 10, WarmUpSeconds: 20);

    public static Command Create()
    {
        var posts = BenchCommand.PostsOption();
        var seconds = BenchCommand.NumberOption("--seconds", $"Of one load [default: {usual.Seconds}]");
        var data = BenchCommand.DataOption();
        var write = new Option<bool>("--write") { Description = $"Write {Page}; else it is printed" };
        var command = new Command(
            "profile",
            "Samples the service under load with perf, and says which part of it the processor was in. Takes some three minutes once the database is filled. Needs the right to sample another process."
        )
        {
            posts,
            seconds,
            data,
            write,
        };
        command.SetAction(
            async (parsed, cancellationToken) =>
            {
                BenchOptions.RequireTools();
                Tool.Perf.Require();
                var options = new BenchOptions(
                    usual with
                    {
                        Seconds = parsed.GetValue(seconds) ?? usual.Seconds,
                    },
                    [],
                    parsed.GetValue(posts),
                    Checkout.At(parsed.GetValue(data)!)
                );
                await BenchCommand.PutAsync(
                    ProfilePage.Of(await new ProfileRun(options).RunAsync(cancellationToken)),
                    parsed.GetValue(write) ? Page : null,
                    cancellationToken
                );
                return ExitCode.Done;
            }
        );
        return command;
    }
}
