using Blog.Bench;
using Blog.Bench.Growth;
using Blog.Bench.Profile;
using Blog.Bench.Shell;

var root = BenchCommand.Create();
root.Subcommands.Add(GrowthCommand.Create());
root.Subcommands.Add(ProfileCommand.Create());
return await CommandLine.RunAsync(root, args);
