using System.Diagnostics;
using Npgsql;

namespace Blog.LocalPostgres;

/// <summary>
/// A private PostgreSQL for one checkout or one test run. The first process that asks starts and supervises it, others attach;
/// it ends with the process that supervises it, whatever ends that one.
/// </summary>
public sealed class LocalServer : IAsyncDisposable
{
    static readonly string[] Roles = ["postgres", "blog_migrator", "blog_app", "blog_readonly"];

    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan PatienceForSupervisor = TimeSpan.FromMinutes(5);

    readonly DataFolder home;
    readonly MajorFolder files;
    readonly string password;
    readonly FileStream? supervision;
    readonly Watchdog? watchdog;
    readonly CancellationTokenSource disposing = new();
    bool isTemporary;
    bool isDisposed;

    LocalServer(DataFolder home, MajorFolder files, string password, FileStream? supervision, Watchdog? watchdog)
    {
        this.home = home;
        this.files = files;
        this.password = password;
        this.supervision = supervision;
        this.watchdog = watchdog;
    }

    /// <summary>False: another process owns the server and this one only attached. Disposing then leaves the server alone.</summary>
    public bool Supervises => watchdog is not null;

    /// <summary>The server's major version, 15 or higher.</summary>
    public int Major => files.Major;

    /// <summary>The server's log file.</summary>
    public string LogFile => files.Log;

    /// <summary>The folder of PostgreSQL's own files.</summary>
    public string DataFiles => files.Data;

    /// <summary>The number of the server's first process; null where it does not run.</summary>
    public int? ProcessId => PostmasterFile.Read(files.Data)?.Pid;

    /// <summary>
    /// Completes when PostgreSQL has ended without having been asked to by this object: a crash or, when attached, the end of the
    /// process that supervises it. The result is a sentence for a person. Cancelled by <see cref="DisposeAsync"/>.
    /// </summary>
    public Task<string> Stopped { get; private set; } = Task.FromResult("");

    /// <summary>
    /// An Npgsql connection string over the private socket, with error details on.
    /// </summary>
    /// <param name="role"><c>postgres</c> (superuser), <c>blog_migrator</c>, <c>blog_app</c> or <c>blog_readonly</c>.</param>
    /// <param name="database">The database; it need not exist.</param>
    /// <exception cref="ArgumentOutOfRangeException">No such role.</exception>
    public string ConnectionString(string role, string database = "blog") =>
        Roles.Contains(role, StringComparer.Ordinal)
            ? new NpgsqlConnectionStringBuilder
            {
                Host = files.SocketFolder,
                Port = MajorFolder.Port,
                Username = role,
                Password = password,
                Database = database,
                IncludeErrorDetail = true,
            }.ConnectionString
            : throw new ArgumentOutOfRangeException(nameof(role), role, $"One of {string.Join(", ", Roles)}.");

    /// <summary>Starts the server of a data directory, or attaches to it when another process has it running.</summary>
    /// <exception cref="LocalServerException">It cannot be started; see <see cref="LocalServerException.ExitCode"/>.</exception>
    public static Task<LocalServer> StartAsync(LocalServerOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        RefuseWindows();
        return OrSayWhatIsWrongAsync(options.DataDirectory, () => StartOrAttachAsync(options, cancellationToken));
    }

    static async Task<LocalServer> StartOrAttachAsync(LocalServerOptions options, CancellationToken cancellationToken)
    {
        var asked = Path.GetFullPath(options.DataDirectory);
        var folder = new DataFolder(await Folders.ReachableAsync(asked, options.Say, cancellationToken));
        var waiting = Stopwatch.StartNew();
        var announced = false;
        while (true)
        {
            if (folder.TryLock() is { } supervision)
                return await SuperviseAsync(folder, supervision, options, cancellationToken);
            if (await TryAttachAsync(folder, cancellationToken) is { } attached)
                return attached.Watched(options.Say);
            if (!announced && waiting.Elapsed > TimeSpan.FromMilliseconds(200))
            {
                options.Say($"Waiting for the process that is starting PostgreSQL in {folder.Path}.");
                announced = true;
            }
            if (waiting.Elapsed > PatienceForSupervisor)
                throw new LocalServerException(
                    LocalServerException.Busy,
                    $"Another process has been starting PostgreSQL in {folder.Path} for {PatienceForSupervisor.TotalMinutes:0} minutes."
                );
            await Task.Delay(Glance, cancellationToken);
        }
    }

