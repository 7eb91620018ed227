namespace Blog.LocalPostgres.Tests;

public sealed class LocalServerTests : IDisposable
{
    readonly Scratch scratch = new();

    public void Dispose() => scratch.Dispose();

    [Theory]
    [InlineData("postgres")]
    [InlineData("blog_migrator")]
    [InlineData("blog_app")]
    [InlineData("blog_readonly")]
    public async Task Answers_each_role_in_the_database_of_the_service(string role)
    {
        await using var server = await scratch.StartAsync();

        var answer = await Scratch.AskAsync(
            server.ConnectionString(role),
            "select current_user || ' ' || current_database() || ' ' || rolsuper || ' ' || rolcreaterole || ' ' || pg_encoding_to_char(encoding) "
                + "from pg_roles, pg_database where rolname = current_user and datname = current_database()"
        );

        var mighty = role is "postgres" ? "true true" : "false false";
        Assert.Equal($"{role} blog {mighty} UTF8", answer);
        Assert.True(server.Supervises);
        Assert.InRange(server.Major, 15, 99);
    }

    [Fact]
    public async Task Refuses_a_role_that_it_has_no_password_for()
    {
        await using var server = await scratch.StartAsync();
        Assert.Throws<ArgumentOutOfRangeException>(() => server.ConnectionString("blog_owner"));
    }

