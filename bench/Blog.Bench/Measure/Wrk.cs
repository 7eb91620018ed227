using System.Globalization;
using System.Text.Json;
using Blog.Bench.Requests;
using Blog.Bench.Shell;

namespace Blog.Bench.Measure;

/// <summary>What one load of wrk has come to. Times in microseconds.</summary>
/// <param name="Requests">Answered, whatever the answer.</param>
/// <param name="Microseconds">How long it took.</param>
/// <param name="Status">Answered with 400 or more.</param>
/// <param name="Connect">Connections that were not made.</param>
/// <param name="Read">Answers that broke off.</param>
/// <param name="Write">Requests that could not be sent.</param>
/// <param name="Timeout">Not answered within ten seconds.</param>
/// <param name="P50">Half of the answers took no longer.</param>
/// <param name="P99">99 of 100 answers took no longer.</param>
/// <param name="Bytes">Of all answers, headers too.</param>
sealed record WrkSummary(
    long Requests,
    long Microseconds,
    long Status,
    long Connect,
    long Read,
    long Write,
    long Timeout,
    long P50,
    long P99,
    long Bytes
)
{
    public long Succeeded => Requests - Status;

    public long Failed => Status + Connect + Read + Write + Timeout;

    /// <summary>Each kind of failure with its count; empty where there was none.</summary>
    public string Failures =>
        string.Join(
            ", ",
            new (string Kind, long Count)[]
            {
                ("answered 400 or more", Status),
                ("not connected", Connect),
                ("broken off while read", Read),
                ("broken off while written", Write),
                ("without an answer for ten seconds", Timeout),
            }
                .Where(kind => kind.Count > 0)
                .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count:#,0} {kind.Kind}"))
        );
}

/// <summary>The load: one thread, sixteen connections, each with one request at a time.</summary>
static class Wrk
{
    public const int Connections = 16;

    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web);

    /// <param name="url">Of the service.</param>
    /// <param name="requests">Sent in turn, from the first again where they end.</param>
    /// <param name="skip">How many are left out at first.</param>
    /// <param name="seconds">How long.</param>
    /// <param name="cancellationToken">Ends the load.</param>
    public static async Task<WrkSummary> LoadAsync(
        Uri url,
        RequestFile requests,
        int skip,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var output = await Tool.Wrk.RunAsync(
            [
                "-t1",
                $"-c{Connections}",
                $"-d{seconds}s",
                "--latency",
                "--timeout",
                "10s",
                "-s",
                Path.Combine(AppContext.BaseDirectory, "Measure", "load.lua"),
                url.GetLeftPart(UriPartial.Authority),
            ],
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["BENCH_REQUESTS"] = requests.Path,
                ["BENCH_SKIP"] = skip.ToString(CultureInfo.InvariantCulture),
            },
            line: null,
            cancellationToken
        );
        return JsonSerializer.Deserialize<WrkSummary>(output.Split('\n').Last(line => line.StartsWith('{')), json)!;
    }
}
