// What happens inside the process, measured without a database and without a socket. What is read from the database are rows here that lie
// ready, and what is sent goes nowhere.
using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using Blog.Inside;
using Perfolizer.Horology;

BenchmarkSwitcher
    .FromAssembly(typeof(Stitching).Assembly)
    .Run(
        args is [] ? ["--filter", "*"] : args,
        ManualConfig
            .Create(DefaultConfig.Instance)
            // Short: two minutes in all, or three where others use the machine, too.
            .AddJob(
                Job.Default.WithWarmupCount(15)
                    .WithIterationCount(8)
                    .WithIterationTime(TimeInterval.FromMilliseconds(150))
                    // As the service has it. Under the collector of a server a run counted no byte allocated where much was collected.
                    .WithGcServer(false)
                    // What is hot is compiled a second time at once, not when the rest has been quiet for a while: else that is what is measured.
                    .WithEnvironmentVariable("DOTNET_TC_CallCountingDelayMs", "0")
                    .AsDefault()
            )
            .AddColumn(StatisticColumn.Median, StatisticColumn.Min)
            .AddLogicalGroupRules(BenchmarkLogicalGroupRule.ByCategory)
            .WithOptions(ConfigOptions.JoinSummary)
            .WithArtifactsPath(Path.Combine(FindCheckout(new(AppContext.BaseDirectory)), ".data", "inside"))
    );

static string FindCheckout(DirectoryInfo folder) =>
    File.Exists(Path.Combine(folder.FullName, "Blog.sln")) ? folder.FullName
    : folder.Parent is { } parent ? FindCheckout(parent)
    : throw new InvalidOperationException("This program has to lie below the checkout: there is no Blog.sln above it.");
