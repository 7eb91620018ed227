using Blog.Bench.Measure;
using Blog.Bench.Requests;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Profile;

/// <summary>One run: this service alone, sampled while one endpoint after the other is asked.</summary>
/// <param name="options">How long, and where.</param>
sealed class ProfileRun(BenchOptions options)
{
    /// <summary>The runtime writes down where it puts what it has compiled, and puts it where perf finds it.</summary>
    static readonly Contestant ours = Contestant.Ours with
    {
        Variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["DOTNET_PerfMapEnabled"] = "1",
            ["DOTNET_EnableWriteXorExecute"] = "0",
        },
    };

    public async Task<ProfileResults> RunAsync(CancellationToken cancellationToken)
    {
        var command = await new Publisher(options.Apps).PublishAsync(ours, cancellationToken);
        await using var server = await FilledServer.StartAsync(options.Data, options.Posts, cancellationToken);
        var contents = await Contents.ReadAsync(server, cancellationToken);
        var machine = await Machine.LookAsync(server, cancellationToken);
        await using var field = await Field.StartAsync(
            [(ours, command)],
            server.ConnectionString("blog_app"),
            options.Scratch,
            contents.Users[0],
            cancellationToken
        );
        var reads = new Reads(options.Scratch, contents);
        var profiles = new List<EndpointProfile>();
        foreach (
            var (endpoint, requests) in new[]
            {
                (Endpoints.Graph, await reads.GraphsAsync(cancellationToken)),
                (Endpoints.Page, await reads.PagesAsync(field.Ours, cancellationToken)),
                (Endpoints.Unchanged, await reads.KnownGraphsAsync(field.Ours, cancellationToken)),
            }
        )
        {
            profiles.Add(await TakeAsync(endpoint, requests, field.Ours, server, cancellationToken));
        }

        return new(machine, options.Posts, options.Pace, profiles);
    }

    async Task<EndpointProfile> TakeAsync(
        string endpoint,
        RequestFile requests,
        RunningService service,
        FilledServer server,
        CancellationToken cancellationToken
    )
    {
        var entrant = Entrant.Of(endpoint, service, server.Processes, (_, _) => Task.FromResult((requests, 0)));
        Progress.Say($"{endpoint}: warm-up");
        await entrant.LoadAsync(0, options.Pace.WarmUpSeconds, cancellationToken);
        Progress.Say($"{endpoint}: sampled for {options.Pace.Seconds} s");
        var file = Path.Combine(options.Scratch, "perf.data");
        // It ends with the load, which begins a little later.
        var recording = Perf.RecordAsync(service.Processes.Root, options.Pace.Seconds, file, cancellationToken);
        var sample = await entrant.LoadAsync(1, options.Pace.Seconds, cancellationToken);
        await recording;
        return new(endpoint, sample, await Perf.CountAsync(file, cancellationToken));
    }
}

/// <summary>What one run has come to.</summary>
/// <param name="Machine">What it ran on.</param>
/// <param name="Posts">In the database.</param>
/// <param name="Pace">How long.</param>
/// <param name="Profiles">One an endpoint.</param>
sealed record ProfileResults(Machine Machine, long Posts, Pace Pace, IReadOnlyList<EndpointProfile> Profiles);

/// <summary>Where the processor was.</summary>
/// <param name="Endpoint">That was asked.</param>
/// <param name="Sample">What it cost.</param>
/// <param name="Counts">How often the processor was met in each part.</param>
sealed record EndpointProfile(string Endpoint, Sample Sample, IReadOnlyDictionary<string, long> Counts)
{
    /// <summary>Of the samples, from 0 to 1.</summary>
    public double ShareOf(string part) => Counts.GetValueOrDefault(part) / (double)Counts.Values.Sum();
}
