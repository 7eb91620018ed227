using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;
using Xunit;

namespace Blog.Testing;

/// <summary>The service as it runs in production: a process of its own, on a port that the system gives it.</summary>
public sealed partial class ServiceProcess : IAsyncDisposable
{
    static readonly string[] anyPort = ["--urls", "http://127.0.0.1:0"];

    readonly Process process;
    readonly HttpClient client;
    readonly HttpClient admin;
    readonly ConcurrentQueue<string> lines;

    ServiceProcess(Process process, Uri[] addresses, ConcurrentQueue<string> lines)
    {
        this.process = process;
        this.lines = lines;
        client = new(new AlwaysHeaders { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = addresses[0] };
        client.DefaultRequestHeaders.Add("X-Request-Id", "test");
        admin = new() { BaseAddress = addresses[^1] };
        Address = addresses[0];
    }

    /// <summary>Where it listens to everybody.</summary>
    public Uri Address { get; }

    /// <summary>Its number, to signal it and to look at it in /proc.</summary>
    public int Id => process.Id;

    /// <summary>Everything that it has written.</summary>
    public string Output => string.Join('\n', lines);

    /// <param name="connectionString">Of the database it serves.</param>
    /// <param name="adminUrls">Where its admin listener is; null leaves that to the service, which may have none.</param>
    /// <param name="variables">Of its environment, besides.</param>
    public static async Task<ServiceProcess> StartAsync(
        string connectionString,
        string? adminUrls = "http://127.0.0.1:0",
        params (string Name, string? Value)[] variables
    )
    {
        var child = Start(
            "Production",
            anyPort,
            [
                ("ConnectionStrings__Blog", connectionString),
                ("Logging__LogLevel__Default", "Information"),
                ("Admin__Urls", adminUrls),
                ("Sql__Budget", "strict"),
                .. variables,
            ]
        );
        var listening = new TaskCompletionSource<Uri[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        var addresses = new List<Uri>();
        var output = new ConcurrentQueue<string>();
        child.OutputDataReceived += (_, line) =>
        {
            output.Enqueue(line.Data ?? "");
            if (line.Data is null)
                listening.TrySetException(new InvalidOperationException(string.Join('\n', output)));
            else if (Listening().Match(line.Data) is { Success: true } address)
                addresses.Add(new(address.Groups["url"].Value));
            if (addresses.Count == (adminUrls is null ? 1 : 2))
                listening.TrySetResult([.. addresses]);
        };
        child.ErrorDataReceived += (_, line) => output.Enqueue(line.Data ?? "");
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        return new(child, await listening.Task.WaitAsync(TestContext.Current.CancellationToken), output);
    }

    /// <summary>Runs to the end. Returns the exit code and everything that was written.</summary>
    public static Task<(int ExitCode, string Output)> RunAsync(
        string environment,
        params (string Name, string? Value)[] variables
    ) => RunAsync(environment, anyPort, variables);

    /// <inheritdoc cref="RunAsync(string, ValueTuple{string, string}[])" />
    public static async Task<(int ExitCode, string Output)> RunAsync(
        string environment,
        string[] arguments,
        params (string Name, string? Value)[] variables
    )
    {
        using var child = Start(environment, arguments, variables);
        var output = child.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = child.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (child.ExitCode, await output + await errors);
    }

    public Task<Answer> GetAsync(string path, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Get, path, null, headers);

    /// <summary>Asks the admin listener.</summary>
    public Task<Answer> GetAdminAsync(string path, params (string Name, string Value)[] headers) =>
        SendAdminAsync("GET", path, headers);

    /// <summary>Asks the admin listener as a browser does that follows a link.</summary>
    public Task<Answer> OpenAsync(string path) =>
        GetAdminAsync(path, ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));

    /// <inheritdoc cref="GetAdminAsync" />
    public async Task<Answer> SendAdminAsync(string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new(method), path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await admin.SendAsync(request, TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PutAsync(string path, string json, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Put, path, json, headers);

    public Task<Answer> PatchAsync(string path, string json, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Patch, path, json, headers);

    public Task<Answer> PostAsync(string path, string json, params (string, string)[] headers) =>
        SendAsync(HttpMethod.Post, path, json, headers);

    /// <summary>As <c>kill -9</c> does: the process gets no chance to end anything.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Tells it to end, as <c>kill</c> does.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Waits until it has ended by itself. Returns its exit code.</summary>
    public async Task<int> EndedAsync()
    {
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        admin.Dispose();
        if (!process.HasExited)
            process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }

    static Process Start(string environment, string[] arguments, params (string Name, string? Value)[] variables)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "Blog.Api.dll"), .. arguments]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var inherited in start.Environment.Keys.Where(IsOfTheService).ToArray())
            start.Environment.Remove(inherited);
        start.Environment["ASPNETCORE_ENVIRONMENT"] = environment;
        foreach (var (name, value) in variables.Where(variable => variable.Value is not null))
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    // As text or inside of JSON.
    [GeneratedRegex("Now listening on: (?<url>http[^\"\\s]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();

    static bool IsOfTheService(string name) =>
        name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Auth__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Kestrel__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Admin__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Sql__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Cors__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Limits__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Proxy__", StringComparison.OrdinalIgnoreCase)
        || name.Equals("AllowedHosts", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("Logging__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("OTEL_", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ConnectionStrings__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("DOTNET_ENVIRONMENT", StringComparison.OrdinalIgnoreCase);

    async Task<Answer> SendAsync(HttpMethod method, string path, string? json, params (string, string)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        if (json is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(json));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        try
        {
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return await Answer.OfAsync(response);
        }
        catch (HttpRequestException unanswered)
        {
            throw new HttpRequestException(
                $"{method} {path} was not answered. The service has written:\n{Output}",
                unanswered
            );
        }
    }
}
