using System.Diagnostics;

namespace Blog.LocalPostgres;

/// <summary>
/// A shell that owns one PostgreSQL program and stops it when this process lets go of a pipe, whether by
/// <see cref="StopAsync"/> or by dying: the kernel closes the write end even after kill -9.
/// </summary>
/// <remarks>
/// The write end exists in this process alone: .NET opens it close-on-exec, so no other child inherits it.
/// The shell runs in a session of its own (setsid; perl where that is missing, as on macOS): Ctrl-C reaches every process of a
/// terminal's foreground group, and PostgreSQL has to outlive the requests that the service is still answering.
/// </remarks>
sealed class Watchdog : IDisposable
{
    // $1 the kind, $2 the log, then the program with its arguments.
    // The signal is repeated: a program that has only just been forked ignores SIGINT until it has installed its handler.
    // A server gets SIGINT (fast shutdown), after ten seconds SIGQUIT. initdb passes no signal on to the servers that it starts, so its
    // whole process group is told. USR1 ends the reader and its sleep; everything that a terminal or a service manager may send to all is ignored.
    const string Script = """
        kind=$1 log=$2
        shift 2
        umask 077
        exec 3<&0 </dev/null >>"$log" 2>&1
        trap : HUP INT TERM
        "$@" 3<&- &
        program=$!
        case $kind in
          server) gentle=INT hard=QUIT target=$program ;;
          initdb) gentle=TERM hard=KILL target=0 ;;
        esac
        (
          trap '' HUP INT TERM
          while read -r _ <&3; do :; done
          tries=0
          while [ "$tries" -lt 100 ] && kill -s "$gentle" "$target" 2>/dev/null; do
            sleep 0.1
            tries=$((tries + 1))
          done
          kill -s "$hard" "$target" 2>/dev/null
        ) &
        reader=$!
        exec 3<&-
        while :; do
          wait "$program"
          status=$?
          [ "$status" -gt 128 ] && kill -0 "$program" 2>/dev/null || break
        done
        trap : USR1
        kill -s USR1 0
        wait "$reader"
        exit "$status"
        """;

    readonly Process process;

    Watchdog(Process process)
    {
        this.process = process;
        Exited = process.WaitForExitAsync();
    }

    /// <summary>Completes when the program has ended and has been reaped.</summary>
    internal Task Exited { get; }

    internal int ExitCode => process.ExitCode;

    internal static Watchdog Start(
        string kind,
        string? runAs,
        string log,
        IEnumerable<string> program,
        int? impostor = null
    )
    {
        var start = new ProcessStartInfo
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            WorkingDirectory = "/",
        };
        string[] session =
            Command.Find("setsid") is { } setsid ? [setsid]
            : Command.Find("perl") is { } perl ? [perl, "-e", "use POSIX; POSIX::setsid(); exec @ARGV or die $!"]
            : throw new LocalServerException(
                LocalServerException.Unavailable,
                "A private PostgreSQL needs setsid or perl on the PATH, to be stopped when this program ends."
            );
        string[] command = [.. session, "/bin/sh", "-c", Script, "blog-postgres", kind, log, .. program];
        start.FileName = command[0];
        foreach (var argument in command[1..])
            start.ArgumentList.Add(argument);
        if (runAs is not null)
            start.UserName = runAs;

        // A developer's own PGPORT or PGDATA is about another server.
        foreach (
            var name in start.Environment.Keys.Where(name => name.StartsWith("PG", StringComparison.Ordinal)).ToList()
        )
            start.Environment.Remove(name);
        start.Environment["LC_ALL"] = "C";
        start.Environment["TZ"] = "UTC";
        if (impostor is { } pid)
            start.Environment["PG_GRANDPARENT_PID"] = $"{pid}";

        return new(Process.Start(start)!);
    }

    /// <summary>Lets go of the pipe and waits for the end: 10 s of patience, then the hard signal.</summary>
    internal async Task StopAsync()
    {
        try
        {
            process.StandardInput.Close();
        }
        catch (IOException) { } // the reader has gone already
        await Exited;
    }

    public void Dispose() => process.Dispose();
}
