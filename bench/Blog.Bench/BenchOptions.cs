using Blog.Bench.Measure;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench;

/// <summary>What the command line asks for.</summary>
/// <param name="Pace">How long.</param>
/// <param name="Peers">Whom this service is compared with.</param>
/// <param name="Posts">How many posts the database has.</param>
/// <param name="Data">The folder that is kept between runs.</param>
sealed record BenchOptions(Pace Pace, IReadOnlyList<Contestant> Peers, long Posts, string Data)
{
    public const long FewestPosts = 10_000;

    /// <summary>Requests, scripts of pgbench and logs of the last run.</summary>
    public string Scratch => Folder("run");

    /// <summary>Published services.</summary>
    public string Apps => Folder("apps");

    /// <summary>Ends the command where a tool is missing.</summary>
    public static void RequireTools()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new BenchException(
                ExitCode.Missing,
                "The benchmark needs Linux: processor time and memory are read from /proc."
            );
        }

        Tool.Wrk.Require();
        Tool.Psql.Require();
        Tool.PgBench.Require();
    }

    string Folder(string name) => Directory.CreateDirectory(Path.Combine(Data, name)).FullName;
}
