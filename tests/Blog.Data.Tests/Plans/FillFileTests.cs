using Blog.Data.Plans;
using Blog.Testing;

namespace Blog.Data.Tests.Plans;

/// <summary>What <c>sql/plans/fill.sql</c> leaves in a migrated database without rows, its variable put where psql puts it.</summary>
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

    [Fact]
    public async Task Leaves_the_rows_the_index_and_the_pinned_settings()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);

        await FilledDatabase.FillAsync(database, PlanScale.Small);

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

        await FilledDatabase.FillAsync(database, new PlanScale("one more", 1001));

        Assert.Equal(["1001"], await database.ListAsync("select count(*) from blog.post"));
        var pinned = await database.ListAsync(Pinned);
        Assert.Contains("jit=off", pinned);
        Assert.DoesNotContain(pinned, setting => setting.StartsWith("enable_", StringComparison.Ordinal));
    }
}
