using System.Globalization;
using System.Text;
using Blog.Data.Catalogue;
using Blog.Data.Idempotency;
using Blog.Data.Lists;
using Blog.Data.Operate;
using Blog.Data.Posts;
using Blog.Data.Users;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Operate;

/// <summary>What a server has counted is found again in the catalogue, and what is not in it is named.</summary>
public sealed class SqlStatisticsTests(PostgresServer server, TestDatabase database)
    : IClassFixture<TestDatabase>,
        IAsyncLifetime
{
    readonly BlogData operatorData = new(database.SuperuserConnectionString);

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() =>
        await database.ExecuteAsync("create extension if not exists pg_stat_statements");

    public ValueTask DisposeAsync() => operatorData.DisposeAsync();

    [Fact]
    public async Task Every_statement_of_the_catalogue_has_an_identifier_of_its_own()
    {
        var identities = await new StatementProbe(operatorData).IdentifyAsync(Token);

        Assert.Equal(QueryCatalogue.All.Sum(query => query.Statements.Count), identities.Count);
        var shared = identities
            .GroupBy(identity => identity.QueryId)
            .Where(group => group.Count() > 1)
            .Select(group => string.Join(" = ", group.Select(identity => identity.Name)))
            .ToList();
        Assert.True(shared.Count == 0, string.Join('\n', shared));
    }

    [Fact]
    public async Task Finds_what_the_service_sent_by_its_names_and_counts_it()
    {
        await using var own = await CreateCountedAsync();
        await using var data = new BlogData(own.AppConnectionString);
        var users = new UserRepository(data);
        var ann = await users.CreateUserAsync(Samples.Ann, once: null, Token);
        await users.GetUserAsync(ann.Id, 1000, Token);
        await users.GetUserAsync(ann.Id, 1000, Token);

        var audit = await AuditAsync(own);

        Assert.Equal(
            [
                ("tags/get_tag_names", 1, 1),
                ("users/create_user", 1, 1),
                ("users/create_user", 2, 1),
                ("users/get_user", 1, 2),
                ("users/get_user", 2, 2),
            ],
            audit.Seen.Select(seen => (seen.Query.Id, seen.Number, seen.Statistics.Calls))
        );
        Assert.Empty(audit.Unknown);
        Assert.Contains("users/delete_user 1", audit.Unseen);
        Assert.DoesNotContain("users/get_user 1", audit.Unseen);
        // All of them stay prepared, and what is no query the extension counts the first time only.
        Assert.Contains(new("begin", 2), audit.Driver);
        Assert.Contains(new("commit", 1), audit.Driver);
    }

    /// <summary>A page and its count are sent as one text and counted as two; a count that is only explained is no statement of the catalogue, and known.</summary>
    [Fact]
    public async Task Finds_the_pages_of_a_list_and_what_was_counted_or_reckoned_with_them()
    {
        await using var own = await CreateCountedAsync();
        await using var data = new BlogData(own.AppConnectionString);
        var posts = new PostListRepository(data);
        var path = PostListRepository.Paths.Single(path => path.Filters == "author_id");
        foreach (var count in (CountMode[])[CountMode.None, CountMode.Exact, CountMode.Planned])
        {
            await posts.ListPostsAsync(
                new(path, long.MaxValue, 20, count),
                new(1, [], Words: null),
                new PostParts(),
                Token
            );
        }

        var audit = await AuditAsync(own);

        Assert.Equal(
            [("posts/count_posts_by_author", 1, 1L), ("posts/list_posts_by_author", 1, 3L)],
            audit.Seen.Select(seen => (seen.Query.Id, seen.Number, seen.Statistics.Calls))
        );
        Assert.Empty(audit.Unknown);
        Assert.Contains(new("planned count", 1), audit.Driver);
    }

    /// <summary>Whatever constants the text of a count has: a server from PostgreSQL 16 on shows none of them.</summary>
    [Fact]
    public async Task Knows_the_planned_count_of_every_way_to_list_posts()
    {
        await using var own = await CreateCountedAsync();
        await using var data = new BlogData(own.AppConnectionString);
        var posts = new PostListRepository(data);
        foreach (var path in PostListRepository.Paths)
        {
            await posts.ListPostsAsync(
                new(path, long.MaxValue, 20, CountMode.Planned),
                new(
                    path.Filters.Contains("author_id", StringComparison.Ordinal) ? 1 : null,
                    path.Filters.Contains("tag", StringComparison.Ordinal) ? ["red"] : [],
                    path.Filters.EndsWith('q') ? "word" : null
                ),
                new PostParts(),
                Token
            );
        }

        var audit = await AuditAsync(own);

        Assert.Empty(audit.Unknown);
        Assert.Contains(new("planned count", PostListRepository.Paths.Count), audit.Driver);
    }

    [Fact]
    public async Task Names_what_was_explained_and_is_not_in_the_catalogue()
    {
        await using var own = await CreateCountedAsync();
        await own.ExecuteAsync("explain (format json)\nselect u.id from blog.users u where u.name = 'x'", "blog_app");

        var audit = await AuditAsync(own);

        Assert.Contains("explain (format json)", Assert.Single(audit.Unknown).Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finds_what_a_write_with_a_key_sent_in_its_one_transaction()
    {
        await using var own = await CreateCountedAsync();
        await own.ExecuteAsync("insert into blog.users (name) values ('Ann')");
        await using var data = new BlogData(own.AppConnectionString);
        var users = new UserRepository(data);
        var once = new Once<WrittenUser>(
            new byte[32],
            new byte[32],
            written =>
                Task.FromResult(
                    new StoredAnswer(
                        200,
                        new Dictionary<string, string>(StringComparer.Ordinal) { ["ETag"] = "\"x\"" },
                        Encoding.UTF8.GetBytes(written.User!.Name)
                    )
                )
        );
        await users.PatchUserAsync(1, new("Anna", ChangesBio: false, Bio: null), null, null, 1000, once, Token);

        var again = await Assert.ThrowsAsync<AnsweredBeforeException>(() =>
            users.PatchUserAsync(1, new("Anna", ChangesBio: false, Bio: null), null, null, 1000, once, Token)
        );
        var audit = await AuditAsync(own);

        Assert.Equal(
            (200, "[ETag, \"x\"]", "Anna"),
            (again.Answer.Status, $"{again.Answer.Headers.Single()}", Encoding.UTF8.GetString(again.Answer.Body))
        );
        Assert.Equal(
            [
                ("idempotency/claim_key", 1, 2),
                ("idempotency/commit_answer", 1, 1),
                ("users/get_user", 1, 1),
                ("users/get_user", 2, 1),
                ("users/patch_user", 1, 1),
            ],
            audit.Seen.Select(seen => (seen.Query.Id, seen.Number, seen.Statistics.Calls))
        );
        Assert.Empty(audit.Unknown);
        Assert.Contains(new("begin", 2), audit.Driver);
        Assert.Contains(new("commit", 1), audit.Driver);
        Assert.Contains(new("rollback", 1), audit.Driver);
    }

    [Fact]
    public async Task Names_what_somebody_else_sent_under_the_service_s_role()
    {
        await using var own = await CreateCountedAsync();
        await using (var stranger = await own.OpenAsync("blog_app"))
        {
            await using var foreign = new NpgsqlCommand(
                "/* users/get_user 1 */ select count(*) from blog.users",
                stranger
            );
            await foreign.ExecuteScalarAsync(Token);
        }

        var unknown = Assert.Single((await AuditAsync(own)).Unknown);

        // PostgreSQL 18 leaves a comment in front out.
        Assert.EndsWith("select count(*) from blog.users", unknown.Query, StringComparison.Ordinal);
        Assert.Equal(1, unknown.Calls);
    }

    [Fact]
    public async Task Leaves_out_what_other_roles_sent_and_what_was_sent_to_other_databases()
    {
        await using var own = await CreateCountedAsync();
        await own.ExecuteAsync("select count(*), 'of an operator' from blog.users");
        await using (var elsewhere = await database.OpenAsync("blog_app"))
        {
            await using var foreign = new NpgsqlCommand("select count(*), 'elsewhere' from blog.users", elsewhere);
            await foreign.ExecuteScalarAsync(Token);
        }

        Assert.Empty((await AuditAsync(own)).Unknown);
    }

    [Fact]
    public async Task The_service_s_own_role_can_ask_too()
    {
        await using var own = await CreateCountedAsync();
        await using var data = new BlogData(own.AppConnectionString);
        var statistics = new SqlStatistics(data);

        await statistics.AuditAsync("blog_app", Token);
        var second = await statistics.AuditAsync("blog_app", Token);

        Assert.Empty(second.Unknown);
        Assert.Equal(
            ["operate/find_statistics 1", "operate/get_statistics 1", "operate/get_statistics 2"],
            second.Seen.Select(seen => $"{seen.Query.Id} {seen.Number}")
        );
    }

    /// <summary>Each statement is planned once for its identifier, however many ask at the same moment.</summary>
    [Fact]
    public async Task Those_who_ask_at_once_share_one_answer()
    {
        await using var own = await CreateCountedAsync();
        await using var asking = new BlogData(own.AppConnectionString);
        var statistics = new SqlStatistics(asking);

        var identities = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => statistics.IdentifyAsync(Token)));

        Assert.Single(identities.Distinct(ReferenceEqualityComparer.Instance));
    }

    [Fact]
    public async Task Says_so_where_it_cannot_be_told()
    {
        await using var bare = await TestDatabase.CreateMigratedAsync(server);
        await using var bareData = new BlogData(bare.SuperuserConnectionString);
        await using var reader = new BlogData(database.ReadOnlyConnectionString);
        await using (var counted = new BlogData(database.AppConnectionString))
        {
            await new UserRepository(counted).GetUserAsync(1, 1, Token);
        }

        var notInstalled = await Assert.ThrowsAsync<StatisticsUnavailableException>(() =>
            new SqlStatistics(bareData).AuditAsync("blog_app", Token)
        );
        var notAllowed = await Assert.ThrowsAsync<StatisticsUnavailableException>(() =>
            new SqlStatistics(reader).AuditAsync("blog_app", Token)
        );

        Assert.Equal(
            "pg_stat_statements is not installed in this database: create extension pg_stat_statements.",
            notInstalled.Message
        );
        Assert.Equal(
            "This role may not see what blog_app sent. Grant it pg_monitor, or connect as blog_app.",
            notAllowed.Message
        );
    }

    [Fact]
    public async Task Says_since_when_and_how_long_it_took_in_all()
    {
        await using var own = await CreateCountedAsync();
        await using (var data = new BlogData(own.AppConnectionString))
        {
            await new UserRepository(data).GetUserAsync(1, 1, Token);
        }

        var audit = await AuditAsync(own);

        Assert.Equal(
            await own.ListAsync(
                "select to_char(stats_reset at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') from pg_stat_statements_info"
            ),
            new[] { audit.Since!.Value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) }
        );
        Assert.True(audit.TotalMs > audit.Seen.Sum(seen => seen.Statistics.TotalMs), "with what the driver sent");
    }

    [Fact]
    public async Task Says_so_where_the_extension_was_not_updated_with_the_server()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync("create extension pg_stat_statements version '1.8'");

        var outdated = await Assert.ThrowsAsync<StatisticsUnavailableException>(() => AuditAsync(own));

        Assert.Equal(
            "pg_stat_statements is older than its version 1.9 in this database: alter extension pg_stat_statements update.",
            outdated.Message
        );
    }

    [Fact]
    public async Task Explains_a_file_for_any_arguments()
    {
        var plans = await new StatementProbe(operatorData).ExplainAsync(QueryCatalogue.Find("users/get_user"), Token);

        Assert.Equal(["users/get_user 1", "users/get_user 2"], plans.Items.Select(item => item.Statement));
        Assert.Contains("Index Cond: (u.id = $1)", plans.Items[0].Plan, StringComparison.Ordinal);
        Assert.Contains("Query Identifier: ", plans.Items[0].Plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Leaves_a_connection_behind_that_can_be_asked_again_where_a_right_was_missing()
    {
        await using var own = await CreateCountedAsync();
        await using var data = new BlogData(own.AppConnectionString + ";Maximum Pool Size=1;No Reset On Close=true");
        var (probe, query) = (new StatementProbe(data), QueryCatalogue.Find("users/delete_user"));
        await own.ExecuteAsync("revoke delete on blog.users from blog_app");

        var refused = await Assert.ThrowsAsync<PostgresException>(() => probe.ExplainAsync(query, Token));
        await own.ExecuteAsync("grant delete on blog.users to blog_app");
        var plans = await probe.ExplainAsync(query, Token);

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
        Assert.Equal(["users/delete_user 1"], plans.Items.Select(item => item.Statement));
    }

    async Task<TestDatabase> CreateCountedAsync()
    {
        var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync("create extension pg_stat_statements");
        return own;
    }

    static async Task<SqlAudit> AuditAsync(TestDatabase own)
    {
        await using var data = new BlogData(own.SuperuserConnectionString);
        return await new SqlStatistics(data).AuditAsync("blog_app", Token);
    }
}