    /// <summary>
    /// Starts a server for one test run in a new temporary directory: not durable, removed by <see cref="DisposeAsync"/>.
    /// Directories that crashed runs have left are removed first. <paramref name="announce"/> is as <see cref="LocalServerOptions.Announce"/>.
    /// </summary>
    /// <exception cref="LocalServerException">It cannot be started; see <see cref="LocalServerException.ExitCode"/>.</exception>
    public static Task<LocalServer> StartTemporaryAsync(Action<string>? announce, CancellationToken cancellationToken)
    {
        RefuseWindows();
        var options = new LocalServerOptions
        {
            DataDirectory = Path.GetTempPath(),
            Durable = false,
            Announce = announce,
        };
        return OrSayWhatIsWrongAsync(options.DataDirectory, () => StartTemporaryBelowAsync(options, cancellationToken));
    }

    internal static async Task<LocalServer> StartTemporaryBelowAsync(
        LocalServerOptions options,
        CancellationToken cancellationToken
    )
    {
        var (folder, supervision) = await TemporaryFolder.CreateAsync(options, cancellationToken);
        try
        {
            var server = await SuperviseAsync(folder, supervision, options, cancellationToken);
            server.isTemporary = true;
            return server;
        }
        catch
        {
            Folders.TryRemove(folder.Path);
            throw;
        }
    }

    static async Task<LocalServer> SuperviseAsync(
        DataFolder folder,
        FileStream supervision,
        LocalServerOptions options,
        CancellationToken cancellationToken
    )
    {
        try
        {
            folder.RemoveRunning();
            var binaries = await options.Binaries.FindAsync(options.Say, cancellationToken);
            var cluster = new Cluster(folder.ForMajor(binaries.Major), binaries, options);
            var secret = await cluster.PrepareAsync(cancellationToken);
            var (watchdog, pid) = await cluster.StartAsync(cancellationToken);
            var server = new LocalServer(folder, cluster.Files, secret, supervision, watchdog);
            try
            {
                await server.CreateRolesAsync(cancellationToken);
                folder.WriteRunning(binaries.Major, pid);
                return server.Watched(options.Say);
            }
            catch
            {
                await watchdog.StopAsync();
                watchdog.Dispose();
                throw;
            }
        }
        catch
        {
            await supervision.DisposeAsync();
            throw;
        }
    }

    /// <summary>Null while the other process is not ready, or when its note is older than the server.</summary>
    static async Task<LocalServer?> TryAttachAsync(DataFolder folder, CancellationToken cancellationToken)
    {
        if (folder.ReadRunning() is not { } running)
            return null;
        var major = folder.ForMajor(running.Major);
        if (PostmasterFile.Read(major.Data) is not { Ready: true } postmaster || postmaster.Pid != running.Pid)
            return null;
        var server = new LocalServer(folder, major, major.ReadPassword() ?? "", null, null);
        try
        {
            await using var connection = new NpgsqlConnection(server.ConnectionString("blog_app") + ";Pooling=false");
            await connection.OpenAsync(cancellationToken);
            return server;
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidPassword)
        {
            throw new LocalServerException(
                LocalServerException.Failed,
                $"The PostgreSQL that runs in {folder.Path} does not take the password of its own file for blog_app any more: somebody has changed it. "
                    + $"Give it back, as postgres: alter role blog_app password '<what {major.PasswordFile} holds>'.",
                refused
            );
        }
        catch (NpgsqlException)
        {
            return null;
        }
    }