    [Fact]
    public async Task Is_private_and_configured_for_tests()
    {
        await using var server = await scratch.StartAsync();

        var settings = await Scratch.AskAsync(
            server.ConnectionString("postgres"),
            """
            select string_agg(name || '=' || setting, ' ' order by name collate "C") from pg_settings
            where name in ('listen_addresses', 'fsync', 'synchronous_commit', 'full_page_writes', 'jit', 'max_connections', 'TimeZone',
                'data_checksums', 'password_encryption', 'track_io_timing', 'shared_preload_libraries')
            """
        );
        var doors = await Scratch.AskAsync(
            server.ConnectionString("postgres"),
            "select string_agg(distinct auth_method, ' ') from pg_hba_file_rules"
        );

        Assert.Equal(
            "TimeZone=UTC data_checksums=on fsync=off full_page_writes=off jit=off listen_addresses= max_connections=200 "
                + "password_encryption=scram-sha-256 shared_preload_libraries=pg_stat_statements synchronous_commit=off track_io_timing=on",
            settings
        );
        Assert.Equal("scram-sha-256", doors);
        if (!OperatingSystem.IsWindows())
        {
            var major = Path.Combine(scratch.Data, $"pg{server.Major}");
            Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(major), 8));
            Assert.Equal("700", Convert.ToString((int)File.GetUnixFileMode(Path.Combine(major, "data")), 8));
            Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(Path.Combine(major, "password")), 8));
            Assert.Equal("600", Convert.ToString((int)File.GetUnixFileMode(server.LogFile), 8));
        }
    }

    [Fact]
    public async Task Keeps_its_data_over_a_second_start_which_is_durable()
    {
        await using (var first = await scratch.StartAsync())
            await Scratch.AskAsync(first.ConnectionString("postgres"), "create table kept as select 7 as number");
        Assert.Empty(await scratch.ServersAsync());

        await using var second = await LocalServer.StartAsync(
            scratch.Options with
            {
                Durable = true,
            },
            TestContext.Current.CancellationToken
        );

        Assert.Equal("7", await Scratch.AskAsync(second.ConnectionString("postgres"), "select number from kept"));
        Assert.Equal("on", await Scratch.AskAsync(second.ConnectionString("postgres"), "show fsync"));
        Assert.Single(scratch.Said); // initdb, once
    }

    [Fact]
    public async Task Creates_a_role_that_was_dropped()
    {
        await using (var first = await scratch.StartAsync())
            await Scratch.AskAsync(first.ConnectionString("postgres"), "drop role blog_readonly");

        await using var second = await scratch.StartAsync();

        Assert.Equal("1", await Scratch.AskAsync(second.ConnectionString("blog_readonly"), "select 1"));
    }

    [Fact]
    public async Task Works_in_a_path_that_is_long_and_full_of_shell_characters()
    {
        var path = scratch.In("it's \"a, b\" $(touch broken) `touch broken`; " + new string('x', 90));
        var options = scratch.Options with { DataDirectory = path };

        await using var server = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);
        await using var attached = await LocalServer.StartAsync(options, TestContext.Current.CancellationToken);

        Assert.Equal("1", await Scratch.AskAsync(server.ConnectionString("blog_app"), "select 1"));
        Assert.Equal("1", await Scratch.AskAsync(attached.ConnectionString("blog_app"), "select 1"));
        Assert.Empty(Directory.GetFiles(scratch.Path, "broken", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task Of_two_at_once_one_supervises_and_the_other_attaches()
    {
        using var one = HostProcess.Start(scratch.Data);
        using var other = HostProcess.Start(scratch.Data);
        await one.ReadyAsync();
        await other.ReadyAsync();

        Assert.NotEqual(one.Supervises, other.Supervises);
        Assert.Equal("1", await Scratch.AskAsync(one.ConnectionString, "select 1"));
        Assert.Equal("1", await Scratch.AskAsync(other.ConnectionString, "select 1"));

        var (supervisor, attached) = one.Supervises ? (one, other) : (other, one);
        Assert.Equal(0, await attached.EndAsync());
        Assert.Equal("1", await Scratch.AskAsync(supervisor.ConnectionString, "select 1"));
        Assert.Equal(0, await supervisor.EndAsync());
        Assert.Empty(await scratch.ServersAsync());
    }

    [Fact]
    public async Task Says_so_where_the_password_of_the_service_was_changed()
    {
        await using var supervisor = await scratch.StartAsync();
        await Scratch.AskAsync(supervisor.ConnectionString("postgres"), "alter role blog_app password 'other'");

        var refused = await Assert.ThrowsAsync<LocalServerException>(() => scratch.StartAsync());

        Assert.Equal(70, refused.ExitCode);
        Assert.Contains(
            "does not take the password of its own file for blog_app any more: somebody has changed it.",
            refused.Message,
            StringComparison.Ordinal
        );
        Assert.Equal("1", await Scratch.AskAsync(supervisor.ConnectionString("postgres"), "select 1"));
    }

    [Fact]
    public async Task An_attached_one_says_so_when_the_supervisor_goes_away()
    {
        using var host = await HostProcess.Start(scratch.Data).ReadyAsync();
        await using var attached = await scratch.StartAsync();
        Assert.False(attached.Supervises);
        Assert.False(attached.Stopped.IsCompleted);

        host.Kill();

        var sentence = await attached.Stopped.WaitAsync(
            TimeSpan.FromSeconds(10),
            TestContext.Current.CancellationToken
        );
        Assert.StartsWith(
            "PostgreSQL has stopped because the process that had started it ended.",
            sentence,
            StringComparison.Ordinal
        );
        Assert.Contains(sentence, scratch.Said, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Leaves_the_directory_of_another_major_untouched()
    {
        scratch.Script("data/pg14/data/PG_VERSION", "14");
        scratch.Script("data/pg99/data/PG_VERSION", "99");
        var before = Listing("pg14").Concat(Listing("pg99")).ToList();

        await using (var server = await scratch.StartAsync())
            Assert.Equal("1", await Scratch.AskAsync(server.ConnectionString("blog_app"), "select 1"));

        Assert.Equal(before, Listing("pg14").Concat(Listing("pg99")), StringComparer.Ordinal);

        IEnumerable<string> Listing(string major) =>
            Directory
                .EnumerateFileSystemEntries(Path.Combine(scratch.Data, major), "*", SearchOption.AllDirectories)
                .Select(path => $"{path} {File.GetLastWriteTimeUtc(path):O}");
    }

    [Fact]
    public async Task Refuses_a_directory_that_another_major_has_made_under_its_name()
    {
        int major;
        await using (var first = await scratch.StartAsync())
            major = first.Major;
        var version = Path.Combine(scratch.Data, $"pg{major}", "data", "PG_VERSION");
        await File.WriteAllTextAsync(version, "12\n", TestContext.Current.CancellationToken);

        var error = await Assert.ThrowsAsync<LocalServerException>(scratch.StartAsync);

        Assert.Equal(70, error.ExitCode);
        Assert.Contains("was made by PostgreSQL 12 and is left alone", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_when_the_disk_is_full()
    {
        var fake = scratch.FakeBinaries("bin", "17.1");
        scratch.Script(
            "bin/initdb",
            "echo 'initdb: error: could not write to file: No space left on device' >&2; exit 1"
        );

        var error = await Assert.ThrowsAsync<LocalServerException>(() => StartWithAsync(fake));

        Assert.Equal(73, error.ExitCode);
        Assert.StartsWith($"The disk of {scratch.Data}/pg17 is full.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_initdb_said_and_starts_over_the_next_time()
    {
        var fake = scratch.FakeBinaries("bin", "17.1");
        scratch.Script("bin/initdb", "mkdir \"${1#--pgdata=}\"; echo 'initdb: error: no luck today' >&2; exit 1");

        var first = await Assert.ThrowsAsync<LocalServerException>(() => StartWithAsync(fake));
        var second = await Assert.ThrowsAsync<LocalServerException>(() => StartWithAsync(fake));

        Assert.Equal((70, 70), (first.ExitCode, second.ExitCode));
        Assert.Contains("initdb: error: no luck today", second.Message, StringComparison.Ordinal);
        Assert.Single(Directory.GetDirectories(Path.Combine(scratch.Data, "pg17")));
    }

    [Fact]
    public async Task A_start_that_is_cancelled_leaves_nothing_running()
    {
        using var cancel = new CancellationTokenSource();
        var options = scratch.Options with { Announce = _ => cancel.CancelAfter(TimeSpan.FromMilliseconds(100)) };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => LocalServer.StartAsync(options, cancel.Token));

        Assert.Empty(await scratch.ServersAsync());
        await using var next = await scratch.StartAsync();
        Assert.True(next.Supervises);
    }

    [Fact]
    public void The_data_of_a_checkout_lie_beside_its_solution_unless_told_otherwise()
    {
        var checkout = scratch.In("checkout");
        var inside = Directory.CreateDirectory(Path.Combine(checkout, "src", "Blog.Api")).FullName;
        var outside = Directory.CreateDirectory(scratch.In("outside")).FullName;
        File.WriteAllText(Path.Combine(checkout, "Blog.sln"), "");

        Assert.Equal($"{checkout}/.data", LocalServerOptions.DirectoryOf(null, inside, outside));
        Assert.Equal($"{checkout}/.data", LocalServerOptions.DirectoryOf("", outside, inside));
        Assert.Equal($"{outside}/.data", LocalServerOptions.DirectoryOf(null, outside, outside));
        Assert.Equal($"{inside}/mine", LocalServerOptions.DirectoryOf("mine", inside, outside));
        Assert.True(LocalServerOptions.ForCheckout().Durable);
    }

    [Fact]
    public async Task Waits_for_a_process_that_is_starting_the_server_and_takes_over_when_it_gives_up()
    {
        Directory.CreateDirectory(scratch.Data);
        Scratch.Mode(scratch.Data, "0711");
        var other = new DataFolder(scratch.Data).TryLock();
        Assert.NotNull(other);

        var waiting = scratch.StartAsync();
        await Eventually.HoldsAsync(
            () => scratch.HasSaid("Waiting for the process that is starting PostgreSQL"),
            "says that it waits"
        );
        Assert.False(waiting.IsCompleted);
        await other.DisposeAsync();

        await using var server = await waiting;
        Assert.True(server.Supervises);
    }

    Task<LocalServer> StartWithAsync(string binaries) =>
        LocalServer.StartAsync(
            scratch.Options with
            {
                Binaries = ServerSearch.OfThisMachine() with { Chosen = binaries },
            },
            TestContext.Current.CancellationToken
        );
}
