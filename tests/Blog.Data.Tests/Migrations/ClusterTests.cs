using Blog.Data.Migrations;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Migrations;

/// <summary>Roles belong to the cluster, the migration lock to a database: what happens when several databases migrate.</summary>
public class ClusterTests(PostgresServer server)
{
    [Fact]
    public async Task Databases_of_a_new_cluster_migrate_at_once()
    {
        await using var fresh = new PostgresServer();
        await fresh.InitializeAsync();

        await MigrateSixAsync(fresh);
    }

    [Fact]
    public async Task Databases_of_a_cluster_that_has_the_roles_migrate_at_once()
    {
        await using var migrated = await TestDatabase.CreateMigratedAsync(server);

        await MigrateSixAsync(server);
    }

    [Fact]
    public async Task A_second_database_changes_nothing_about_the_roles()
    {
        await using var first = await TestDatabase.CreateMigratedAsync(server);
        await using var second = await TestDatabase.CreateEmptyAsync(server);
        // The transaction that wrote each row of the shared catalogues about the four roles.
        const string writers = """
            select string_agg(concat_ws(' ', what, xmin), ', ' order by what)
            from (
              select rolname::text as what, xmin from pg_authid where rolname like 'blog\_%'
              union all
              select setrole::regrole || ' set', xmin from pg_db_role_setting where setrole <> 0
              union all
              select concat_ws(' ', roleid::regrole, member::regrole), xmin from pg_auth_members
              where roleid = 'blog_owner'::regrole
            ) rows
            """;
        var before = await first.ListAsync(writers);

        await Run.ApplyBuild(second);

        Assert.Contains("blog_app set", before[0], StringComparison.Ordinal);
        Assert.Equal(before, await first.ListAsync(writers));
    }

    /// <summary>What the header of the first script says of it.</summary>
    [Fact]
    public async Task The_owner_of_the_database_who_may_create_roles_needs_no_superuser()
    {
        await using var fresh = new PostgresServer();
        await fresh.InitializeAsync();
        await using var database = await TestDatabase.CreateEmptyAsync(fresh);
        var superuser = new NpgsqlConnectionStringBuilder(database.SuperuserConnectionString);
        await database.ExecuteAsync(
            $"""
            drop role blog_migrator, blog_app, blog_readonly;
            create role operator login createrole password '{superuser.Password}';
            alter database {database.Name} owner to operator;
            """
        );
        superuser.Username = "operator";

        var report = await new MigrationRunner(superuser.ConnectionString).ApplyAsync(Run.Stop);

        Assert.Equal(
            MigrationScript.LoadAll().Select(script => script.Name),
            report.Applied.Select(script => script.Name)
        );
        Assert.Equal(
            ["blog_owner"],
            await database.ListAsync("select nspowner::regrole from pg_namespace where nspname = 'blog'")
        );
    }

    /// <summary>Who may not alter the role of the service is told what to run, and gets everything else.</summary>
    [Fact]
    public async Task The_migrator_leaves_the_settings_of_the_service_s_role_to_whoever_may_alter_it()
    {
        await using var fresh = new PostgresServer();
        await fresh.InitializeAsync();
        await using var database = await TestDatabase.CreateEmptyAsync(fresh);
        await Run.Apply(database, [.. MigrationScript.LoadAll().Take(4)]);

        await new MigrationRunner(database.OwnerConnectionString).ApplyAsync(Run.Stop);

        Assert.Equal(MigrationScript.LoadAll().Select(script => script.Name), await Run.Journal(database));
        Assert.Equal(["auto"], await database.ListAsync("select current_setting('plan_cache_mode')", "blog_app"));
    }

    static async Task MigrateSixAsync(PostgresServer cluster)
    {
        TestDatabase[] databases = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => TestDatabase.CreateEmptyAsync(cluster))
        );

        var reports = await Task.WhenAll(databases.Select(Run.ApplyBuild));

        Assert.All(
            reports,
            report =>
                Assert.Equal(
                    MigrationScript.LoadAll().Select(script => script.Name),
                    report.Applied.Select(script => script.Name)
                )
        );
        foreach (var database in databases)
            await database.DisposeAsync();
    }
}
