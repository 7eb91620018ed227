using Blog.Bench.Shell;

namespace Blog.Bench.Stage;

/// <summary>Services that run at once on one database.</summary>
sealed class Field : IAsyncDisposable
{
    readonly List<RunningService> services = [];

    /// <summary>This service.</summary>
    public RunningService Ours => services[0];

    public IReadOnlyList<RunningService> Peers => services[1..];

    public IReadOnlyList<RunningService> All => services;

    /// <param name="commands">That start them; ours is the first.</param>
    /// <param name="connectionString">Of the database, the same for all.</param>
    /// <param name="logs">The folder that takes what they print.</param>
    /// <param name="firstUser">Whom they are asked for first.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Field> StartAsync(
        IReadOnlyList<(Contestant Contestant, IReadOnlyList<string> Command)> commands,
        string connectionString,
        string logs,
        long firstUser,
        CancellationToken cancellationToken
    )
    {
        Progress.Say($"starting {string.Join(", ", commands.Select(one => one.Contestant.Key))}");
        var field = new Field();
        try
        {
            foreach (var (contestant, command) in commands)
            {
                var log = Path.Combine(logs, $"{contestant.Key}.log");
                field.services.Add(
                    await RunningService.StartAsync(
                        contestant,
                        command,
                        $"{connectionString};{contestant.Connection}",
                        log,
                        firstUser,
                        cancellationToken
                    )
                );
            }

            return field;
        }
        catch
        {
            await field.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var service in services)
        {
            await service.DisposeAsync();
        }
    }
}
