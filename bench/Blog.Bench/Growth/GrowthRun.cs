using System.Globalization;
using Blog.Bench.Measure;
using Blog.Bench.Requests;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Growth;

/// <summary>One run: a PostgreSQL and a service for each size, all at once, loaded in turn.</summary>
/// <param name="options">How long, and where.</param>
/// <param name="sizes">Posts in each database.</param>
sealed class GrowthRun(BenchOptions options, IReadOnlyList<long> sizes)
{
    public static string KeyOf(long size) => string.Create(CultureInfo.InvariantCulture, $"{size:#,0} posts");

    public async Task<GrowthResults> RunAsync(CancellationToken cancellationToken)
    {
        var command = await new Publisher(options.Apps).PublishAsync(Contestant.Ours, cancellationToken);
        var places = new List<GrowthPlace>();
        try
        {
            foreach (var size in sizes)
            {
                places.Add(await GrowthPlace.StartAsync(options, size, command, cancellationToken));
            }

            var machine = await Machine.LookAsync(places[0].Server, cancellationToken);
            var samples = new List<Sample>();
            foreach (var endpoint in GrowthEndpoint.All)
            {
                var entrants = new List<Entrant>();
                foreach (var place in places)
                {
                    entrants.Add(await EntrantAsync(endpoint, place, cancellationToken));
                }

                samples.AddRange(await new Rounds(options.Pace).RunAsync(endpoint.Title, entrants, cancellationToken));
            }

            return new(machine, options.Pace, sizes, samples, Progress.Elapsed);
        }
        finally
        {
            foreach (var place in places)
            {
                await place.DisposeAsync();
            }
        }
    }

    async Task<Entrant> EntrantAsync(GrowthEndpoint endpoint, GrowthPlace place, CancellationToken cancellationToken)
    {
        var file = await RequestFile.GetAsync(
            Path.Combine(options.Scratch, string.Create(CultureInfo.InvariantCulture, $"growth-{place.Size}")),
            await endpoint.TargetsAsync(place.Field.Ours, place.Contents, cancellationToken),
            cancellationToken
        );
        var entrant = Entrant.Of(
            endpoint.Title,
            place.Field.Ours,
            place.Server.Processes,
            (round, _) => Task.FromResult((file, file.Count / (options.Pace.Count + 1) * round))
        );
        return new(
            KeyOf(place.Size),
            async (round, seconds, token) =>
                await entrant.LoadAsync(round, seconds, token) with
                {
                    Entrant = KeyOf(place.Size),
                }
        );
    }
}
