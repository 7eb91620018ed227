using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Blog.LocalPostgres.Tests;

/// <summary>A folder that every user may enter, removed at the end, and the processes that work in it.</summary>
sealed class Scratch : IDisposable
{
    internal Scratch()
    {
        Path = Directory.CreateTempSubdirectory("blog-scratch-").FullName;
        Mode(Path, "0755");
    }

    internal string Path { get; }

    internal string Data => In("data");

    internal string In(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Announcements of the servers that were started with <see cref="Options"/>.</summary>
    internal List<string> Said { get; } = [];

    internal bool HasSaid(string part)
    {
        lock (Said)
            return Said.Exists(line => line.Contains(part, StringComparison.Ordinal));
    }

    internal LocalServerOptions Options =>
        new()
        {
            DataDirectory = Data,
            Durable = false,
            Announce = line =>
            {
                lock (Said)
                    Said.Add(line);
            },
        };

    internal Task<LocalServer> StartAsync() => LocalServer.StartAsync(Options, TestContext.Current.CancellationToken);

    /// <summary>An executable shell script.</summary>
    internal string Script(string name, string text)
    {
        var path = In(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n" + text + "\n");
        Mode(path, "0755");
        return path;
    }

    /// <summary>A bin folder whose postgres says that it is of this version.</summary>
    internal string FakeBinaries(string folder, string version)
    {
        Script(System.IO.Path.Combine(folder, "initdb"), "exit 1");
        var postgres = Script(System.IO.Path.Combine(folder, "postgres"), $"echo 'postgres (PostgreSQL) {version}'");
        return System.IO.Path.GetDirectoryName(postgres)!;
    }

    internal static void Mode(string path, string octal)
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, (UnixFileMode)Convert.ToInt32(octal, 8));
    }

    /// <summary>The command lines of PostgreSQL servers, initdb and watchdogs that name this folder.</summary>
    internal static async Task<List<string>> ServersInAsync(string folder)
    {
        var all = await Command.RunAsync("ps", ["-axww", "-o", "pid=,command="], TestContext.Current.CancellationToken);
        return
        [
            .. all
                .Text.Split('\n')
                .Where(line =>
                    line.Contains(folder, StringComparison.Ordinal)
                    && !line.Contains("dotnet", StringComparison.Ordinal)
                ),
        ];
    }

    internal Task<List<string>> ServersAsync() => ServersInAsync(Path);

    /// <summary>The pid of the server that works in <paramref name="dataDirectory"/>.</summary>
    internal static int Postmaster(string dataDirectory) =>
        Directory
            .GetDirectories(dataDirectory, "pg*")
            .Select(major => PostmasterFile.Read(System.IO.Path.Combine(major, "data")))
            .Single(file => file is not null)!
            .Pid;

    internal static void Kill(int pid)
    {
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>A number that ps knows about a process: uid, pgid.</summary>
    internal static async Task<int> AboutAsync(int pid, string column)
    {
        var answer = await Command.RunAsync(
            "ps",
            ["-o", $"{column}=", "-p", $"{pid}"],
            TestContext.Current.CancellationToken
        );
        return int.Parse(answer.Text, CultureInfo.InvariantCulture);
    }

    internal static Task<int> UserOfAsync(int pid) => AboutAsync(pid, "uid");

    internal static async Task<string> AskAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return $"{await command.ExecuteScalarAsync(TestContext.Current.CancellationToken)}";
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
