using System.Collections.Concurrent;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Operate;

/// <summary>
/// Clients that read and write without a pause until they are stopped: four of release N through the service, and two of release
/// N+1, which send its statements as the service's role. Each writes to users and posts of its own, and remembers what was acknowledged.
/// </summary>
sealed class Load(ServiceProcess service, TestDatabase database) : IAsyncDisposable
{
    public const int Clients = 4;
    public const int NextClients = 2;
    public const int Users = 100;

    readonly NpgsqlDataSource next = NpgsqlDataSource.Create(database.AppConnectionString);
    readonly CancellationTokenSource stopN = new();
    readonly CancellationTokenSource stopNext = new();
    readonly ConcurrentDictionary<int, int> rounds = new();
    readonly List<Task> clients = [];
    readonly List<Task> nextClients = [];
    int answered;
    int created;

    /// <summary>What was answered otherwise than expected; empty where all is well.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    /// <summary>By user: the bio that was acknowledged last.</summary>
    public ConcurrentDictionary<long, string> Bios { get; } = new();

    /// <summary>By post: the title that was acknowledged last.</summary>
    public ConcurrentDictionary<long, string> Titles { get; } = new();

    /// <summary>How many requests and statements were answered.</summary>
    public int Answered => answered;

    /// <summary>How many posts were created.</summary>
    public int Created => created;

    public void Start() =>
        clients.AddRange(Enumerable.Range(0, Clients).Select(client => Task.Run(() => ServeAsync(client))));

    public void StartNext() =>
        nextClients.AddRange(
            Enumerable.Range(Clients, NextClients).Select(client => Task.Run(() => ServeNextAsync(client)))
        );

    /// <summary>Until every client that runs has gone through two rounds more.</summary>
    public async Task GoOnAsync(string when)
    {
        var before = rounds.ToDictionary();
        var all = nextClients.Count > 0 ? Clients + NextClients : Clients;
        int[] running =
        [
            .. Enumerable.Range(0, all).Where(client => client >= Clients || !stopN.IsCancellationRequested),
        ];
        await Eventually.HoldsAsync(
            () =>
                !Failures.IsEmpty
                || running.All(client => rounds.GetValueOrDefault(client) >= before.GetValueOrDefault(client) + 2),
            $"two rounds more of each client {when}",
            seconds: 60
        );
    }

    public async Task StopAsync()
    {
        await stopN.CancelAsync();
        await Task.WhenAll(clients);
    }

    public async Task StopNextAsync()
    {
        await stopNext.CancelAsync();
        await Task.WhenAll(nextClients);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await StopNextAsync();
        await next.DisposeAsync();
        stopN.Dispose();
        stopNext.Dispose();
    }

    /// <summary>A round of release N: each user and post of the client in turn.</summary>
    async Task ServeAsync(int client)
    {
        for (var round = 0; !stopN.IsCancellationRequested; round++)
        {
            try
            {
                var user = UserOf(client, round);
                var post = (round * 37 % 700 * Clients) + client + 1;
                var (bio, title) = ($"bio {client} {round}", $"title {client} {round}");
                await ExpectAsync(200, service.GetAsync($"/users/{user}"));
                if (await ExpectAsync(200, service.PutAsync($"/users/{user}/profile", $$"""{"bio":"{{bio}}"}""")))
                    Bios[user] = bio;
                if (
                    await ExpectAsync(
                        200,
                        service.PutAsync($"/posts/{post}", $$"""{"title":"{{title}}","content":"c"}""")
                    )
                )
                    Titles[post] = title;
                if (
                    await ExpectAsync(
                        201,
                        service.PostAsync($"/users/{user}/posts", """{"title":"new","content":"c"}""")
                    )
                )
                    Interlocked.Increment(ref created);
                await ExpectAsync(200, service.GetAsync("/posts?limit=20"));
                var seen = await service.GetAsync($"/users/{user}/profile");
                if (!seen.Outcome.Contains($"\"{bio}\"", StringComparison.Ordinal))
                    Failures.Enqueue($"wrote {bio}, read {seen.Outcome}");
            }
            catch (Exception unanswered) when (unanswered is not OperationCanceledException)
            {
                Failures.Enqueue(unanswered.Message);
            }

            rounds[client] = round + 1;
        }
    }

    /// <summary>A round of release N+1, which names the new columns only; and of N beside it, as long as N runs.</summary>
    async Task ServeNextAsync(int client)
    {
        for (var round = 0; !stopNext.IsCancellationRequested; round++)
        {
            try
            {
                var user = UserOf(client, round);
                var (about, isOfN) = ($"about {client} {round}", !stopN.IsCancellationRequested);
                await AskNextAsync(
                    "update blog.profile set about = $1, updated_at = now() where user_id = $2",
                    about,
                    user
                );
                Bios[user] = about;
                if (isOfN)
                {
                    ExpectRead(about, (await service.GetAsync($"/users/{user}/profile")).Outcome);
                    about += " of N";
                    await ExpectAsync(200, service.PutAsync($"/users/{user}/profile", $$"""{"bio":"{{about}}"}"""));
                    Bios[user] = about;
                }

                ExpectRead(about, await AskNextAsync("select about from blog.profile where user_id = $1", user));
                await AskNextAsync(
                    "select title, published_at from blog.post where author_id = $1 order by id limit 20",
                    user
                );
            }
            catch (Exception refused) when (refused is not OperationCanceledException)
            {
                Failures.Enqueue(refused.Message);
            }

            rounds[client] = round + 1;
        }

        void ExpectRead(string expected, string? read)
        {
            if (read?.Contains(expected, StringComparison.Ordinal) is not true)
                Failures.Enqueue($"wrote {expected}, read {read}");
        }
    }

    async Task<string?> AskNextAsync(string sql, params object[] arguments)
    {
        await using var command = next.CreateCommand(sql);
        foreach (var argument in arguments)
            command.Parameters.AddWithValue(argument);
        var first = await command.ExecuteScalarAsync();
        Interlocked.Increment(ref answered);
        return first as string;
    }

    async Task<bool> ExpectAsync(int status, Task<Answer> request)
    {
        var answer = await request;
        Interlocked.Increment(ref answered);
        if (answer.Status != status)
            Failures.Enqueue($"{status} expected: {answer.Outcome}");
        return answer.Status == status;
    }

    static long UserOf(int client, int round) => (round % (Users / 10) * 10) + client + 1;
}
