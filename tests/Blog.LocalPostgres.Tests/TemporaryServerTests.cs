using Npgsql;

namespace Blog.LocalPostgres.Tests;

public sealed class TemporaryServerTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Is_gone_with_its_directory_after_the_run()
    {
        string directory;
        await using (var server = await LocalServer.StartTemporaryAsync(null, TestContext.Current.CancellationToken))
        {
            directory = Path.GetDirectoryName(Path.GetDirectoryName(server.LogFile))!;
            Assert.Equal("off", await Scratch.AskAsync(server.ConnectionString("blog_app"), "show fsync"));
            Assert.True(Directory.Exists(directory));
        }
        Assert.False(Directory.Exists(directory));
        Assert.Empty(await Scratch.ServersInAsync(directory));
    }

    [Fact]
    public async Task What_a_killed_run_left_is_swept_and_a_live_run_is_not()
    {
        using var killed = await HostProcess.StartTemporary(scratch).ReadyAsync();
        using var live = await HostProcess.StartTemporary(scratch).ReadyAsync();
        Assert.Equal(2, Directories().Length);
        killed.Kill();
        await Eventually.HoldsAsync(
            async () => await Scratch.ServersInAsync(DirectoryOf(killed)) is [],
            "no server left"
        );
        Assert.Equal(2, Directories().Length);

        var options = scratch.Options with { DataDirectory = scratch.Path };
        await using (await LocalServer.StartTemporaryBelowAsync(options, TestContext.Current.CancellationToken))
            Assert.Equal(2, Directories().Length);

        Assert.Equal([DirectoryOf(live)], Directories(), StringComparer.Ordinal);
        Assert.Equal("1", await Scratch.AskAsync(live.ConnectionString, "select 1"));
        Assert.Equal(0, await live.EndAsync());
        Assert.Empty(Directories());
    }

    [Fact]
    public async Task Leaves_nothing_when_it_cannot_be_started()
    {
        var options = scratch.Options with
        {
            DataDirectory = scratch.Path,
            Binaries = scratch.Options.Binaries with { Chosen = scratch.In("missing") },
        };

        await Assert.ThrowsAsync<LocalServerException>(() =>
            LocalServer.StartTemporaryBelowAsync(options, TestContext.Current.CancellationToken)
        );

        Assert.Empty(Directories());
    }

    string[] Directories() => Directory.GetDirectories(scratch.Path, "blog-test-*");

    static string DirectoryOf(HostProcess host) =>
        Path.GetDirectoryName(new NpgsqlConnectionStringBuilder(host.ConnectionString).Host!)!;
}
