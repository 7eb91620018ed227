// A process that owns a server, for tests that kill it:
//     Blog.LocalPostgres.Host --temporary | <data directory> [--with-child]
// Prints announcements as "say: ...", a child that outlives it as "child: <pid>", then "ready: <supervises> <connection string of
// blog_app>". Stops when its input ends.
using System.Diagnostics;
using Blog.LocalPostgres;

void Say(string line) => Console.WriteLine($"say: {line}");

try
{
    await using var server = args is ["--temporary"]
        ? await LocalServer.StartTemporaryAsync(Say, CancellationToken.None)
        : await LocalServer.StartAsync(
            new LocalServerOptions
            {
                DataDirectory = args[0],
                Durable = false,
                Announce = Say,
            },
            CancellationToken.None
        );
    if (args is [_, "--with-child"])
        Console.WriteLine($"child: {Process.Start("sleep", "60").Id}");
    Console.WriteLine($"ready: {server.Supervises} {server.ConnectionString("blog_app")}");
    await Console.In.ReadToEndAsync();
    return 0;
}
catch (LocalServerException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return error.ExitCode;
}
