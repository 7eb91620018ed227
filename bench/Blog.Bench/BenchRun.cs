using Blog.Bench.Equality;
using Blog.Bench.Measure;
using Blog.Bench.Report;
using Blog.Bench.Requests;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench;

/// <summary>One run: writes into a copy of the database first, then reads, then starts.</summary>
/// <param name="options">What is asked for.</param>
sealed class BenchRun(BenchOptions options)
{
    const string Copy = "blog_writes";
    const int Starts = 5;
    const int BodiesPerSecond = 2_500;

    public async Task<BenchResults> RunAsync(CancellationToken cancellationToken)
    {
        Directory.Delete(options.Scratch, recursive: true);
        var commands = await PublishAsync(cancellationToken);
        await using var server = await FilledServer.StartAsync(options.Data, options.Posts, cancellationToken);
        var contents = await Contents.ReadAsync(server, cancellationToken);
        var machine = await Machine.LookAsync(server, cancellationToken);
        var reads = new Reads(options.Scratch, contents);
        var floor = new Floor(server, contents, options.Scratch);
        var graphFloor = await floor.OfAsync(Endpoints.Graph, "users/get_user", cancellationToken);
        var pageFloor = await floor.OfAsync(Endpoints.Page, "posts/list_posts", cancellationToken);
        var writes = await WritesAsync(server, commands, reads, contents, cancellationToken);
        var read = await ReadsAsync(server, commands, reads, contents, (graphFloor, pageFloor), cancellationToken);
        var starts = await StartsAsync(server, commands[0], contents, cancellationToken);
        return new(
            machine,
            options.Pace,
            options.Posts,
            contents.Links,
            [.. read, .. writes],
            starts,
            Progress.Elapsed
        );
    }

    async Task<List<(Contestant Contestant, IReadOnlyList<string> Command)>> PublishAsync(
        CancellationToken cancellationToken
    )
    {
        var publisher = new Publisher(options.Apps);
        var commands = new List<(Contestant, IReadOnlyList<string>)>();
        foreach (var contestant in options.Peers.Prepend(Contestant.Ours))
        {
            commands.Add((contestant, await publisher.PublishAsync(contestant, cancellationToken)));
        }

        return commands;
    }

    async Task<List<Sample>> WritesAsync(
        FilledServer server,
        List<(Contestant, IReadOnlyList<string>)> commands,
        Reads reads,
        Contents contents,
        CancellationToken cancellationToken
    )
    {
        Progress.Say("copying the database for the writes");
        await server.CopyAsync(Copy, cancellationToken);
        try
        {
            await using var field = await StartAsync(server, Copy, commands, contents, cancellationToken);
            var users = new NewUsers(contents);
            var same = new SameAnswers(field.Ours, field.Peers);
            await same.CheckReadsAsync(reads, cancellationToken);
            await same.CheckCreateAsync(users.Bodies(1, seed: 0, "same").First(), cancellationToken);
            return await new Rounds(options.Pace).RunAsync(
                Endpoints.Create,
                [
                    .. field.All.Select(service =>
                        Entrant.Of(
                            Endpoints.Create,
                            service,
                            server.Processes,
                            async (round, token) => (await BodiesAsync(users, service.Contestant.Key, round, token), 0)
                        )
                    ),
                ],
                cancellationToken
            );
        }
        finally
        {
            await server.DropAsync(Copy, CancellationToken.None);
        }
    }

    Task<RequestFile> BodiesAsync(NewUsers users, string key, int round, CancellationToken cancellationToken) =>
        RequestFile.PostAsync(
            Path.Combine(options.Scratch, $"new-users-of-{key}"),
            "/users",
            users.Bodies(
                BodiesPerSecond * Math.Max(options.Pace.Seconds, options.Pace.WarmUpSeconds),
                seed: round,
                $"{key} {round}"
            ),
            cancellationToken
        );

    async Task<List<Sample>> ReadsAsync(
        FilledServer server,
        List<(Contestant, IReadOnlyList<string>)> commands,
        Reads reads,
        Contents contents,
        (Entrant Graph, Entrant Page) floors,
        CancellationToken cancellationToken
    )
    {
        await using var field = await StartAsync(server, "blog", commands, contents, cancellationToken);
        var graphs = await reads.GraphsAsync(cancellationToken);
        var ourPages = await reads.PagesAsync(field.Ours, cancellationToken);
        var peerPages = await reads.PagesAsync(ours: null, cancellationToken);
        var known = await reads.KnownGraphsAsync(field.Ours, cancellationToken);
        var rounds = new Rounds(options.Pace);
        Entrant Reader(string endpoint, RunningService service, RequestFile file) =>
            Entrant.Of(endpoint, service, server.Processes, (round, _) => Task.FromResult((file, SkipOf(round, file))));

        // The 304 stands beside the 200 in the same rounds.
        var graph = await rounds.RunAsync(
            Endpoints.Graph,
            [
                .. field.All.Select(service => Reader(Endpoints.Graph, service, graphs)),
                Reader(Endpoints.Unchanged, field.Ours, known),
                floors.Graph,
            ],
            cancellationToken
        );
        var page = await rounds.RunAsync(
            Endpoints.Page,
            [
                .. field.All.Select(service =>
                    Reader(Endpoints.Page, service, service.Contestant.IsOurs ? ourPages : peerPages)
                ),
                floors.Page,
            ],
            cancellationToken
        );
        return [.. graph, .. page];
    }

    /// <summary>Each round goes on elsewhere in the file, at the same place for everybody.</summary>
    int SkipOf(int round, RequestFile file) => file.Count / (options.Pace.Count + 1) * round;

    async Task<List<double>> StartsAsync(
        FilledServer server,
        (Contestant, IReadOnlyList<string>) ours,
        Contents contents,
        CancellationToken cancellationToken
    )
    {
        var starts = new List<double>();
        for (var start = 1; start <= Starts; start++)
        {
            await using var field = await StartAsync(server, "blog", [ours], contents, cancellationToken);
            starts.Add(field.Ours.FirstAnswer.TotalSeconds);
            Progress.Say(
                FormattableString.Invariant($"start {start} of {Starts}: first answer after {starts[^1]:0.00} s")
            );
        }

        return starts;
    }

    Task<Field> StartAsync(
        FilledServer server,
        string database,
        List<(Contestant, IReadOnlyList<string>)> commands,
        Contents contents,
        CancellationToken cancellationToken
    ) =>
        Field.StartAsync(
            commands,
            server.ConnectionString("blog_app", database),
            options.Scratch,
            contents.Users[0],
            cancellationToken
        );
}
