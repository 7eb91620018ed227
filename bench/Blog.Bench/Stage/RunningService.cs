using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Blog.Bench.Measure;
using Blog.Bench.Shell;

namespace Blog.Bench.Stage;

/// <summary>One service as a process of its own, on a port of its own.</summary>
sealed class RunningService : IAsyncDisposable
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan glance = TimeSpan.FromMilliseconds(2);

    static readonly HttpClient client = new() { Timeout = TimeSpan.FromSeconds(30) };

    readonly Process process;
    readonly Uri? metrics;

    RunningService(Contestant contestant, Process process, Uri url, Uri? metrics)
    {
        Contestant = contestant;
        this.process = process;
        this.metrics = metrics;
        Url = url;
    }

    public Contestant Contestant { get; }

    public Uri Url { get; }

    public ProcessTree Processes => new(process.Id);

    /// <summary>From the start of the process to its first 200.</summary>
    public TimeSpan FirstAnswer { get; private set; }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="contestant">What it is.</param>
    /// <param name="command">That starts it, without address.</param>
    /// <param name="connectionString">Of its database.</param>
    /// <param name="log">The file that takes what it prints.</param>
    /// <param name="firstUser">Whom it is asked for first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BenchException">It has ended, or does not answer within a minute.</exception>
    public static async Task<RunningService> StartAsync(
        Contestant contestant,
        IReadOnlyList<string> command,
        string connectionString,
        string log,
        long firstUser,
        CancellationToken cancellationToken
    )
    {
        var address = $"127.0.0.1:{FreePort()}";
        var admin = contestant.IsOurs ? new Uri($"http://127.0.0.1:{FreePort()}/metrics") : null;
        string[] last = contestant.IsProject ? ["--urls", $"http://{address}"] : [address];
        // The shell becomes the service: it is the process that was started, and its output goes to a file that nobody reads meanwhile.
        var start = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >\"$0\" 2>&1", log, .. command, .. last])
        {
            WorkingDirectory = Path.GetDirectoryName(log)!,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ConnectionStrings__Blog"] = connectionString,
                ["DOTNET_NOLOGO"] = "1",
            },
        };
        foreach (var (name, value) in contestant.Variables)
        {
            start.Environment[name] = value;
        }

        if (admin is not null)
        {
            start.Environment["Admin__Urls"] = admin.GetLeftPart(UriPartial.Authority);
            start.Environment["Shutdown__NoticeSeconds"] = "0";
        }

        var begin = Stopwatch.GetTimestamp();
        var service = new RunningService(contestant, Process.Start(start)!, new($"http://{address}"), admin);
        try
        {
            await service.AnswersAsync(firstUser, begin, log, cancellationToken);
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Whatever it answers; the caller disposes it.</summary>
    public static Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) => client.SendAsync(request, cancellationToken);

    /// <summary>What it answers to a GET.</summary>
    /// <exception cref="BenchException">Not 200.</exception>
    public async Task<byte[]> GetAsync(string path, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(new Uri(Url, path), cancellationToken);
        var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
        return answer.StatusCode == HttpStatusCode.OK
            ? body
            : throw new BenchException(
                ExitCode.Different,
                $"{Contestant.Key} answers {(int)answer.StatusCode} to GET {path}: {System.Text.Encoding.UTF8.GetString(body)}"
            );
    }

    /// <summary>Does some work while the metrics are asked for once a second, as an operator would; only where it has them.</summary>
    public async Task<T> ScrapedAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        if (metrics is null)
        {
            return await work();
        }

        using var done = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var scraping = ScrapeAsync(metrics, done.Token);
        try
        {
            return await work();
        }
        finally
        {
            await done.CancelAsync();
            await scraping;
        }
    }

    static async Task ScrapeAsync(Uri metrics, CancellationToken cancellationToken)
    {
        using var clock = new PeriodicTimer(TimeSpan.FromSeconds(1));
        try
        {
            while (await clock.WaitForNextTickAsync(cancellationToken))
            {
                await client.GetByteArrayAsync(metrics, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }
    }

    /// <summary>Asks it to end, and after ten seconds no longer asks.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"]))
            {
                await kill.WaitForExitAsync();
            }

            using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            try
            {
                await process.WaitForExitAsync(late.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync();
            }
        }

        process.Dispose();
    }

    async Task AnswersAsync(long user, long begin, string log, CancellationToken cancellationToken)
    {
        var first = new Uri(Url, $"/users/{user}");
        while (true)
        {
            try
            {
                using var answer = await client.GetAsync(first, cancellationToken);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    FirstAnswer = Stopwatch.GetElapsedTime(begin);
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }

            if (process.HasExited || Stopwatch.GetElapsedTime(begin) > patience)
            {
                var said = string.Join('\n', (await File.ReadAllLinesAsync(log, cancellationToken)).TakeLast(8));
                throw new BenchException(
                    ExitCode.Failed,
                    $"{Contestant.Key} {(process.HasExited ? "has ended" : $"does not answer GET {first.AbsolutePath} with 200")}. The end of {log}:\n{said}"
                );
            }

            await Task.Delay(glance, cancellationToken);
        }
    }

    static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
