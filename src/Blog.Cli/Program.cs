using System.CommandLine;
using Blog.Cli.Export;
using Blog.Cli.Import;
using Blog.Cli.Migrate;
using Blog.Cli.Shell;

var root = new RootCommand("Operates a blog's database: its migrations, and imports and exports of real data.")
{
    ImportCommand.Create(),
    ExportCommand.Create(),
    MigrateCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
