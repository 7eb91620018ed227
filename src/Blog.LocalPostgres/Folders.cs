using System.Security.Cryptography;
using System.Text;

namespace Blog.LocalPostgres;

/// <summary>Folders that the server's user can reach and nobody else can prepare in its place.</summary>
static class Folders
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    const UnixFileMode PassThrough = OwnerOnly | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>
    /// The user that runs PostgreSQL: null is this process's own. PostgreSQL refuses to run as root, so root uses
    /// <c>postgres</c>, or <c>nobody</c> where there is none.
    /// </summary>
    internal static string? ServerUser { get; } =
        !Environment.IsPrivilegedProcess || OperatingSystem.IsWindows() ? null
        : File.Exists("/etc/passwd")
        && File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal))
            ? "postgres"
        : "nobody";

    /// <summary>
    /// Creates <paramref name="path"/> when missing and returns it. As root, when the server's user cannot get there
    /// (a private home), a folder in /var/tmp that always belongs to the same path.
    /// </summary>
    /// <exception cref="IOException">The folder cannot be created.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder cannot be created.</exception>
    internal static async Task<string> ReachableAsync(
        string path,
        Action<string> announce,
        CancellationToken cancellationToken
    )
    {
        if (ServerUser is null)
        {
            Directory.CreateDirectory(path);
            return path;
        }
        if (!Directory.Exists(path))
            Create(path, PassThrough);
        var enter = await Command.RunAsync(
            "/bin/sh",
            ["-c", "cd -- \"$1\"", "sh", path],
            cancellationToken,
            ServerUser
        );
        if (enter.Succeeded)
            return path;

        var substitute = $"/var/tmp/blog-{Mark(path)}";
        announce($"The user {ServerUser}, who runs PostgreSQL for root, cannot enter {path}: using {substitute}.");
        await ClaimAsync(substitute, "711", runAs: null, cancellationToken);
        return substitute;
    }

    /// <summary>A folder in a place where everybody may write: ours from the first moment, or refused.</summary>
    internal static async Task ClaimAsync(string path, string mode, string? runAs, CancellationToken cancellationToken)
    {
        const string script = """mkdir -m "$2" -- "$1" 2>/dev/null; [ -d "$1" ] && [ ! -h "$1" ] && [ -O "$1" ]""";
        var claimed = await Command.RunAsync("/bin/sh", ["-c", script, "sh", path, mode], cancellationToken, runAs);
        if (!claimed.Succeeded)
            throw new IOException($"{path} cannot be created or belongs to another user.");
    }

    /// <summary>A private folder for the server's user; as root an existing folder keeps its owner, who is returned.</summary>
    internal static async Task<string?> PrivateAsync(string path, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(path))
            Create(path, OwnerOnly);
        if (ServerUser is null)
            return null;
        string[] ask = OperatingSystem.IsMacOS() ? ["-f", "%Su", path] : ["-c", "%U", "--", path];
        var owner = (await Command.RunAsync("stat", ask, cancellationToken)).Text.Trim();
        if (owner is not "root")
            return owner;
        await GiveAsync(path, ServerUser, cancellationToken);
        return ServerUser;
    }

    // Modes do not exist on Windows, where no private server is started.
    static void Create(string path, UnixFileMode mode)
    {
        Directory.CreateDirectory(path);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, mode);
    }

    /// <summary>A new or emptied file that only its owner can read.</summary>
    internal static FileStream CreatePrivateFile(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new(path, options);
    }

    internal static async Task GiveAsync(string path, string user, CancellationToken cancellationToken)
    {
        var given = await Command.RunAsync("chown", ["--", user, path], cancellationToken);
        if (!given.Succeeded)
            throw new IOException(given.LastLine);
    }

    /// <summary>Removes what a killed process has left. What cannot be removed yet, because its last program is just ending, stays for later.</summary>
    internal static void TryRemove(string path)
    {
        try
        {
            Directory.Delete(path, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException) { }
    }

    /// <summary>Sixteen characters that stand for a path.</summary>
    internal static string Mark(string path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(path))))[..16];
}