    /// <summary>
    /// The roles of the service and its empty database; what they may do is the migrations' to say. The extension that counts
    /// statements is here because only a superuser can make it, which a database that is not private has somebody else for.
    /// </summary>
    async Task CreateRolesAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(ConnectionString("postgres", "postgres") + ";Pooling=false");
        await using var connection = await source.OpenConnectionAsync(cancellationToken);

        var missing = Roles
            .Skip(1)
            .Select(role =>
                $"""
                    if not exists (select from pg_catalog.pg_roles where rolname = '{role}') then
                        create role {role} login password '{password}';
                    end if;
                    """
            );
        await using (var roles = new NpgsqlCommand($"do $$ begin {string.Concat(missing)} end $$", connection))
            await roles.ExecuteNonQueryAsync(cancellationToken);

        await using var find = new NpgsqlCommand(
            "select 1 from pg_catalog.pg_database where datname = 'blog'",
            connection
        );
        if (await find.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var database = new NpgsqlCommand("create database blog", connection);
            await database.ExecuteNonQueryAsync(cancellationToken);
        }

        await CreateExtensionAsync(ConnectionString("postgres"), cancellationToken);
    }

    internal static async Task CreateExtensionAsync(string superuser, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(superuser + ";Pooling=false");
        await using var extension = source.CreateCommand(
            """
            do $$
            begin
              if exists (select from pg_catalog.pg_available_extensions where name = 'pg_stat_statements') then
                create extension if not exists pg_stat_statements;
              end if;
            end
            $$
            """
        );
        await extension.ExecuteNonQueryAsync(cancellationToken);
    }

    LocalServer Watched(Action<string> announce)
    {
        Stopped = WatchAsync(announce, disposing.Token);
        return this;
    }

    async Task<string> WatchAsync(Action<string> announce, CancellationToken cancellationToken)
    {
        if (watchdog is not null)
            await watchdog.Exited.WaitAsync(cancellationToken);
        else
            for (var first = PostmasterFile.Read(files.Data); first is { IsAlive: true }; )
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
                if (PostmasterFile.Read(files.Data)?.Pid != first.Pid)
                    break;
            }
        var sentence = watchdog is not null
            ? $"PostgreSQL has stopped by itself (exit code {watchdog.ExitCode}); its log is {files.Log}. Start this program again."
            : "PostgreSQL has stopped because the process that had started it ended. Start this program again.";
        announce(sentence);
        return sentence;
    }

    /// <summary>
    /// Stops a supervised server: open transactions are rolled back, connections closed. After ten seconds it is stopped the hard way.
    /// An attached one is left running.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
            return;
        isDisposed = true;
        await disposing.CancelAsync();
        if (watchdog is not null)
        {
            home.RemoveRunning();
            await watchdog.StopAsync();
            watchdog.Dispose();
            if (!files.HasOwnSocketFolder)
                Folders.TryRemove(files.SocketFolder);
        }
        if (isTemporary)
            Folders.TryRemove(home.Path);
        if (supervision is not null)
            await supervision.DisposeAsync();
        disposing.Dispose();
    }

    static void RefuseWindows()
    {
        if (OperatingSystem.IsWindows())
            throw new LocalServerException(
                LocalServerException.Unavailable,
                "A private PostgreSQL is not started on Windows: nothing there would stop it when this program is killed. "
                    + "Install PostgreSQL 15 or newer and set ConnectionStrings__Blog, or work in WSL."
            );
    }

    /// <summary>Turns the errors of folders and files into a sentence that names the folder and what to do.</summary>
    static async Task<T> OrSayWhatIsWrongAsync<T>(string directory, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LocalServerException(
                LocalServerException.CannotCreate,
                $"""
                The data directory {directory} cannot be used: {error.Message}
                Set BLOG_DATA_DIR to a folder that this user can write, or ConnectionStrings__Blog to a server that runs already.
                """,
                error
            );
        }
    }
}
