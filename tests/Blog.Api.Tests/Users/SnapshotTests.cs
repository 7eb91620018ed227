using Blog.Data.Catalogue;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Users;

/// <summary>
/// GET /users/{id} reads several result sets of one moment: a write that commits between the first and the second of them is
/// seen by all or by none.
/// </summary>
public sealed class SnapshotTests(PostgresServer server)
{
    const string Before =
        """200 {"name":"Ann","id":1,"profile":null,"posts":[{"title":"old","content":"","id":1,"author_id":1,"tags":[]}]}""";

    [Fact]
    public async Task A_read_that_a_write_overtakes_shows_the_old_posts_with_the_old_version()
    {
        // The locks are waited for as long as it takes: a busy machine is no part of the test.
        await using var api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await ArrangeAsync(api.Database);
        await using var writer = await BeginWriteAsync(api.Database);

        var read = api.GetAsync("/users/1");
        await WaitUntilItWaitsAsync(api.Database);
        await CommitAsync(writer);
        var answer = await read;

        Assert.Equal(Before, answer.Outcome);
        Assert.Equal("\"u1.1-1\"", answer["ETag"]);
        var next = await api.GetAsync("/users/1");
        Assert.Contains("\"title\":\"new\"", next.Body, StringComparison.Ordinal);
        Assert.Equal("\"u1.2-1\"", next["ETag"]);
    }

    [Fact]
    public async Task The_same_statements_without_the_isolation_level_show_a_new_post_with_the_old_version()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await ArrangeAsync(database);
        await using var writer = await BeginWriteAsync(database);
        await using var reader = await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            QueryCatalogue
                .Find("users/get_user")
                .Text.Replace("begin isolation level repeatable read read only", "begin", StringComparison.Ordinal)
                .Replace(":userId", "1", StringComparison.Ordinal)
                .Replace(":postLimit", "10", StringComparison.Ordinal)
                .Replace(":withTags", "true", StringComparison.Ordinal),
            reader
        );

        var read = command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await WaitUntilItWaitsAsync(database);
        await CommitAsync(writer);

        await using var sets = await read;
        Assert.True(await sets.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, sets.GetInt64(sets.GetOrdinal("version")));
        Assert.True(await sets.NextResultAsync(TestContext.Current.CancellationToken));
        var titles = new List<string>();
        while (await sets.ReadAsync(TestContext.Current.CancellationToken))
            titles.Add(sets.GetString(sets.GetOrdinal("title")));
        Assert.Equal(["old", "new"], titles);
    }

    static Task<int> ArrangeAsync(TestDatabase database) =>
        database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (1, 'old', '');
            """
        );

    /// <summary>A transaction that has written below the user and holds the tags of posts, so that a read stops after its first statement.</summary>
    static async Task<NpgsqlConnection> BeginWriteAsync(TestDatabase database)
    {
        var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            begin;
            lock table blog.post_tag in access exclusive mode;
            insert into blog.post (author_id, title, content) values (1, 'new', '');
            update blog.users set version = version + 1 where id = 1;
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return connection;
    }

    static async Task CommitAsync(NpgsqlConnection writer)
    {
        await using var command = new NpgsqlCommand("commit", writer);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    static Task<TimeSpan> WaitUntilItWaitsAsync(TestDatabase database) =>
        Eventually.HoldsAsync(
            async () =>
                await database.ListAsync(
                    "select count(*) from pg_locks where not granted and relation = 'blog.post_tag'::regclass"
                )
                    is ["1"],
            "the read waits for the tags of the posts",
            seconds: 30
        );
}
