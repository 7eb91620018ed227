using Npgsql;

namespace Blog.Data;

/// <summary>
/// The connections to the database, in three pools: whoever streams for minutes, or looks at the health, takes none from the requests. Their
/// names stand in metrics in place of the connection string.
/// </summary>
sealed class Pools : IAsyncDisposable
{
    /// <summary>Connections for those who look whether the service can work.</summary>
    internal const int OfWatch = 4;

    readonly NpgsqlDataSource[] all;

    /// <param name="settings">All that <see cref="ConnectionText"/> knows; of its connections each pool gets a share, and at least one.</param>
    /// <param name="streams">How many streams run at once.</param>
    public Pools(NpgsqlConnectionStringBuilder settings, int streams)
    {
        var (fewest, rest) = (settings.MinPoolSize, settings.MaxPoolSize - OfWatch);
        OfStreams = Math.Min(streams, Math.Max(1, rest / 2));
        Places = Math.Max(1, rest - OfStreams);
        Requests = Build("blog", Places);
        Streams = Build("blog-streams", OfStreams);
        // What was prepared long ago says nothing of the schema as it is now.
        settings.MaxAutoPrepare = 0;
        Watch = Build("blog-watch", OfWatch);
        all = [Requests, Streams, Watch];
        Connections = Places + OfStreams + OfWatch;

        NpgsqlDataSource Build(string name, int connections)
        {
            settings.MaxPoolSize = connections;
            settings.MinPoolSize = Math.Min(fewest, connections);
            return new NpgsqlDataSourceBuilder(settings.ConnectionString) { Name = name }.Build();
        }
    }

    /// <summary>How many requests may have a connection at the same time.</summary>
    public int Places { get; }

    /// <summary>How many streams may have one.</summary>
    public int OfStreams { get; }

    /// <summary>How many there may be in all.</summary>
    public int Connections { get; }

    public NpgsqlDataSource Requests { get; }

    public NpgsqlDataSource Streams { get; }

    /// <summary>Nothing is prepared on these.</summary>
    public NpgsqlDataSource Watch { get; }

    /// <summary>Whoever comes next connects anew.</summary>
    public void Clear()
    {
        foreach (var pool in all)
        {
            pool.Clear();
        }
    }

    /// <summary>Where there are several hosts, it is found out anew which of them takes writes.</summary>
    public void ForgetHosts()
    {
        foreach (var pool in all)
        {
            (pool as NpgsqlMultiHostDataSource)?.ClearDatabaseStates();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in all)
        {
            await pool.DisposeAsync();
        }
    }
}
