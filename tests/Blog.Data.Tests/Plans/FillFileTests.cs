using System.Diagnostics;
using System.Globalization;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Plans;

/// <summary>psql runs <c>sql/plans/fill.sql</c> as its header says, in a migrated database without rows.</summary>
public sealed class FillFileTests(PostgresServer server)
{
    const string Rows = """
        select 'users ' || count(*) from blog.users
        union all select 'profile ' || count(*) from blog.profile
        union all select 'post ' || count(*) from blog.post
        union all select 'tag ' || count(*) from blog.tag
        union all select 'post_tag ' || count(*) from blog.post_tag
        union all select 'idempotency_key ' || count(*) from blog.idempotency_key
        """;

    const string Pinned = """
        select unnest(setconfig)
        from pg_db_role_setting s
        join pg_database d on d.oid = s.setdatabase and s.setrole = 0
        where d.datname = current_database()
        """;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Leaves_the_rows_the_index_and_the_pinned_settings()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        Assert.Equal((0, ""), await RunAsync(database, posts: 1000));

        Assert.Equal(
            ["users 500", "profile 400", "post 1000", "tag 505", "post_tag 3055", "idempotency_key 500"],
            await database.ListAsync(Rows)
        );
        Assert.Equal(
            ["post_words_idx"],
            await database.ListAsync("select indexname from pg_indexes where indexname = 'post_words_idx'")
        );
        Assert.Equal(
            [
                "seq_page_cost=1",
                "random_page_cost=1.1",
                "cpu_tuple_cost=0.01",
                "cpu_index_tuple_cost=0.005",
                "cpu_operator_cost=0.0025",
                "effective_cache_size=4GB",
                "work_mem=4MB",
                "hash_mem_multiplier=2",
                "jit=off",
                "max_parallel_workers_per_gather=0",
                "default_statistics_target=100",
                "constraint_exclusion=partition",
                "cursor_tuple_fraction=0.1",
                "from_collapse_limit=8",
                "join_collapse_limit=8",
                "geqo=on",
                "statement_timeout=0",
                "enable_seqscan=off",
                "enable_hashjoin=off",
                "enable_mergejoin=off",
                "enable_material=off",
                "enable_memoize=off",
            ],
            await database.ListAsync(Pinned)
        );
    }

    [Fact]
    public async Task Leaves_the_choice_of_steps_to_the_planner_where_the_tables_are_larger()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        Assert.Equal((0, ""), await RunAsync(database, posts: 1001));

        Assert.Equal(["1001"], await database.ListAsync("select count(*) from blog.post"));
        var pinned = await database.ListAsync(Pinned);
        Assert.Contains("jit=off", pinned);
        Assert.DoesNotContain(pinned, setting => setting.StartsWith("enable_", StringComparison.Ordinal));
    }

    /// <summary>As the header has it.</summary>
    /// <returns>The exit code of psql, and what it said of errors.</returns>
    static async Task<(int ExitCode, string Errors)> RunAsync(TestDatabase database, int posts)
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        Assert.SkipUnless(
            folders.Any(folder => File.Exists(Path.Combine(folder, "psql"))),
            "There is no psql on the PATH."
        );
        var target = new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString);
        var start = new ProcessStartInfo(
            "psql",
            ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-v", $"posts={posts}", "-f", "sql/plans/fill.sql"]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        start.Environment["PGHOST"] = target.Host;
        start.Environment["PGPORT"] = target.Port.ToString(CultureInfo.InvariantCulture);
        start.Environment["PGUSER"] = target.Username;
        start.Environment["PGPASSWORD"] = target.Password;
        start.Environment["PGDATABASE"] = target.Database;
        using var psql = Process.Start(start)!;
        var output = psql.StandardOutput.ReadToEndAsync(Token);
        var errors = await psql.StandardError.ReadToEndAsync(Token);
        await output;
        await psql.WaitForExitAsync(Token);
        return (psql.ExitCode, errors);
    }
}
