using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Blog.LocalPostgres;

/// <summary>
/// The files of one checkout: <c>supervisor.lock</c>, <c>running</c> (major and pid of the server that can be attached) and a private
/// <c>pg&lt;major&gt;</c> with <c>data</c>, <c>password</c>, <c>server.log</c> and the socket.
/// </summary>
sealed record DataFolder(string Path)
{
    string Running => System.IO.Path.Combine(Path, "running");

    /// <summary>The right to supervise, held until it is disposed or the process ends; null while another process holds it.</summary>
    internal FileStream? TryLock()
    {
        try
        {
            return new(
                System.IO.Path.Combine(Path, "supervisor.lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException error) when (error.HResult is EwouldblockLinux or EwouldblockMac)
        {
            return null;
        }
    }

    const int EwouldblockLinux = 11;
    const int EwouldblockMac = 35;

    internal (int Major, int Pid)? ReadRunning()
    {
        try
        {
            var words = File.ReadAllText(Running).Split(' ');
            return (
                int.Parse(words[0], CultureInfo.InvariantCulture),
                int.Parse(words[1], CultureInfo.InvariantCulture)
            );
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    internal void WriteRunning(int major, int pid)
    {
        File.WriteAllText(Running + ".new", $"{major} {pid}");
        File.Move(Running + ".new", Running, overwrite: true);
    }

    internal void RemoveRunning() => File.Delete(Running);

    internal MajorFolder ForMajor(int major) => new(System.IO.Path.Combine(Path, $"pg{major}"), major);
}

/// <summary>The files of one major version; no other major ever opens them.</summary>
sealed record MajorFolder(string Path, int Major)
{
    internal const int Port = 5432; // names the socket; nothing listens on the network

    internal string Data => System.IO.Path.Combine(Path, "data");
    internal string Log => System.IO.Path.Combine(Path, "server.log");
    internal string PasswordFile => System.IO.Path.Combine(Path, "password");

    /// <summary>
    /// The folder of the socket: this one, or a short one in /tmp where the whole path would exceed what the kernel takes
    /// (108 bytes on Linux, 104 on macOS, with the closing zero).
    /// </summary>
    internal string SocketFolder => IsShort(Path) ? Path : $"/tmp/blog-{Folders.Mark(Path)}";

    internal bool HasOwnSocketFolder => IsShort(Path);

    static bool IsShort(string folder) => Encoding.UTF8.GetByteCount($"{folder}/.s.PGSQL.{Port}") <= 103;

    /// <exception cref="UnauthorizedAccessException">The server belongs to another user.</exception>
    internal string? ReadPassword() => File.Exists(PasswordFile) ? File.ReadAllText(PasswordFile) : null;

    /// <summary>128 random bits, readable by the server's user only; returns the path.</summary>
    internal async Task<string> WritePasswordAsync(string? owner, CancellationToken cancellationToken)
    {
        await using (var file = Folders.CreatePrivateFile(PasswordFile))
            await file.WriteAsync(
                Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(32, lowercase: true)),
                cancellationToken
            );
        if (owner is not null)
            await Folders.GiveAsync(PasswordFile, owner, cancellationToken);
        return PasswordFile;
    }

    internal long LogLength => File.Exists(Log) ? new FileInfo(Log).Length : 0;

    internal string LogSince(long position)
    {
        if (!File.Exists(Log))
            return "";
        using var log = new StreamReader(Log);
        log.BaseStream.Position = position;
        return log.ReadToEnd();
    }
}
