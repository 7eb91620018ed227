using System.Diagnostics;
using Blog.Data.Migrations;
using Blog.LocalPostgres;
using Npgsql;

namespace Blog.Fault.Tests.Stage;

/// <summary>
/// A PostgreSQL that may be stopped, frozen, killed and filled, with the blog in it. It is durable: what it has acknowledged
/// it may not lose. Its connection strings stay the same when it is started again.
/// </summary>
sealed class BlogCluster : IAsyncDisposable
{
    readonly DirectoryInfo folder;
    readonly LocalServerOptions options;
    LocalServer server;

    BlogCluster(DirectoryInfo folder, LocalServerOptions options, LocalServer server)
    {
        this.folder = folder;
        this.options = options;
        this.server = server;
    }

    /// <summary>The number of its first process.</summary>
    public int ProcessId => server.ProcessId ?? throw new InvalidOperationException("PostgreSQL does not run.");

    /// <summary>The folder of PostgreSQL's own files.</summary>
    public string DataFiles => server.DataFiles;

    /// <summary>15 or higher.</summary>
    public int Major => server.Major;

    /// <summary>Completes when PostgreSQL has ended without having been asked to.</summary>
    public Task Stopped => server.Stopped;

    /// <param name="settings">Of the server, each <c>name=value</c>.</param>
    public static async Task<BlogCluster> StartAsync(params string[] settings)
    {
        // Run as root, PostgreSQL is another user, who must be able to pass through.
        var home = Directory.CreateTempSubdirectory("blog-fault-");
        if (!OperatingSystem.IsWindows())
            home.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var wanted = new LocalServerOptions { DataDirectory = home.FullName, Settings = settings };
        return new(home, wanted, await LocalServer.StartAsync(wanted, CancellationToken.None));
    }

    /// <summary>Applies every migration.</summary>
    public async Task MigrateAsync() =>
        await new MigrationRunner(ConnectionString("postgres")).ApplyAsync(CancellationToken.None);

    public string ConnectionString(string role, string database = "blog") => server.ConnectionString(role, database);

    /// <summary>Waits until the last transaction has ended, and stops.</summary>
    public async Task StopAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
    }

    /// <summary>Starts what was stopped or has died, and returns when it accepts connections.</summary>
    public async Task StartAgainAsync(CancellationToken cancellationToken = default)
    {
        await server.DisposeAsync();
        server = await LocalServer.StartAsync(options, cancellationToken);
    }

    /// <summary>As <c>pg_ctl restart</c> does: every connection is ended, then it starts again.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAgainAsync();
    }

    /// <summary>Its first process gets no chance to say anything; the others notice and end.</summary>
    public async Task KillAsync()
    {
        var died = server.Stopped;
        await Signals.KillAsync(ProcessId);
        await died;
    }

    /// <summary>Opens a connection of its own, outside any pool.</summary>
    public async Task<NpgsqlConnection> OpenAsync(string role = "postgres")
    {
        var connection = new NpgsqlConnection(ConnectionString(role) + ";Pooling=false;Timeout=10;Command Timeout=30");
        await connection.OpenAsync();
        return connection;
    }

    /// <summary>Runs statements as <paramref name="role"/>, past the service.</summary>
    public async Task ExecuteAsync(string sql, string role = "postgres")
    {
        await using var connection = await OpenAsync(role);
        await connection.ExecuteAsync(sql);
    }

    /// <summary>The first column of every row, as text.</summary>
    public async Task<string[]> ListAsync(string sql)
    {
        await using var connection = await OpenAsync();
        return await connection.ListAsync(sql);
    }

    /// <summary>The processes that serve the connections of the service.</summary>
    public async Task<int[]> BackendsAsync() =>
        [
            .. (
                await ListAsync(
                    "select pid from pg_stat_activity where usename = 'blog_app' and backend_type = 'client backend'"
                )
            ).Select(int.Parse),
        ];

    /// <summary>Waits until a new connection is accepted and answers.</summary>
    public Task AcceptsAsync() => AcceptsWithoutAsync(process: 0);

    /// <summary>The same, and until it knows nothing of a process any more that was killed: it has begun anew.</summary>
    public async Task AcceptsWithoutAsync(int process)
    {
        var start = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                if (await ListAsync($"select count(*) from pg_stat_activity where pid = {process}") is ["0"])
                    return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(start).TotalSeconds < 60)
            {
                // Not yet.
            }

            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        folder.Delete(recursive: true);
    }
}
