using System.Globalization;
using Blog.Data.Migrations;
using Blog.Testing;

namespace Blog.Api.Tests.Health;

public sealed class HealthTests(PostgresServer server)
{
    const string NotReady =
        """503 {"type":"/problems/not_ready","title":"Service Unavailable","status":503,"detail":"The schema of the database is older than the service","instance":"/readyz","code":"not_ready","request_id":"test","reason":"schema_older"}""";

    [Fact]
    public async Task Is_alive_and_ready_where_the_database_is_migrated()
    {
        await using var api = await BlogApi.StartAsync(server);

        Assert.Equal("""200 {"status":"alive"}""", (await api.GetAsync("/livez")).Outcome);
        Assert.Equal("""200 {"status":"ready"}""", (await api.GetAsync("/readyz")).Outcome);
    }

    [Fact]
    public async Task Those_who_ask_at_once_share_a_look()
    {
        await using var wire = Wire.InFrontOf(server.ConnectionString("blog_app", "postgres"));
        await using var api = await BlogApi.StartAsync(server, wire.Options);
        Assert.Equal(200, (await api.GetAsync("/readyz")).Status);
        wire.Latency = TimeSpan.FromMilliseconds(100);

        var answers = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => api.GetAsync("/readyz")));

        Assert.All(answers, answer => Assert.Equal("""200 {"status":"ready"}""", answer.Outcome));
        Assert.Equal(2, answers.Sum(answer => StatementsOf(answer)));
    }

    [Fact]
    public async Task Is_not_ready_while_a_migration_is_missing_from_the_journal()
    {
        await using var api = await BlogApi.StartAsync(server);
        var last = MigrationScript.LoadAll()[^1].Name;

        await api.Database.ExecuteAsync(
            $"create table kept as select * from blog.schemaversions where scriptname = '{last}'; delete from blog.schemaversions where scriptname = '{last}'"
        );
        var answer = await api.GetAsync("/readyz");

        Assert.Equal(NotReady, answer.Outcome);
        Assert.Equal("1", answer["Retry-After"]);
        Assert.Equal("""200 {"status":"alive"}""", (await api.GetAsync("/livez")).Outcome);

        await api.Database.ExecuteAsync("insert into blog.schemaversions overriding system value select * from kept");
        Assert.Equal("""200 {"status":"ready"}""", (await api.GetAsync("/readyz")).Outcome);
    }

    [Fact]
    public async Task Is_ready_where_the_journal_has_a_migration_more()
    {
        await using var api = await BlogApi.StartAsync(server);

        await api.Database.ExecuteAsync(
            "insert into blog.schemaversions (scriptname, applied) values ('9999_of_a_later_build.sql', now())"
        );

        Assert.Equal("""200 {"status":"ready"}""", (await api.GetAsync("/readyz")).Outcome);
    }

    [Fact]
    public async Task Is_not_ready_while_there_is_no_journal()
    {
        await using var api = await BlogApi.StartAsync(server);

        await api.Database.ExecuteAsync("alter table blog.schemaversions rename to away");
        Assert.Equal(NotReady, (await api.GetAsync("/readyz")).Outcome);

        await api.Database.ExecuteAsync("alter table blog.away rename to schemaversions");
        Assert.Equal("""200 {"status":"ready"}""", (await api.GetAsync("/readyz")).Outcome);
    }

    static int StatementsOf(Answer answer) =>
        int.Parse(answer["Blog-SQL"]!.Split(',')[0]["stmts=".Length..], CultureInfo.InvariantCulture);
}
