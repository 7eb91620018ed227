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
    /// True when the number surely belongs to another program by now, false when it is, or may be, the PostgreSQL of this directory.
    /// </summary>
    internal bool IsSomebodyElse
    {
        get
        {
            try
            {
                using var process = Process.GetProcessById(Pid);
                if (process.ProcessName is not ("postgres" or "postmaster"))
                    return true;
                // PostgreSQL works in its data directory, so where /proc shows that, the same note lies there.
                return Directory.Exists("/proc/self")
                    && !string.Equals(Read($"/proc/{Pid}/cwd")?.Text, Text, StringComparison.Ordinal);
            }
            catch (Exception error) when (error is ArgumentException or InvalidOperationException)
            {
                return false; // there is no such process
            }
            catch (UnauthorizedAccessException)
            {
                return true; // another user's
            }
        }
    }
}
