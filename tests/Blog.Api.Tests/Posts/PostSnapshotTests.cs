using Blog.Data.Catalogue;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Posts;

/// <summary>
/// GET /posts/{id} reads the post and its tags as two result sets of one moment: a write that commits between them is seen by both
/// or by none.
/// </summary>
public sealed class PostSnapshotTests(PostgresServer server)
{
    [Fact]
    public async Task A_read_that_a_write_overtakes_shows_the_old_tags_with_the_old_version()
    {
        // The locks are waited for as long as it takes: a busy machine is no part of the test.
        await using var api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await ArrangeAsync(api.Database);
        await using var writer = await BeginWriteAsync(api.Database);

        var read = api.GetAsync("/posts/1");
        await WaitUntilItWaitsAsync(api.Database);
        await CommitAsync(writer);
        var answer = await read;

        Assert.Equal(
            """200 {"title":"T","content":"C","id":1,"author_id":1,"tags":[{"name":"old","id":1}]}""",
            answer.Outcome
        );
        Assert.Equal("\"p1.1-1\"", answer["ETag"]);
        var next = await api.GetAsync("/posts/1");
        Assert.Equal(
            """200 {"title":"T","content":"C","id":1,"author_id":1,"tags":[{"name":"old","id":1},{"name":"new","id":2}]}""",
            next.Outcome
        );
        Assert.Equal("\"p1.2-1\"", next["ETag"]);
    }

    [Fact]
    public async Task The_same_statements_without_the_isolation_level_show_a_new_tag_with_the_old_version()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await ArrangeAsync(database);
        await using var writer = await BeginWriteAsync(database);
        await using var reader = await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            QueryCatalogue
                .Find("posts/get_post")
                .Text.Replace("begin isolation level repeatable read read only", "begin", StringComparison.Ordinal)
                .Replace(":postId", "1", StringComparison.Ordinal)
                .Replace(":withTags", "true", StringComparison.Ordinal)
                .Replace(":withAuthor", "false", StringComparison.Ordinal),
            reader
        );

        var read = command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        await WaitUntilItWaitsAsync(database);
        await CommitAsync(writer);

        await using var sets = await read;
        Assert.True(await sets.ReadAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, sets.GetInt64(sets.GetOrdinal("version")));
        Assert.True(await sets.NextResultAsync(TestContext.Current.CancellationToken));
        var names = new List<string>();
        while (await sets.ReadAsync(TestContext.Current.CancellationToken))
            names.Add(sets.GetString(sets.GetOrdinal("name")));
        Assert.Equal(["old", "new"], names);
    }

    static Task<int> ArrangeAsync(TestDatabase database) =>
        database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (1, 'T', 'C');
            insert into blog.tag (name) values ('old'), ('new');
            insert into blog.post_tag values (1, 1);
            """
        );

    /// <summary>A transaction that has linked a tag and holds the links, so that a read stops after its first statement.</summary>
    static async Task<NpgsqlConnection> BeginWriteAsync(TestDatabase database)
    {
        var connection = await database.OpenAsync();
        await using var command = new NpgsqlCommand(
            """
            begin;
            lock table blog.post_tag in access exclusive mode;
            insert into blog.post_tag values (1, 2);
            update blog.post set version = version + 1 where id = 1;
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
            "the read waits for the links",
            seconds: 30
        );
}
