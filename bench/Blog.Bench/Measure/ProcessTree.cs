using System.Globalization;

namespace Blog.Bench.Measure;

/// <summary>One line of /proc/PID/stat, as far as it is needed.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Parent">The number of its parent.</param>
/// <param name="Ticks">User and system time of it and of its children that have ended, in hundredths of a second.</param>
readonly record struct ProcessStat(int Pid, int Parent, long Ticks)
{
    /// <param name="line">The name in it, between parentheses, may hold anything.</param>
    public static ProcessStat Parse(string line)
    {
        var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
        return new(
            int.Parse(line.AsSpan(0, line.IndexOf(' ', StringComparison.Ordinal)), CultureInfo.InvariantCulture),
            int.Parse(fields[1], CultureInfo.InvariantCulture),
            fields[11..15].Sum(field => long.Parse(field, CultureInfo.InvariantCulture))
        );
    }
}

/// <summary>A process with all that descend from it, as /proc tells.</summary>
/// <param name="Root">The number of the first.</param>
readonly record struct ProcessTree(int Root)
{
    const double SecondsPerTick = 0.01;

    /// <summary>User and system time so far, in seconds, of those that have ended too.</summary>
    public double ProcessorSeconds => Members().Sum(one => one.Ticks) * SecondsPerTick;

    /// <summary>Resident memory, in MB (2^20 bytes).</summary>
    public double ResidentMegabytes => Megabytes("VmRSS:");

    /// <summary>The most that was resident at once, process by process, in MB.</summary>
    public double PeakMegabytes => Megabytes("VmHWM:");

    double Megabytes(string name) => Members().Sum(one => Kilobytes(one.Pid, name)) / 1024.0;

    List<ProcessStat> Members()
    {
        var all = Directory
            .EnumerateDirectories("/proc")
            .Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0]))
            .Select(folder => Read(Path.Combine(folder, "stat")))
            .OfType<string>()
            .Select(ProcessStat.Parse)
            .ToLookup(stat => stat.Parent);
        var root = Root;
        var members = all.SelectMany(children => children).Where(stat => stat.Pid == root).ToList();
        for (var at = 0; at < members.Count; at++)
        {
            members.AddRange(all[members[at].Pid]);
        }

        return members;
    }

    static long Kilobytes(int pid, string name) =>
        Read($"/proc/{pid}/status")
            ?.Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal))
            .Select(line =>
                long.Parse(
                    line.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1],
                    CultureInfo.InvariantCulture
                )
            )
            .FirstOrDefault()
        ?? 0;

    /// <summary>Null where the process has just ended.</summary>
    static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
