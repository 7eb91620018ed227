using System.Diagnostics;
using System.Globalization;

namespace Blog.LocalPostgres;

/// <summary>PostgreSQL's own note about the process that uses a data directory: postmaster.pid.</summary>
sealed record PostmasterFile(int Pid, bool Ready, string Text)
{
    /// <summary>Null when there is none, or when it is being written or removed.</summary>
    internal static PostmasterFile? Read(string data)
    {
        try
        {
            // Lines: pid, data directory, start time, port, socket folder, address, shared memory, status.
            var text = File.ReadAllText(Path.Combine(data, "postmaster.pid"));
            var lines = text.Split('\n', StringSplitOptions.TrimEntries);
            return int.TryParse(lines[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pid)
                ? new(Math.Abs(pid), lines.ElementAtOrDefault(7) is "ready", text)
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    internal bool IsAlive
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(Pid);
                return !process.HasExited;
            }
            catch (ArgumentException)
            {
                return false;
            }
        }
    }

    /// <summary>
    /// True when the process is a PostgreSQL that works in this directory; false when the number now belongs to another program.
    /// In doubt true: waiting costs seconds, a second server on the same files costs the data.
    /// </summary>
    internal bool IsPostgres
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(Pid);
                if (process.ProcessName is not ("postgres" or "postmaster"))
                    return false;
                // PostgreSQL works in its data directory, so its own note lies there.
                var folder = $"/proc/{Pid}/cwd";
                return !Directory.Exists(folder) || string.Equals(Read(folder)?.Text, Text, StringComparison.Ordinal);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                return false; // it has ended meanwhile
            }
        }
    }
}
