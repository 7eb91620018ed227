using System.Globalization;
using System.Text.RegularExpressions;
using Blog.Bench.Requests;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Measure;

/// <summary>What the database can do at most: pgbench sends the statements of an endpoint, prepared, over as many connections as wrk has.</summary>
/// <param name="server">That is asked.</param>
/// <param name="contents">Has the ids.</param>
/// <param name="folder">Takes the scripts.</param>
sealed partial class Floor(FilledServer server, Contents contents, string folder)
{
    public const string Key = "pgbench";

    /// <param name="endpoint">Whose statements they are.</param>
    /// <param name="query">The file of the catalogue, below sql/queries.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task<Entrant> OfAsync(string endpoint, string query, CancellationToken cancellationToken)
    {
        var text = await File.ReadAllTextAsync(Checkout.At($"sql/queries/{query}.sql"), cancellationToken);
        var script = Path.Combine(folder, $"{Path.GetFileName(query)}.pgbench");
        await File.WriteAllTextAsync(script, FloorScript.Of(text, Arguments()), cancellationToken);
        return new(Key, (round, seconds, token) => LoadAsync(endpoint, script, round, seconds, token));
    }

    Dictionary<string, string> Arguments() =>
        new(StringComparer.Ordinal)
        {
            ["userId"] = Between(contents.Users[0], contents.Users[^1]),
            ["before"] = Between(contents.FirstPost + 20, contents.LastPost),
            ["postLimit"] = "1000",
            // One more than the page has tells whether another one follows.
            ["limit"] = "21",
            ["withTags"] = "true",
            ["withAuthor"] = "true",
        };

    async Task<Sample> LoadAsync(
        string endpoint,
        string script,
        int round,
        int seconds,
        CancellationToken cancellationToken
    )
    {
        var before = server.Processes.ProcessorSeconds;
        var output = await Tool.PgBench.RunAsync(
            [
                "-n",
                "-M",
                "prepared",
                $"-c{Wrk.Connections}",
                "-j1",
                $"-T{seconds}",
                $"--random-seed={round + 1}",
                "-f",
                script,
            ],
            server.Variables("blog_app"),
            line: null,
            cancellationToken
        );
        var spent = server.Processes.ProcessorSeconds - before;
        var done = long.Parse(Processed().Match(output).Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
        var rate = double.Parse(Rate().Match(output).Groups["tps"].ValueSpan, CultureInfo.InvariantCulture);
        return new(endpoint, Key, round, done / rate, done, 0, 0, 0, 0, spent, 0, 0);
    }

    static string Between(long first, long last) =>
        string.Create(CultureInfo.InvariantCulture, $"random({first}, {last})");

    [GeneratedRegex(
        @"actually processed: (?<count>[0-9]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Processed();

    [GeneratedRegex(@"tps = (?<tps>[0-9.]+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Rate();
}
