// A process that owns a server, for tests that kill it: Blog.LocalPostgres.Host <data directory> | --temporary
// Prints announcements as "say: ...", then "ready: <supervises> <connection string of blog_app>"; stops when its input ends.
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
    Console.WriteLine($"ready: {server.Supervises} {server.ConnectionString("blog_app")}");
    await Console.In.ReadToEndAsync();
    return 0;
}
catch (LocalServerException error)
{
    await Console.Error.WriteLineAsync(error.Message);
    return error.ExitCode;
}
