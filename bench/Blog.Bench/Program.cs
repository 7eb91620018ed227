using Blog.Bench;
using Blog.Bench.Growth;
using Blog.Bench.Shell;

var root = BenchCommand.Create();
root.Subcommands.Add(GrowthCommand.Create());
return await CommandLine.RunAsync(root, args);
