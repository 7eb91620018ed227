using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Blog.Cli.Tests;

/// <summary>The built <c>blog</c> as a process in a folder of its own, which disposing removes.</summary>
sealed class BlogProcess : IDisposable
{
    public BlogProcess() => Folder = Directory.CreateTempSubdirectory("blog-cli-").FullName;

    public string Folder { get; }

    /// <summary>What <c>ConnectionStrings__Blog</c> is; null leaves it out.</summary>
    public string? ConnectionString { get; init; }

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>Files that are there, by name.</summary>
    public string[] Files =>
        [.. Directory.GetFiles(Folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    public string PathOf(string file) => Path.Combine(Folder, file);

    public async Task<string> WriteAsync(string file, string text)
    {
        await File.WriteAllTextAsync(PathOf(file), text, TestContext.Current.CancellationToken);
        return file;
    }

    public Task<string> ReadAsync(string file) =>
        File.ReadAllTextAsync(PathOf(file), TestContext.Current.CancellationToken);

    public Task<string[]> ReadLinesAsync(string file) =>
        File.ReadAllLinesAsync(PathOf(file), TestContext.Current.CancellationToken);

    public Process Start(params string[] arguments)
    {
        // A test run in the background of a shell hands down that SIGINT is ignored; a command in a terminal does not.
        string[] command = OperatingSystem.IsLinux() ? ["env", "--default-signal=INT", "dotnet"] : ["dotnet"];
        var start = new ProcessStartInfo(
            command[0],
            [.. command[1..], Path.Combine(AppContext.BaseDirectory, "blog.dll"), .. arguments]
        )
        {
            WorkingDirectory = Folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Remove("ConnectionStrings__Blog");
        start.Environment.Remove("BLOG_DATA_DIR");
        if (ConnectionString is not null)
        {
            start.Environment["ConnectionStrings__Blog"] = ConnectionString;
        }

        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    public Task<Ended> RunAsync(params string[] arguments) => RunWithInputAsync("", arguments);

    public async Task<Ended> RunWithInputAsync(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        return await EndAsync(process, input);
    }

    /// <summary>Gives the input, closes it and waits for the end; ends the process when the test is cancelled.</summary>
    public static async Task<Ended> EndAsync(Process process, string input = "")
    {
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return new(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    /// <summary>Sends a signal, as <c>kill</c> does.</summary>
    public static async Task SignalAsync(Process process, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, kill.ExitCode);
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>A process that has ended.</summary>
sealed record Ended(int ExitCode, string Output, string Error)
{
    public JsonElement Json
    {
        get
        {
            using var document = JsonDocument.Parse(Output);
            return document.RootElement.Clone();
        }
    }
}
