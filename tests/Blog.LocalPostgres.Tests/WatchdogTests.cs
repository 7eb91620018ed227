using System.Diagnostics;
using System.Globalization;

namespace Blog.LocalPostgres.Tests;

public sealed class WatchdogTests : IDisposable
{
    // Seen: 0.04 to 0.08 s, ps included. The bound leaves room for a busy machine and none for the ten seconds of patience.
    const double Soon = 3;

    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Fact]
    public async Task Kill_9_of_the_owner_leaves_no_server_ten_times_in_a_row_whatever_it_was_doing()
    {
        Func<bool>[] moments = [Initialising, Initialising, Initialising, Starting, Starting];
        foreach (var moment in moments)
        {
            // The moment lasts for milliseconds; on a busy machine it may pass unseen, and a server that is up is killed then.
            using var host = HostProcess.Start(scratch.Data);
            await Eventually.HoldsAsync(
                () => moment() || host.IsReady || host.HasExited,
                "started enough to be killed",
                30
            );
            Assert.False(host.HasExited, host.Output);
            await KillAsync(host);
        }
        for (var round = 0; round < 5; round++)
        {
            using var host = await HostProcess.Start(scratch.Data).ReadyAsync();
            Assert.Equal("1", await Scratch.AskAsync(host.ConnectionString, "select 1"));
            Assert.True(host.Supervises);
            await KillAsync(host);
        }
        await using var next = await scratch.StartAsync();
        Assert.Equal("1", await Scratch.AskAsync(next.ConnectionString("blog_app"), "select 1"));

        bool Initialising() => Majors().Any(major => Directory.GetDirectories(major, "initdb-*").Any(FilesInside));
        bool FilesInside(string folder) => Directory.EnumerateFileSystemEntries(folder).Any();
        bool Starting() => Majors().Any(major => PostmasterFile.Read(Path.Combine(major, "data")) is { Ready: false });
        string[] Majors() => Directory.Exists(scratch.Data) ? Directory.GetDirectories(scratch.Data, "pg*") : [];
    }

    async Task KillAsync(HostProcess host)
    {
        host.Kill();
        var took = await Eventually.HoldsAsync(async () => await scratch.ServersAsync() is [], "no server left", Soon);
        TestContext.Current.TestOutputHelper!.WriteLine($"gone {took.TotalMilliseconds:0} ms after kill -9");
    }

    [Fact]
    public async Task The_programs_that_initdb_has_started_end_with_it()
    {
        // Stands for initdb, which has no time to pass a signal on to the server that it runs.
        string[] program = ["/bin/sh", "-c", "/bin/sh -c 'sleep 60; :' \"$0\" & wait", scratch.In("grandchild")];
        using var watchdog = Watchdog.Start("initdb", null, scratch.In("log"), program);
        await Eventually.HoldsAsync(
            async () => (await scratch.ServersAsync()).Count >= 3,
            "watchdog, program and grandchild run"
        );

        var stopping = Stopwatch.StartNew();
        await watchdog.StopAsync();

        Assert.InRange(stopping.Elapsed.TotalSeconds, 0, 5);
        Assert.Empty(await scratch.ServersAsync());
    }

    [Fact]
    public async Task A_server_that_is_not_listening_to_signals_yet_is_stopped_as_soon_as_it_is()
    {
        var real = await scratch.Options.Binaries.FindAsync(_ => { }, TestContext.Current.CancellationToken);
        scratch.Script("bin/initdb", $"exec '{real.InitDb}' \"$@\"");
        scratch.Script("bin/postgres", $"[ \"$1\" = --version ] || sleep 1; exec '{real.Postgres}' \"$@\"");
        var options = scratch.Options with { Binaries = scratch.Options.Binaries with { Chosen = scratch.In("bin") } };
        using var cancel = new CancellationTokenSource();
        var starting = LocalServer.StartAsync(options, cancel.Token);
        await Eventually.HoldsAsync(
            async () =>
                (await scratch.ServersAsync()).Exists(line =>
                    line.Contains("/bin/postgres -D", StringComparison.Ordinal)
                ),
            "about to start"
        );

        var stopping = Stopwatch.StartNew();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => starting);

        Assert.InRange(stopping.Elapsed.TotalSeconds, 0, 6);
        Assert.Empty(await scratch.ServersAsync());
    }

    [Fact]
    public async Task A_child_of_the_owner_does_not_keep_the_server_alive()
    {
        using var host = await HostProcess.Start(scratch.Data, "--with-child").ReadyAsync();
        var child = Process.GetProcessById(int.Parse(host.Line("child: ")!, CultureInfo.InvariantCulture));
        try
        {
            await KillAsync(host);
            await using var next = await scratch.StartAsync(); // nor does the child hold the lock
            Assert.True(next.Supervises);
            Assert.False(child.HasExited);
        }
        finally
        {
            child.Kill();
            child.Dispose();
        }
    }

    [Fact]
    public async Task A_stop_closes_busy_connections_and_leaves_no_process()
    {
        var server = await scratch.StartAsync();
        var busy = Scratch.AskAsync(server.ConnectionString("blog_app"), "select pg_sleep(60)");
        await Eventually.HoldsAsync(
            async () =>
                await Scratch.AskAsync(
                    server.ConnectionString("postgres"),
                    "select count(*) from pg_stat_activity where query like 'select pg_sleep%' and state = 'active'"
                )
                    is "1",
            "the query runs"
        );

        var stopping = Stopwatch.StartNew();
        await server.DisposeAsync();

        Assert.InRange(stopping.Elapsed.TotalSeconds, 0, 5);
        await Assert.ThrowsAnyAsync<Npgsql.NpgsqlException>(() => busy);
        Assert.Empty(await scratch.ServersAsync());
        Assert.True(server.Stopped.IsCanceled);
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_of_the_owner_does_not_reach_the_server()
    {
        await using var server = await scratch.StartAsync();

        var own = await GroupOfAsync(Environment.ProcessId);
        var all = (await scratch.ServersAsync())
            .Select(line => int.Parse(line.Trim().Split(' ')[0], CultureInfo.InvariantCulture))
            .ToList();

        Assert.Contains(Scratch.Postmaster(scratch.Data), all);
        foreach (var pid in all)
            Assert.NotEqual(own, await GroupOfAsync(pid));

        static Task<int> GroupOfAsync(int pid) => Scratch.AboutAsync(pid, "pgid");
    }

    [Fact]
    public async Task A_crash_is_announced_and_the_next_start_recovers_what_was_committed()
    {
        var options = scratch.Options with { Durable = true };
        await using (var server = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken))
        {
            await Scratch.AskAsync(server.ConnectionString("postgres"), "create table kept as select 7 as number");
            Scratch.Kill(Scratch.Postmaster(scratch.Data));
            var sentence = await server.Stopped.WaitAsync(
                TimeSpan.FromSeconds(10),
                TestContext.Current.CancellationToken
            );
            Assert.StartsWith("PostgreSQL has stopped by itself (exit code 137)", sentence, StringComparison.Ordinal);
        }

        await using var next = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);

        Assert.Equal("7", await Scratch.AskAsync(next.ConnectionString("postgres"), "select number from kept"));
    }

    [Fact]
    public async Task The_note_of_a_process_that_is_gone_does_not_matter()
    {
        using var ended = Run("true");
        await ended.WaitForExitAsync(TestContext.Current.CancellationToken);
        await CrashWithNoteOfAsync(ended.Id);

        await using var next = await scratch.StartAsync();

        Assert.Equal("1", await Scratch.AskAsync(next.ConnectionString("blog_app"), "select 1"));
    }

    [Fact]
    public async Task The_note_of_a_number_that_belongs_to_another_program_now_does_not_matter()
    {
        using var foreign = Run("sleep", "60");
        await CrashWithNoteOfAsync(foreign.Id);

        await using var next = await scratch.StartAsync();

        Assert.Equal("1", await Scratch.AskAsync(next.ConnectionString("blog_app"), "select 1"));
        Assert.False(foreign.HasExited);
        foreign.Kill();
    }

    [Fact]
    public async Task A_server_that_this_checkout_does_not_supervise_is_left_alone_and_named()
    {
        await (await scratch.StartAsync()).DisposeAsync();
        var binaries = await scratch.Options.Binaries.FindAsync(_ => { }, TestContext.Current.CancellationToken);
        var cluster = new Cluster(new DataFolder(scratch.Data).ForMajor(binaries.Major), binaries, scratch.Options);
        await cluster.PrepareAsync(TestContext.Current.CancellationToken);
        var (watchdog, pid) = await cluster.StartAsync(TestContext.Current.CancellationToken);
        var impatient = scratch.Options with { PatienceForPredecessor = TimeSpan.FromMilliseconds(300) };

        var error = await Assert.ThrowsAsync<LocalServerException>(() =>
            LocalServer.StartAsync(impatient, TestContext.Current.CancellationToken)
        );

        Assert.Equal(75, error.ExitCode);
        Assert.Contains($"kill -INT {pid}", error.Message, StringComparison.Ordinal);
        Assert.Equal(pid, Scratch.Postmaster(scratch.Data));

        // A patient start waits for it to stop.
        var patient = scratch.StartAsync();
        await Eventually.HoldsAsync(() => scratch.HasSaid("Waiting for the previous"), "waits");
        await watchdog.StopAsync();
        watchdog.Dispose();
        await using var next = await patient;
        Assert.True(next.Supervises);
    }

    /// <summary>Leaves the data as a power cut does, with a process number in the note that means something else after the restart.</summary>
    async Task CrashWithNoteOfAsync(int pid)
    {
        await using var server = await scratch.StartAsync();
        var postmaster = Scratch.Postmaster(scratch.Data);
        Scratch.Kill(postmaster);
        await server.Stopped.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        var major = Path.Combine(scratch.Data, $"pg{server.Major}");
        foreach (var note in (string[])["data/postmaster.pid", ".s.PGSQL.5432.lock"])
        {
            var path = Path.Combine(major, note);
            var text = await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken);
            Assert.StartsWith($"{postmaster}\n", text, StringComparison.Ordinal);
            text = text.Replace($"{postmaster}\n", $"{pid}\n", StringComparison.Ordinal);
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }
    }

    static Process Run(params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = "/" };
        if (Folders.ServerUser is { } user)
            start.UserName = user; // PostgreSQL judges the processes of its own user only
        return Process.Start(start)!;
    }
}
