using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Data.Tests.Migrations;

/// <summary>The sentences of these tests: apply these scripts to that database.</summary>
static class Run
{
    internal static CancellationToken Stop => TestContext.Current.CancellationToken;

    internal static MigrationScript Script(string name, string sql) => new(name, sql);

    internal static Task<MigrationReport> ApplyBuild(TestDatabase database) => Apply(database, (MigrationOptions?)null);

    internal static Task<MigrationReport> Apply(TestDatabase database, params MigrationScript[] scripts) =>
        Apply(database, new MigrationOptions { Scripts = scripts });

    internal static Task<MigrationReport> Apply(TestDatabase database, MigrationOptions? options) =>
        new MigrationRunner(database.SuperuserConnectionString, options).ApplyAsync(Stop);

    internal static Task<MigrationException> Refused(TestDatabase database, params MigrationScript[] scripts) =>
        Assert.ThrowsAsync<MigrationException>(() => Apply(database, scripts));

    internal static Task<MigrationException> Refused(TestDatabase database, MigrationOptions? options) =>
        Assert.ThrowsAsync<MigrationException>(() => Apply(database, options));

    internal static Task<IReadOnlyList<MigrationState>> Status(
        TestDatabase database,
        params MigrationScript[] scripts
    ) => new MigrationRunner(database.SuperuserConnectionString, new() { Scripts = scripts }).StatusAsync(Stop);

    internal static Task<string[]> Journal(TestDatabase database) =>
        database.ListAsync("select scriptname from blog.schemaversions order by schemaversionsid");

    internal static Task<string[]> Tables(TestDatabase database) =>
        database.ListAsync(
            "select relname from pg_class where relnamespace = 'blog'::regnamespace and relkind = 'r' order by relname"
        );
}
