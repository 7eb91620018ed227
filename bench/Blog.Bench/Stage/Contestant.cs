using Blog.Bench.Shell;

namespace Blog.Bench.Stage;

/// <summary>A service that can be measured.</summary>
/// <param name="Key">What the command line calls it.</param>
/// <param name="Title">What it is, for a reader of the results.</param>
/// <param name="Path">Of its project, or of the program that starts it with a host:port, from the checkout on.</param>
/// <param name="Connection">What its connection string says beside the server.</param>
sealed record Contestant(string Key, string Title, string Path, string Connection = "")
{
    /// <summary>Variables that it is started with, beside those that all have.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    public const string OursKey = "ours";

    /// <summary>What the other peers set by themselves.</summary>
    static readonly string tuned = FormattableString.Invariant(
        $"Max Auto Prepare=200;No Reset On Close=true;Maximum Pool Size={Math.Max(4, 2 * Environment.ProcessorCount)}"
    );

    public static readonly Contestant Ours = new(
        OursKey,
        "this service, as published, with everything that is on by default",
        "src/Blog.Api"
    );

    /// <summary>What it is compared with.</summary>
    public static readonly IReadOnlyList<Contestant> Peers =
    [
        new("raw", "Npgsql readers and Utf8JsonWriter by hand", "bench/Blog.Peer.Raw"),
        new("efcore", "EF Core 10 with compiled queries, connections as Npgsql has them", "bench/Blog.Peer.EfCore"),
        new(
            "efcore-tuned",
            "the same, statements prepared, connections few and not reset",
            "bench/Blog.Peer.EfCore",
            tuned
        ),
        new("dapper-join", "Dapper with one joined statement", "bench/Blog.Peer.DapperJoin"),
        new("reference", "the FastAPI and SQLAlchemy application, one worker", "bench/reference/serve"),
    ];

    public bool IsOurs => Key == OursKey;

    /// <summary>False: it is started as it is.</summary>
    public bool IsProject => Directory.Exists(Checkout.At(Path));

    /// <summary>Whether the checkout has it.</summary>
    public bool Exists => IsProject || File.Exists(Checkout.At(Path));

    /// <summary>Peers by their keys.</summary>
    /// <exception cref="BenchException">There is none of that key.</exception>
    public static IReadOnlyList<Contestant> Choose(IEnumerable<string> keys) =>
        [
            .. keys.Select(key =>
                Peers.FirstOrDefault(peer => peer.Key == key)
                ?? throw new BenchException(
                    ExitCode.Usage,
                    $"There is no peer {key}. There are {string.Join(", ", Peers.Select(peer => peer.Key))}."
                )
            ),
        ];
}
