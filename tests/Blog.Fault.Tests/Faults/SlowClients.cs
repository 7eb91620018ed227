using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Blog.Fault.Tests.Stage;

namespace Blog.Fault.Tests.Faults;

/// <summary>Clients that take their time: with the headers, with the body, and with reading.</summary>
static class SlowClients
{
    const int Clients = 200;
    const int Rounds = 3;
    static readonly TimeSpan readers = TimeSpan.FromSeconds(10);
    static readonly TimeSpan measured = TimeSpan.FromSeconds(5);

    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F22",
                $"{Clients} slow clients: a third sends a header, a third a body, a byte a second each; a third does not read",
                "those who send are ended; the p99 of others is at most twice what it is without them",
                "20 s; twice",
                BeSlowAsync,
                Length.Long
            ),
        ];

    static async Task BeSlowAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        var content = Convert.ToBase64String(RandomNumberGenerator.GetBytes(100_000));
        var created = await scene.Service.PostAsync("/users", """{"name":"Ann"}""");
        for (var post = 0; post < 8; post++)
            await scene.Service.PostAsync(
                $"{created["Location"]}/posts",
                $$"""{"title":"T","content":"{{content}}"}"""
            );
        await P99Async(scene, created["Location"]!);
        var without = new List<double>();
        var with = new List<double>();
        var ended = new List<double>();
        for (var round = 1; round <= Rounds; round++)
        {
            without.Add(await P99Async(scene, created["Location"]!));
            var start = Stopwatch.GetTimestamp();
            var crowd = Enumerable
                .Range(0, Clients)
                .Select(number => DawdleAsync(scene.Service.Address, number, created["Location"]!))
                .ToArray();
            await Task.Delay(TimeSpan.FromSeconds(2));
            with.Add(await P99Async(scene, created["Location"]!));
            await Task.WhenAll(crowd).WaitAsync(TimeSpan.FromSeconds(60));
            ended.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
            run.Say($"round {round} of {Rounds}: p99 {without[^1]:0.0} ms without, {with[^1]:0.0} ms with them");
        }

        var times = without.Zip(with, (less, more) => more / less).Order().ElementAt(Rounds / 2);
        run.Measure(
            $"p99 {string.Join(", ", without.Select(time => $"{time:0}"))} ms without, {string.Join(", ", with.Select(time => $"{time:0}"))} ms with them, {times:0.0} times (the middle of {Rounds} rounds); who sent was ended after {ended.Max():0} s"
        );
        run.Expect(times <= 2, $"the p99 was {times:0.0} times what it is without them");
        run.Expect(ended.Max() <= 20 * run.Patience, $"the last was ended after {ended.Max():0} s");
    }

    /// <summary>Of a small read, in milliseconds.</summary>
    static async Task<double> P99Async(Scene scene, string user)
    {
        var path = $"{user}/profile";
        await scene.Service.PutAsync(path, """{"bio":"b"}""");
        var times = new ConcurrentBag<double>();
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(ReadAsync)));
        return times.Order().ElementAt((int)(times.Count * 0.99));

        async Task ReadAsync()
        {
            while (Stopwatch.GetElapsedTime(start) < measured)
            {
                var sent = Stopwatch.GetTimestamp();
                await scene.Service.GetAsync(path);
                times.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            }
        }
    }

    /// <summary>Until the service ends the connection.</summary>
    static async Task DawdleAsync(Uri address, int number, string user)
    {
        using var client = new TcpClient { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(address.Host, address.Port);
        var stream = client.GetStream();
        try
        {
            if (number % 3 == 2)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {user} HTTP/1.1\r\nHost: fault\r\n\r\n"));
                // Who does not read holds a socket and nothing else.
                await Task.Delay(readers);
                return;
            }

            await stream.WriteAsync(
                number % 3 == 0
                    ? "GET / HTTP/1.1\r\nHost: fault\r\nX-Slow: "u8.ToArray()
                    : "POST /users HTTP/1.1\r\nHost: fault\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"u8.ToArray()
            );
            while (!(client.Client.Poll(0, SelectMode.SelectRead) && client.Available == 0))
            {
                await Task.Delay(1000);
                await stream.WriteAsync("x"u8.ToArray());
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException)
        {
            // The service has had enough.
        }
    }
}
