using System.Text.Json;
using Blog.Testing;

namespace Blog.Api.Tests.Health;

/// <summary>Whatever a statement needs and no longer finds is named at once, and the service is ready again as soon as it is back.</summary>
public sealed class DriftTests(DriftTests.Served served) : IClassFixture<DriftTests.Served>
{
    const string Drifted =
        """503 {"type":"/problems/not_ready","title":"Service Unavailable","status":503,"detail":"The database is not as the statements of the service need it","instance":"/readyz","code":"not_ready","request_id":"test","reason":"schema_drift"}""";

    const string Ready = """200 {"status":"ready"}""";

    [Theory]
    [InlineData(
        "drop index blog.post_author_id_id_idx",
        "create index post_author_id_id_idx on blog.post (author_id, id)",
        "index post_author_id_id_idx is missing",
        "posts/list_posts_by_author"
    )]
    [InlineData(
        "update pg_index set indisvalid = false where indexrelid = 'blog.post_words_idx'::regclass",
        "update pg_index set indisvalid = true where indexrelid = 'blog.post_words_idx'::regclass",
        "index post_words_idx is invalid",
        "posts/search_posts"
    )]
    [InlineData(
        "alter table blog.tag rename column updated_at to changed_at",
        "alter table blog.tag rename column changed_at to updated_at",
        "column tag.updated_at is missing",
        "tags/get_tag"
    )]
    [InlineData(
        "alter table blog.users alter column name type varchar(200)",
        "alter table blog.users alter column name type text",
        "column users.name is character varying(200), not text",
        "users/get_user"
    )]
    [InlineData(
        "alter table blog.profile alter column user_id type int",
        "alter table blog.profile alter column user_id type bigint",
        "column profile.user_id is integer, not bigint",
        "users/get_profile"
    )]
    [InlineData(
        "revoke update (bio) on blog.profile from blog_app",
        "grant update (bio) on blog.profile to blog_app",
        "right update on profile.bio is missing",
        "users/put_profile"
    )]
    [InlineData(
        "revoke delete on blog.users from blog_app",
        "grant delete on blog.users to blog_app",
        "right delete on users is missing",
        "users/delete_user"
    )]
    [InlineData(
        "revoke usage on sequence blog.post_id_seq from blog_app",
        "grant usage on sequence blog.post_id_seq to blog_app",
        "right usage on post_id_seq is missing",
        "users/reserve_ids"
    )]
    [InlineData(
        "revoke execute on function blog.search_query from blog_app",
        "grant execute on function blog.search_query to blog_app",
        "right execute on search_query is missing",
        "posts/search_posts"
    )]
    [InlineData(
        "revoke select (checksum) on blog.schemaversions from blog_app",
        "grant select (checksum) on blog.schemaversions to blog_app",
        "right select on schemaversions.checksum is missing",
        "health/get_journal"
    )]
    [InlineData(
        "revoke usage on schema blog from blog_app",
        "grant usage on schema blog to blog_app",
        "right usage on blog is missing",
        "users/get_user"
    )]
    [InlineData(
        "alter function blog.search_query(text) rename to search_question",
        "alter function blog.search_question(text) rename to search_query",
        "right execute on search_query is missing; statement posts/search_posts 1 cannot be prepared: function blog.search_query(text) does not exist",
        "posts/search_posts"
    )]
    public async Task Names_what_a_statement_needs_and_no_longer_finds(
        string change,
        string undo,
        string findings,
        string file
    )
    {
        Assert.Equal(Ready, (await served.Service.GetAsync("/readyz")).Outcome);

        await served.Database.ExecuteAsync(change);
        var drifted = await served.Service.GetAsync("/readyz");
        var named = await served.Service.GetAdminAsync("/readyz");
        await served.Database.ExecuteAsync(undo);

        Assert.Equal(Drifted, drifted.Outcome);
        Assert.Equal(503, named.Status);
        using var json = JsonDocument.Parse(named.Body);
        var drift = json.RootElement.GetProperty("drift").EnumerateArray().ToArray();
        var said = drift.Select(item => $"{item.GetProperty("object")} {item.GetProperty("problem")}").ToArray();
        Assert.All(findings.Split("; "), finding => Assert.Contains(finding, said));
        Assert.Contains(
            file,
            drift[0].GetProperty("statements").EnumerateArray().Select(statement => statement.GetString())
        );
        Assert.Equal(Ready, (await served.Service.GetAsync("/readyz")).Outcome);
        await IsLoggedAsync(served.Service, $"Not ready: {findings.Split("; ")[0]}");
    }

    [Fact]
    public async Task Tells_the_operator_what_it_has_compared()
    {
        var answer = await served.Service.GetAdminAsync("/readyz");

        Assert.Equal(
            """200 {"status":"ready","statements":90,"missing_migrations":[],"drift":[],"warnings":[]}""",
            answer.Outcome
        );
    }

    [Fact]
    public async Task Warns_of_a_session_that_plans_otherwise()
    {
        await using var other = await ServiceProcess.StartAsync(
            served.Database.AppConnectionString + ";Options=-c plan_cache_mode=auto"
        );

        Assert.Equal(Ready, (await other.GetAsync("/readyz")).Outcome);
        Assert.Contains(
            "plan_cache_mode is auto",
            (await other.GetAdminAsync("/readyz")).Body,
            StringComparison.Ordinal
        );
        await IsLoggedAsync(other, "Ready, but: plan_cache_mode is auto");
    }

    /// <summary>The log is written behind the answer.</summary>
    static Task IsLoggedAsync(ServiceProcess service, string line) =>
        Eventually.HoldsAsync(
            () => Task.FromResult(service.Output.Contains(line, StringComparison.Ordinal)),
            $"the service logs: {line}"
        );

    /// <summary>One service and its database for all of these.</summary>
    public sealed class Served(PostgresServer server) : IAsyncLifetime
    {
        ServiceProcess? service;

        internal TestDatabase Database { get; } = new(server);

        internal ServiceProcess Service => service!;

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            service = await ServiceProcess.StartAsync(Database.AppConnectionString);
        }

        public async ValueTask DisposeAsync()
        {
            await Service.DisposeAsync();
            await Database.DisposeAsync();
        }
    }
}
