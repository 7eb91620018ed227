using System.Collections.Concurrent;
using System.Diagnostics;

namespace Blog.LocalPostgres.Tests;

/// <summary>Another process that starts or attaches to a server, to be killed.</summary>
sealed class HostProcess : IDisposable
{
    const string Ready = "ready: ";
    readonly Process process;
    readonly ConcurrentQueue<string> lines = new();

    HostProcess(string folder, string? user, string? temporary, string[] arguments)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["exec", Path.Combine(folder, "Blog.LocalPostgres.Host.dll"), .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        start.Environment["DOTNET_EnableDiagnostics"] = "0"; // a killed process would leave its diagnostic pipes in /tmp
        if (temporary is not null)
            start.Environment["TMPDIR"] = temporary;
        if (user is not null)
            start.UserName = user;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => lines.Enqueue(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal static HostProcess Start(params string[] arguments) =>
        new(AppContext.BaseDirectory, null, null, arguments);

    /// <summary>Owns a temporary server below the scratch folder, where no other run sweeps.</summary>
    internal static HostProcess StartTemporary(Scratch scratch) =>
        new(AppContext.BaseDirectory, null, scratch.Path, ["--temporary"]);

    /// <summary>As root: runs as <c>nobody</c>, from a copy that nobody can read. Otherwise this user is the plain case.</summary>
    internal static HostProcess StartWithoutRoot(Scratch scratch, params string[] arguments)
    {
        if (!Environment.IsPrivilegedProcess)
            return Start(arguments);
        var copy = Directory.CreateDirectory(scratch.In("host")).FullName;
        foreach (var file in Directory.GetFiles(AppContext.BaseDirectory))
            if (Path.GetFileName(file) is { } name && !name.StartsWith("xunit", StringComparison.Ordinal))
                File.Copy(file, Path.Combine(copy, name), overwrite: true);
        return new(copy, "nobody", null, arguments);
    }

    internal int Id => process.Id;

    internal string Output => string.Join('\n', lines);

    internal bool HasExited => process.HasExited;

    internal bool IsReady => Line(Ready) is not null;

    internal bool Supervises => Line(Ready)!.StartsWith("True", StringComparison.Ordinal);

    internal string ConnectionString => Line(Ready)!.Split(' ', 2)[1];

    internal string? Line(string prefix) =>
        lines.FirstOrDefault(line => line.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    internal async Task<HostProcess> ReadyAsync()
    {
        await Eventually.HoldsAsync(() => IsReady || process.HasExited, $"ready; so far: {Output}", 30);
        Assert.True(IsReady, Output);
        return this;
    }

    internal async Task<int> EndAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    /// <summary>kill -9</summary>
    internal void Kill() => process.Kill();

    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill();
        process.WaitForExit();
        process.Dispose();
    }
}
