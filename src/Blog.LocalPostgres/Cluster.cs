using System.Diagnostics;

namespace Blog.LocalPostgres;

/// <summary>One data directory and the binaries of its major: made once, then started.</summary>
sealed class Cluster(MajorFolder files, ServerBinaries binaries, LocalServerOptions options)
{
    static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);
    const long LongLog = 16 * 1024 * 1024;

    string? runAs;

    internal MajorFolder Files => files;

    /// <summary>Makes the data directory when there is none. Returns the password.</summary>
    internal async Task<string> PrepareAsync(CancellationToken cancellationToken)
    {
        runAs = await Folders.PrivateAsync(files.Path, cancellationToken);
        if (!files.HasOwnSocketFolder)
            await Folders.ClaimAsync(files.SocketFolder, "700", runAs, cancellationToken);
        if (files.LogLength > LongLog)
            File.Delete(files.Log);

        if (!Directory.Exists(files.Data))
            await CreateAsync(cancellationToken);

        var version = (await File.ReadAllTextAsync(Path.Combine(files.Data, "PG_VERSION"), cancellationToken)).Trim();
        if (!string.Equals(version, $"{files.Major}", StringComparison.Ordinal))
            throw new LocalServerException(
                LocalServerException.Failed,
                $"{files.Data} was made by PostgreSQL {version} and is left alone; PostgreSQL {files.Major} was about to start on it. Move it away."
            );
        return files.ReadPassword()
            ?? throw new LocalServerException(
                LocalServerException.Failed,
                $"The password of {files.Data} is gone. To start afresh, without its data, remove {files.Path}."
            );
    }

    /// <summary>initdb works beside the final place, so a directory named <c>data</c> is always complete.</summary>
    async Task CreateAsync(CancellationToken cancellationToken)
    {
        options.Say($"Creating a PostgreSQL {files.Major} data directory in {files.Path}.");
        foreach (var abandoned in Directory.GetDirectories(files.Path, "initdb-*"))
            Folders.TryRemove(abandoned);

        var passwordFile = await files.WritePasswordAsync(runAs, cancellationToken);
        var fresh = Path.Combine(files.Path, $"initdb-{Path.GetRandomFileName()}");
        // The built-in provider came with 17 and sorts alike everywhere; macOS had no C.UTF-8 of its own for long.
        string[] locale =
            files.Major >= 17 ? ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
            : OperatingSystem.IsMacOS() ? ["--locale=C", "--lc-ctype=en_US.UTF-8"]
            : ["--locale=C.UTF-8"];
        string[] command =
        [
            binaries.InitDb,
            $"--pgdata={fresh}",
            "--username=postgres",
            $"--pwfile={passwordFile}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--data-checksums",
            "--no-instructions",
            .. locale,
            .. options.Durable ? (string[])[] : ["--no-sync"],
        ];
        var before = files.LogLength;
        using var watchdog = Watchdog.Start("initdb", runAs, files.Log, command);
        try
        {
            await watchdog.Exited.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await watchdog.StopAsync();
            throw;
        }
        if (watchdog.ExitCode != 0)
            throw Failure("initdb failed", files.LogSince(before));
        Directory.Move(fresh, files.Data);
    }

    /// <summary>
    /// Starts the server and waits until it accepts connections, and before that for a predecessor that is still stopping.
    /// </summary>
    internal async Task<(Watchdog Watchdog, int Pid)> StartAsync(CancellationToken cancellationToken)
    {
        var waiting = Stopwatch.StartNew();
        var announced = false;
        while (true)
        {
            var before = files.LogLength;
            // postmaster.pid is PostgreSQL's to judge and to remove. It takes a process that is gone for stale; one that is alive for a
            // rival, even when the number meanwhile belongs to another program. That program is then declared an ancestor, which is never
            // a rival. Either way PostgreSQL still checks that no backend of the old server holds the shared memory.
            var owner = PostmasterFile.Read(files.Data);
            var impostor = owner is { IsSomebodyElse: true } ? owner.Pid : (int?)null;
            var watchdog = Watchdog.Start("server", runAs, files.Log, ServerCommand(), impostor);
            try
            {
                if (await ReadyAsync(watchdog, owner?.Text, cancellationToken) is { } pid)
                    return (watchdog, pid);
            }
            catch
            {
                await watchdog.StopAsync();
                watchdog.Dispose();
                throw;
            }
            watchdog.Dispose();
            var log = files.LogSince(before);
            if (!IsAboutPredecessor(log))
                throw Failure("PostgreSQL did not start", log);
            if (waiting.Elapsed > options.PatienceForPredecessor)
                throw new LocalServerException(
                    LocalServerException.Busy,
                    $"{files.Data} is still in use by another PostgreSQL after {options.PatienceForPredecessor.TotalSeconds:0} s. "
                        + $"When no program of this checkout is stopping it, stop it yourself: kill -INT {owner?.Pid}"
                );
            if (!announced)
            {
                options.Say($"Waiting for the previous PostgreSQL in {files.Path} to stop.");
                announced = true;
            }
            await Task.Delay(Glance * 10, cancellationToken);
        }
    }

    /// <summary>The pid of the server once it accepts connections; null when it has ended instead.</summary>
    async Task<int?> ReadyAsync(Watchdog watchdog, string? staleText, CancellationToken cancellationToken)
    {
        var starting = Stopwatch.StartNew();
        var announced = false;
        while (!watchdog.Exited.IsCompleted)
        {
            if (
                PostmasterFile.Read(files.Data) is { Ready: true } own
                && !string.Equals(own.Text, staleText, StringComparison.Ordinal)
            )
                return own.Pid;
            if (!announced && starting.Elapsed > TimeSpan.FromSeconds(3))
            {
                options.Say($"PostgreSQL is still starting, perhaps recovering from a crash; its log is {files.Log}.");
                announced = true;
            }
            await Task.Delay(Glance, cancellationToken);
        }
        return null;
    }

    IEnumerable<string> ServerCommand()
    {
        var socketFolder = files.SocketFolder.Replace("\"", "\"\"", StringComparison.Ordinal);
        List<string> settings =
        [
            "listen_addresses=",
            $"port={MajorFolder.Port}",
            $"unix_socket_directories=\"{socketFolder}\"",
            "unix_socket_permissions=0700",
            "max_connections=200",
            "track_io_timing=on",
            "timezone=UTC",
            "log_timezone=UTC",
            "log_line_prefix=%m [%p] %q%u@%d ",
        ];
        if (HasLibrary("pg_stat_statements"))
            settings.Add("shared_preload_libraries=pg_stat_statements");
        if (!options.Durable)
            settings.AddRange(["fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off"]);
        settings.AddRange(options.Settings);
        return [binaries.Postgres, "-D", files.Data, .. settings.SelectMany(setting => (string[])["-c", setting])];
    }

    // Debian, the npm package and Homebrew each have their own place for libraries, all of them near bin.
    bool HasLibrary(string name) =>
        ((string[])["../lib", "../lib/postgresql", $"../lib/postgresql@{files.Major}"])
            .SelectMany(place => (string[])[$"{place}/{name}.so", $"{place}/{name}.dylib"])
            .Any(library => File.Exists(Path.Combine(binaries.Folder, library)));

    static bool IsAboutPredecessor(string log) =>
        log.Contains("lock file \"postmaster.pid\" already exists", StringComparison.Ordinal)
        || log.Contains("pre-existing shared memory block", StringComparison.Ordinal);

    LocalServerException Failure(string what, string log)
    {
        var lines = log.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var telling = lines.Where(line =>
            ((string[])["FATAL:", "PANIC:", "HINT:", "error:"]).Any(mark =>
                line.Contains(mark, StringComparison.Ordinal)
            )
        );
        var said = string.Join('\n', telling.DefaultIfEmpty(lines.LastOrDefault() ?? "it said nothing").TakeLast(4));
        return log.Contains("No space left on device", StringComparison.Ordinal)
            ? new(
                LocalServerException.CannotCreate,
                $"The disk of {files.Path} is full. Free some space there, or set BLOG_DATA_DIR to a folder on another disk.\n{said}"
            )
            : new(LocalServerException.Failed, $"{what} in {files.Path}:\n{said}\nThe whole log is {files.Log}.");
    }
}
