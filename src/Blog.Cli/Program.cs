using System.CommandLine;
using Blog.Cli.Access;
using Blog.Cli.Export;
using Blog.Cli.Idempotency;
using Blog.Cli.Import;
using Blog.Cli.Migrate;
using Blog.Cli.Seed;
using Blog.Cli.Shell;
using Blog.Cli.Sql;

var root = new RootCommand(
    "Operates a blog's database: its statements, migrations and stored keys, imports and exports of real data, and data and tokens to try it with."
)
{
    ImportCommand.Create(),
    ExportCommand.Create(),
    MigrateCommand.Create(),
    SeedCommand.Create(),
    SqlCommand.Create(),
    IdempotencyCommand.Create(),
    TokenCommand.Create(),
};
return await CommandLine.RunAsync(root, args);
