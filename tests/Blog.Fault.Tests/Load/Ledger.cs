using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using Blog.Testing;
using Xunit.Sdk;

namespace Blog.Fault.Tests.Load;

/// <summary>
/// Clients that write and read without a pause and remember what they were told. Each write stores a text that no other one
/// stores, under an Idempotency-Key; what was told is held against the rows in <see cref="LedgerAudit"/>.
/// </summary>
sealed class Ledger : IAsyncDisposable
{
    readonly Func<Uri> address;

    // The first requests of a service that has just started may take their time.
    int seconds = 30;
    readonly double grace;
    readonly HttpClient http = new(new SocketsHttpHandler()) { Timeout = TimeSpan.FromSeconds(60) };
    readonly CancellationTokenSource stop = new();
    readonly ConcurrentQueue<Exchange> exchanges = new();
    readonly ConcurrentQueue<string> broken = new();
    LedgerClient[] clients = [];
    Task running = Task.CompletedTask;
    long goodFrom;
    int good;

    Ledger(Func<Uri> address, double grace, string name)
    {
        this.address = address;
        this.grace = grace;
        Name = name;
    }

    /// <summary>With which every text of it begins.</summary>
    public string Name { get; }

    /// <summary>What a post says; larger where a disk is to be filled.</summary>
    public string Content { get; set; } = "c";

    /// <summary>Whether requests may stay without an answer, because the service is killed.</summary>
    public bool MayStayUnanswered { get; set; }

    /// <summary>Whether requests may take longer than they were given, and end with 500, because the service itself stands still in the middle of them.</summary>
    public bool MayBeLate { get; set; }

    public IReadOnlyCollection<Exchange> Exchanges => exchanges;

    public IReadOnlyCollection<LedgerClient> Clients => clients;

    /// <summary>Answers that the contract does not know, or that came too late.</summary>
    public IReadOnlyCollection<string> Broken => broken;

    /// <param name="address">Where the service is; asked for at each request.</param>
    /// <param name="clients">How many at once.</param>
    /// <param name="seconds">What each request is given.</param>
    /// <param name="grace">Seconds that it may take beyond that.</param>
    public static async Task<Ledger> StartAsync(Func<Uri> address, int clients, int seconds, double grace)
    {
        var ledger = new Ledger(address, grace, $"l{Guid.NewGuid():n}"[..9]);
        ledger.clients =
        [
            .. Enumerable.Range(0, clients).Select(number => new LedgerClient(ledger, $"{ledger.Name}-{number}")),
        ];
        await Task.WhenAll(ledger.clients.Select(client => client.BeginAsync()));
        ledger.seconds = seconds;
        ledger.running = Task.WhenAll(
            ledger.clients.Select(client => Task.Run(() => client.GoRoundAsync(ledger.stop.Token)))
        );
        await ledger.GoOnAsync();
        return ledger;
    }

    /// <summary>Until there are that many more good answers, of requests that began after now.</summary>
    public async Task GoOnAsync(int answers = 60, double within = 30)
    {
        Volatile.Write(ref goodFrom, Stopwatch.GetTimestamp());
        Volatile.Write(ref good, 0);
        await Eventually.HoldsAsync(() => Volatile.Read(ref good) >= answers, $"{answers} good answers more", within);
    }

    /// <summary>From a moment to the end of the last request that failed after it.</summary>
    public TimeSpan FailedUntil(long moment) =>
        exchanges
            .Where(exchange => exchange.Ended > moment && !IsAsExpected(exchange))
            .Select(exchange => Stopwatch.GetElapsedTime(moment, exchange.Ended))
            .DefaultIfEmpty()
            .Max();

    public async Task StopAsync()
    {
        await stop.CancelAsync();
        await running;
    }

    /// <summary>Sends a request, and remembers and checks what comes back.</summary>
    public async Task<Exchange> SendAsync(LedgerRequest request)
    {
        var started = Stopwatch.GetTimestamp();
        Answer? answer = null;
        try
        {
            answer = await AskAsync(request);
            AlwaysHeaders.Check(answer, $"{request.Method} {request.Path}");
        }
        catch (Exception unanswered) when (unanswered is HttpRequestException or OperationCanceledException)
        {
            if (!MayStayUnanswered)
                broken.Enqueue($"{request.Method} {request.Path} was not answered: {unanswered.Message}");
        }
        catch (XunitException undeclared)
        {
            broken.Enqueue(undeclared.Message);
        }

        var exchange = new Exchange(request, answer, started, Stopwatch.GetTimestamp());
        if (
            (answer is { Status: >= 500 and not (503 or 504) } && !MayBeLate)
            || (answer is { Status: 503 } && answer["Retry-After"] is null)
        )
            broken.Enqueue($"{exchange}");
        if (exchange.Seconds > seconds + grace && !MayBeLate)
            broken.Enqueue($"{exchange}, which was given {seconds} s");
        exchanges.Enqueue(exchange);
        if (exchange.IsAnsweredWell && started > Volatile.Read(ref goodFrom))
            Interlocked.Increment(ref good);
        return exchange;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stop.Dispose();
        http.Dispose();
    }

    /// <summary>Well, or refused for a reason that is no failure: the version has moved on.</summary>
    public static bool IsAsExpected(Exchange exchange) => exchange.IsAnsweredWell || exchange.Answer?.Status == 412;

    async Task<Answer> AskAsync(LedgerRequest request)
    {
        using var message = new HttpRequestMessage(new(request.Method), new Uri(address(), request.Path));
        message.Headers.Add("Prefer", $"wait={seconds}");
        if (request.Body is not null)
        {
            if (request.HasKey)
                message.Headers.Add("Idempotency-Key", request.Mark);
            message.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(request.Body));
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }

        if (request.IfMatch is not null)
            message.Headers.TryAddWithoutValidation("If-Match", request.IfMatch);
        using var response = await http.SendAsync(message);
        return await Answer.OfAsync(response);
    }
}
