using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blog.Bench.Measure;
using Blog.Bench.Shell;
using Blog.Data.Migrations;
using Blog.LocalPostgres;
using Npgsql;

namespace Blog.Bench.Stage;

/// <summary>
/// A durable PostgreSQL whose database <c>blog</c> was filled by bench/data.sql, in a folder that is kept: it is filled again only
/// where that file or a migration has changed.
/// </summary>
sealed class FilledServer : IAsyncDisposable
{
    /// <summary>Of the server, beside PostgreSQL's own. fsync, synchronous_commit and full_page_writes are on.</summary>
    public static readonly IReadOnlyList<string> Settings =
    [
        "shared_buffers=512MB",
        "max_wal_size=8GB",
        "checkpoint_timeout=30min",
        "autovacuum=off",
    ];

    const string Fill = "bench/data.sql";
    const string Database = "blog";

    readonly LocalServer server;

    FilledServer(LocalServer server) => this.server = server;

    /// <summary>Its first process and all others.</summary>
    public ProcessTree Processes =>
        new(server.ProcessId ?? throw new BenchException(ExitCode.Failed, "PostgreSQL has ended."));

    /// <param name="data">The folder that is kept.</param>
    /// <param name="posts">How many there are; everything else follows from it.</param>
    /// <param name="cancellationToken">Ends the filling; what is half filled is filled again next time.</param>
    public static async Task<FilledServer> StartAsync(string data, long posts, CancellationToken cancellationToken)
    {
        var mark = Mark();
        var folder = Path.Combine(data, string.Create(CultureInfo.InvariantCulture, $"posts-{posts}-{mark}"));
        Directory.CreateDirectory(folder);
        Progress.Say($"PostgreSQL with {posts:#,0} posts, in {folder}");
        var started = await LocalServer.StartAsync(
            new()
            {
                DataDirectory = folder,
                Settings = Settings,
                Announce = Progress.Say,
            },
            cancellationToken
        );
        var filled = new FilledServer(started);
        try
        {
            await filled.FillOnceAsync(mark, posts, cancellationToken);
            await ReadOnceAsync(folder, cancellationToken);
            return filled;
        }
        catch
        {
            await filled.DisposeAsync();
            throw;
        }
    }

    public string ConnectionString(string role, string database = Database) =>
        new NpgsqlConnectionStringBuilder(server.ConnectionString(role, database))
        {
            IncludeErrorDetail = false,
        }.ConnectionString;

    /// <summary>What psql and pgbench find it by.</summary>
    public IReadOnlyDictionary<string, string> Variables(string role, string database = Database)
    {
        var text = new NpgsqlConnectionStringBuilder(server.ConnectionString(role, database));
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PGHOST"] = text.Host!,
            ["PGPORT"] = text.Port.ToString(CultureInfo.InvariantCulture),
            ["PGUSER"] = role,
            ["PGPASSWORD"] = text.Password!,
            ["PGDATABASE"] = database,
        };
    }

    /// <summary>The first column of every row.</summary>
    public async Task<List<T>> ListAsync<T>(string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(
            ConnectionString("postgres") + ";Pooling=false;Command Timeout=0"
        );
        await using var command = source.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var all = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(await reader.GetFieldValueAsync<T>(0, cancellationToken));
        }

        return all;
    }

    /// <summary>A second database with the same rows, for writes. Nobody may be connected to the first one.</summary>
    public async Task CopyAsync(string copy, CancellationToken cancellationToken)
    {
        await DropAsync(copy, cancellationToken);
        await new LocalDatabase(server, "postgres").SendAsync(
            [$"create database {copy} template {Database} strategy file_copy", "checkpoint"],
            _ => { },
            cancellationToken
        );
    }

    public Task DropAsync(string copy, CancellationToken cancellationToken) =>
        new LocalDatabase(server, copy).DropAsync(cancellationToken);

    public ValueTask DisposeAsync() => server.DisposeAsync();

    async Task FillOnceAsync(string mark, long posts, CancellationToken cancellationToken)
    {
        var database = new LocalDatabase(server, Database);
        if (await database.HasMarkAsync(mark, cancellationToken))
        {
            return;
        }

        Progress.Say("migrating");
        await database.RecreateAsync(cancellationToken);
        await new MigrationRunner(ConnectionString("postgres")).ApplyAsync(cancellationToken);
        Progress.Say($"filling {posts:#,0} posts with {Fill}");
        await Tool.Psql.RunAsync(
            ["-qX", "-v", "ON_ERROR_STOP=1", "-v", $"posts={posts}", "-f", Checkout.At(Fill)],
            Variables("postgres"),
            Progress.Say,
            cancellationToken
        );
        await database.MarkAsync(mark, cancellationToken);
    }

    /// <summary>What was filled by an earlier run comes into the memory of the system, or the first rounds would measure the disk.</summary>
    static async Task ReadOnceAsync(string folder, CancellationToken cancellationToken)
    {
        Progress.Say("reading it once");
        var files = Directory
            .EnumerateDirectories(folder, "base", SearchOption.AllDirectories)
            .SelectMany(tables => Directory.EnumerateFiles(tables, "*", SearchOption.AllDirectories));
        foreach (var file in files)
        {
            await using var stream = File.OpenRead(file);
            await stream.CopyToAsync(Stream.Null, cancellationToken);
        }
    }

    /// <summary>Stands for what fills the database and for its schema.</summary>
    static string Mark()
    {
        if (!File.Exists(Checkout.At(Fill)))
        {
            throw new BenchException(ExitCode.Missing, $"There is no {Fill}, which fills the database.");
        }

        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (
            var file in Directory
                .EnumerateFiles(Checkout.At("sql/migrations"), "*.sql")
                .Order(StringComparer.Ordinal)
                .Append(Checkout.At(Fill))
        )
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetFileName(file)));
            hash.AppendData(File.ReadAllBytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..10];
    }
}
