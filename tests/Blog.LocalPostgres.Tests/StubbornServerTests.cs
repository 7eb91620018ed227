using System.Diagnostics;

namespace Blog.LocalPostgres.Tests;

public sealed class StubbornServerTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task A_server_that_does_not_stop_in_ten_seconds_is_stopped_the_hard_way()
    {
        var server = await scratch.StartAsync();
        // A fast shutdown ends with a checkpoint, and the checkpointer is frozen.
        var checkpointer = await Scratch.AskAsync(
            server.ConnectionString("postgres"),
            "select pid from pg_stat_activity where backend_type = 'checkpointer'"
        );
        await Command.RunAsync("kill", ["-STOP", checkpointer], TestContext.Current.CancellationToken);

        var stopping = Stopwatch.StartNew();
        await server.DisposeAsync();

        // Ten seconds of patience; after SIGQUIT PostgreSQL itself waits five for the frozen process before it kills it.
        Assert.InRange(stopping.Elapsed.TotalSeconds, 10, 25);
        Assert.Empty(await scratch.ServersAsync());
    }
}
