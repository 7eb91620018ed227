namespace Blog.LocalPostgres.Tests;

public sealed class TemporaryServerTests
{
    [Fact]
    public async Task Is_gone_with_its_directory_after_the_run()
    {
        string directory;
        await using (var server = await LocalServer.StartTemporaryAsync(null, TestContext.Current.CancellationToken))
        {
            directory = DirectoryOf(server);
            Assert.Equal("off", await Scratch.AskAsync(server.ConnectionString("blog_app"), "show fsync"));
            Assert.True(Directory.Exists(directory));
        }
        Assert.False(Directory.Exists(directory));
        Assert.Empty(await Scratch.ServersInAsync(directory));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_swept_and_a_live_run_is_not()
    {
        using var killed = await HostProcess.Start("--temporary").ReadyAsync();
        await using var live = await LocalServer.StartTemporaryAsync(null, TestContext.Current.CancellationToken);
        var left = Path.GetDirectoryName(Path.GetDirectoryName(HostLog(killed)))!;
        Assert.True(Directory.Exists(left));

        killed.Kill();
        await Eventually.HoldsAsync(async () => await Scratch.ServersInAsync(left) is [], "no server left");
        await using var next = await LocalServer.StartTemporaryAsync(null, TestContext.Current.CancellationToken);

        Assert.False(Directory.Exists(left));
        Assert.Equal("1", await Scratch.AskAsync(live.ConnectionString("blog_app"), "select 1"));

        static string HostLog(HostProcess host) =>
            Path.Combine(new Npgsql.NpgsqlConnectionStringBuilder(host.ConnectionString).Host!, "server.log");
    }

    static string DirectoryOf(LocalServer server) => Path.GetDirectoryName(Path.GetDirectoryName(server.LogFile))!;
}
