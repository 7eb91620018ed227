namespace Blog.LocalPostgres.Tests;

public sealed class UserTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task PostgreSQL_never_runs_as_root()
    {
        await using var server = await scratch.StartAsync();

        var user = await Scratch.UserOfAsync(Scratch.Postmaster(scratch.Data));

        Assert.NotEqual(0, user);
    }

    [Fact]
    public async Task A_user_without_rights_runs_it_as_herself()
    {
        var data = PreparedForAnyone("0777");
        using var host = await HostProcess.StartWithoutRoot(scratch, data).ReadyAsync();

        var user = await Scratch.UserOfAsync(Scratch.Postmaster(data));

        Assert.Equal(await Scratch.UserOfAsync(host.Id), user);
        Assert.NotEqual(0, user);
        Assert.Equal("1", await Scratch.AskAsync(host.ConnectionString, "select 1"));
        Assert.Equal(0, await host.EndAsync());
        Assert.Empty(await scratch.ServersAsync());
    }

    [Fact]
    public async Task Root_attaches_to_and_later_keeps_the_server_of_another_user()
    {
        var data = PreparedForAnyone("0777");
        var options = scratch.Options with { DataDirectory = data };
        using (var host = await HostProcess.StartWithoutRoot(scratch, data).ReadyAsync())
        {
            await using var attached = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);
            Assert.False(attached.Supervises);
            await Scratch.AskAsync(attached.ConnectionString("postgres"), "create table kept as select 7 as number");
            Assert.Equal(0, await host.EndAsync());
        }

        await using var server = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);

        Assert.True(server.Supervises);
        Assert.Equal("7", await Scratch.AskAsync(server.ConnectionString("postgres"), "select number from kept"));
    }

    [Fact]
    public async Task A_checkout_in_a_private_home_keeps_its_data_where_the_server_can_go()
    {
        var home = Directory.CreateDirectory(scratch.In("home")).FullName;
        Scratch.Mode(home, "0700");
        var asked = Path.Combine(home, ".data");
        var options = scratch.Options with { DataDirectory = asked };
        // Without root the server's user is the owner of the home.
        var expected = Environment.IsPrivilegedProcess ? $"/var/tmp/blog-{Folders.Mark(asked)}" : asked;
        try
        {
            await using (var first = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken))
            {
                Assert.StartsWith(expected + "/", first.LogFile, StringComparison.Ordinal);
                await Scratch.AskAsync(first.ConnectionString("postgres"), "create table kept as select 7 as number");
            }
            await using var second = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);

            Assert.Equal("7", await Scratch.AskAsync(second.ConnectionString("postgres"), "select number from kept"));
            Assert.Equal(
                Environment.IsPrivilegedProcess,
                scratch.Said.Exists(line =>
                    line.Contains(expected, StringComparison.Ordinal)
                    && line.Contains("cannot enter", StringComparison.Ordinal)
                )
            );
        }
        finally
        {
            Directory.Delete(expected, recursive: true);
        }
    }

    [Fact]
    public async Task Root_does_not_use_a_substitute_that_somebody_else_has_prepared()
    {
        var trap = scratch.In("trap");
        File.CreateSymbolicLink(trap, scratch.Path);

        await Assert.ThrowsAsync<IOException>(() =>
            Folders.ClaimAsync(trap, "711", null, TestContext.Current.CancellationToken)
        );

        await Folders.ClaimAsync(scratch.In("own"), "711", null, TestContext.Current.CancellationToken);
        await Folders.ClaimAsync(scratch.In("own"), "711", null, TestContext.Current.CancellationToken);
        Assert.True(Directory.Exists(scratch.In("own")));
    }

    [Fact]
    public async Task A_directory_that_cannot_be_written_is_named()
    {
        var data = PreparedForAnyone("0555");
        using var host = HostProcess.StartWithoutRoot(scratch, Path.Combine(data, "inner"));

        await Eventually.HoldsAsync(() => host.HasExited, "the host gives up");

        Assert.Equal(73, await host.EndAsync());
        Assert.Contains($"The data directory {data}/inner cannot be used: ", host.Output, StringComparison.Ordinal);
        Assert.Contains("Set BLOG_DATA_DIR", host.Output, StringComparison.Ordinal);
    }

    string PreparedForAnyone(string mode)
    {
        Directory.CreateDirectory(scratch.Data);
        Scratch.Mode(scratch.Data, mode);
        return scratch.Data;
    }
}
