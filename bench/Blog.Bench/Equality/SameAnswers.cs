using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Blog.Bench.Requests;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Equality;

/// <summary>Holds the answers of every peer against ours before anything is measured: whoever answers less would be faster.</summary>
/// <param name="ours">This service.</param>
/// <param name="peers">The others, on the same database.</param>
sealed class SameAnswers(RunningService ours, IReadOnlyList<RunningService> peers)
{
    public const int Users = 50;
    public const int Pages = 20;

    /// <summary>Users and pages of posts.</summary>
    /// <exception cref="BenchException">The first difference.</exception>
    public async Task CheckReadsAsync(Reads reads, CancellationToken cancellationToken)
    {
        Progress.Say($"comparing {Users} users and {Pages} pages of {1 + peers.Count} services");
        foreach (var target in reads.SomeUsers(Users).Select(Endpoints.User))
        {
            await CheckAsync(target, target, answer => answer, cancellationToken);
        }

        var head = await CursorHead.TakeAsync(ours, Endpoints.PagePath, cancellationToken);
        foreach (var end in reads.SomeEnds(Pages))
        {
            await CheckAsync(Endpoints.PageOfOurs(head, end), Endpoints.PageOfPeer(end), Items, cancellationToken);
        }
    }

    /// <summary>A user that each creates of the same input.</summary>
    /// <exception cref="BenchException">The first difference.</exception>
    public async Task CheckCreateAsync(string body, CancellationToken cancellationToken)
    {
        Progress.Say("comparing what is answered to POST /users");
        var first = await CreateAsync(ours, body, cancellationToken);
        foreach (var peer in peers)
        {
            var answer = await CreateAsync(peer, body, cancellationToken);
            Expect(peer, "POST /users", JsonDifference.OfWhatWasSent.Find(first, answer));
        }
    }

    async Task CheckAsync(
        string ourTarget,
        string peerTarget,
        Func<JsonElement, JsonElement> part,
        CancellationToken cancellationToken
    )
    {
        using var first = JsonDocument.Parse(await ours.GetAsync(ourTarget, cancellationToken));
        foreach (var peer in peers)
        {
            using var answer = JsonDocument.Parse(await peer.GetAsync(peerTarget, cancellationToken));
            Expect(
                peer,
                $"GET {peerTarget}",
                JsonDifference.OfEverything.Find(part(first.RootElement), part(answer.RootElement))
            );
        }
    }

    static void Expect(RunningService peer, string request, string? difference)
    {
        if (difference is not null)
        {
            throw new BenchException(
                ExitCode.Different,
                $"The answers to {request} differ: here is {Contestant.OursKey}, there is {peer.Contestant.Key}. {difference}."
            );
        }
    }

    static async Task<JsonElement> CreateAsync(RunningService service, string body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(service.Url, "/users"))
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        using var answer = await RunningService.SendAsync(request, cancellationToken);
        var text = await answer.Content.ReadAsStringAsync(cancellationToken);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(text)
            : throw new BenchException(
                ExitCode.Different,
                $"{service.Contestant.Key} answers {(int)answer.StatusCode} to POST /users: {text}"
            );
    }

    static JsonElement Items(JsonElement page) =>
        page.ValueKind == JsonValueKind.Object && page.TryGetProperty("items", out var items) ? items : page;
}
