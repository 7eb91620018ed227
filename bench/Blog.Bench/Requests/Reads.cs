using System.Net;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Requests;

/// <summary>The requests of the reads: the same users and pages for everybody, in an order that is random with a fixed seed.</summary>
/// <param name="folder">Takes the files.</param>
/// <param name="contents">Has the ids.</param>
sealed class Reads(string folder, Contents contents)
{
    const int Seed = 20_261_122;
    const int Pages = 50_000;
    const int Known = 2_000;

    /// <summary>Every user once.</summary>
    public Task<RequestFile> GraphsAsync(CancellationToken cancellationToken) =>
        RequestFile.GetAsync(At("graphs"), ShuffledUsers().Select(Endpoints.User), cancellationToken);

    /// <summary>Pages that begin anywhere.</summary>
    /// <param name="ours">Gives the head of the cursors; null: the file is for peers.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    public async Task<RequestFile> PagesAsync(RunningService? ours, CancellationToken cancellationToken)
    {
        if (ours is null)
        {
            return await RequestFile.GetAsync(
                At("pages-of-peers"),
                Ends(Pages).Select(Endpoints.PageOfPeer),
                cancellationToken
            );
        }

        var head = await CursorHead.TakeAsync(ours, Endpoints.PagePath, cancellationToken);
        return await RequestFile.GetAsync(
            At("pages-of-ours"),
            Ends(Pages).Select(end => Endpoints.PageOfOurs(head, end)),
            cancellationToken
        );
    }

    /// <summary>Users with the tags that they have now.</summary>
    /// <exception cref="BenchException">The first of them is not answered with 304 when it is asked for with its tag.</exception>
    public async Task<RequestFile> KnownGraphsAsync(RunningService ours, CancellationToken cancellationToken)
    {
        Progress.Say($"asking for the tags of {Known:#,0} users");
        var known = new List<(string Target, string Tag)>();
        foreach (var target in ShuffledUsers().Take(Known).Select(Endpoints.User))
        {
            using var answer = await AskAsync(ours, target, tag: null, cancellationToken);
            known.Add((target, answer.Headers.ETag?.ToString() ?? ""));
        }

        using var again = await AskAsync(ours, known[0].Target, known[0].Tag, cancellationToken);
        return again.StatusCode == HttpStatusCode.NotModified
            ? await RequestFile.GetKnownAsync(At("known-graphs"), known, cancellationToken)
            : throw new BenchException(
                ExitCode.Different,
                $"GET {known[0].Target} with If-None-Match: {known[0].Tag} is answered with {(int)again.StatusCode}, not with 304."
            );
    }

    /// <summary>Some users, for a look at the answers.</summary>
    public IEnumerable<long> SomeUsers(int count) => ShuffledUsers().TakeLast(count);

    /// <summary>Posts that pages end above, for a look at the answers.</summary>
    public IEnumerable<long> SomeEnds(int count) => Ends(Pages).TakeLast(count);

    static async Task<HttpResponseMessage> AskAsync(
        RunningService ours,
        string target,
        string? tag,
        CancellationToken cancellationToken
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(ours.Url, target));
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        return await RunningService.SendAsync(request, cancellationToken);
    }

    long[] ShuffledUsers()
    {
        var users = contents.Users.ToArray();
        new Random(Seed).Shuffle(users);
        return users;
    }

    long[] Ends(int count)
    {
        var random = new Random(Seed);
        return Enumerable
            .Range(0, count)
            .Select(_ => random.NextInt64(contents.FirstPost + 20, contents.LastPost + 1))
            .ToArray();
    }

    string At(string name) => Path.Combine(folder, name);
}
