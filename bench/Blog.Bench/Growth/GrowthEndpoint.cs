using Blog.Bench.Requests;
using Blog.Bench.Stage;

namespace Blog.Bench.Growth;

/// <summary>What bound it has.</summary>
enum GrowthKind
{
    Plain,
    Tag,
    Search,
}

/// <summary>What is asked at every size.</summary>
/// <param name="Title">As the page calls it.</param>
/// <param name="Label">Short, for the curve.</param>
/// <param name="Kind">What bound it has.</param>
/// <param name="TargetsAsync">What is sent in turn.</param>
sealed record GrowthEndpoint(
    string Title,
    string Label,
    GrowthKind Kind,
    Func<RunningService, Contents, CancellationToken, Task<IEnumerable<string>>> TargetsAsync
)
{
    const int Seed = 20_261_122;
    const int Targets = 20_000;
    const int FullPage = 20;

    /// <summary>A sentence of bench/data.sql has it, about every fifth post.</summary>
    const string CommonWord = "rainy";

    /// <summary>Three of a thousand posts have it.</summary>
    const string RareWord = "w500";
    const string AbsentWord = "nowhere404";

    /// <summary>As many users at every size, so that only what a user costs can grow, and not how many there are.</summary>
    public const string FewUsers = "GET /users/{id}, of 1,000 users";
    public const string FirstPage = "GET /posts, first page";
    public const string DeepPage = "GET /posts, at 90 % of the depth";

    public static readonly IReadOnlyList<GrowthEndpoint> All =
    [
        new(
            Endpoints.Graph,
            "user",
            GrowthKind.Plain,
            (_, contents, _) => Task.FromResult<IEnumerable<string>>(Users(contents, contents.Users.Count))
        ),
        new(
            FewUsers,
            "user, of a thousand",
            GrowthKind.Plain,
            (_, contents, _) => Task.FromResult<IEnumerable<string>>(Users(contents, 1_000))
        ),
        new(FirstPage, "first page", GrowthKind.Plain, Same(Endpoints.PagePath)),
        new("GET /posts, in the middle", "page in the middle", GrowthKind.Plain, From(Endpoints.PagePath, 0.5)),
        new(DeepPage, "page at 90 %", GrowthKind.Plain, From(Endpoints.PagePath, 0.9)),
        new(
            "GET /posts?tag, the most frequent",
            "common tag",
            GrowthKind.Tag,
            WithTag(tags => tags[0].Name, depth: null)
        ),
        new(
            "GET /posts?tag, the most frequent, in the middle",
            "common tag in the middle",
            GrowthKind.Tag,
            WithTag(tags => tags[0].Name, 0.5)
        ),
        new(
            "GET /posts?tag, the rarest that fills a page",
            "rare tag",
            GrowthKind.Tag,
            WithTag(tags => tags.Last(tag => tag.Posts > FullPage).Name, depth: null)
        ),
        new("GET /posts?q, a common word", "common word", GrowthKind.Search, Same(Search(CommonWord))),
        new("GET /posts?q, a rare word", "rare word", GrowthKind.Search, Same(Search(RareWord))),
        new("GET /posts?q, a word that is nowhere", "absent word", GrowthKind.Search, Same(Search(AbsentWord))),
    ];

    static string Search(string word) => $"{Endpoints.PagePath}&q={word}";

    /// <summary>Drawn at random from so many users that are spread evenly over all.</summary>
    static string[] Users(Contents contents, int count)
    {
        var random = new Random(Seed);
        return Enumerable
            .Range(0, Targets)
            .Select(_ => Endpoints.User(contents.Users[(int)((long)random.Next(count) * contents.Users.Count / count)]))
            .ToArray();
    }

    static Func<RunningService, Contents, CancellationToken, Task<IEnumerable<string>>> Same(string target) =>
        (_, _, _) => Task.FromResult<IEnumerable<string>>([target]);

    static Func<RunningService, Contents, CancellationToken, Task<IEnumerable<string>>> WithTag(
        Func<IReadOnlyList<(string Name, long Posts)>, string> choose,
        double? depth
    ) =>
        async (ours, contents, cancellationToken) =>
        {
            var path = $"{Endpoints.PagePath}&tag={Uri.EscapeDataString(choose(contents.Tags))}";
            return depth is { } there ? await From(path, there)(ours, contents, cancellationToken) : [path];
        };

    /// <summary>Pages that begin where that part of the posts is newer, give or take a hundredth.</summary>
    static Func<RunningService, Contents, CancellationToken, Task<IEnumerable<string>>> From(
        string path,
        double depth
    ) =>
        async (ours, contents, cancellationToken) =>
        {
            var head = await CursorHead.TakeAsync(ours, path, cancellationToken);
            var random = new Random(Seed);
            var span = contents.LastPost - contents.FirstPost;
            return Enumerable
                .Range(0, Targets)
                .Select(_ => contents.LastPost - (long)(span * (depth + (random.NextDouble() - 0.5) / 50)))
                .Select(before => $"{path}&cursor={head.Before(before)}")
                .ToArray();
        };
}
