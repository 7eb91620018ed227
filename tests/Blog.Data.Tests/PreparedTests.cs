using Blog.Data.Lists;
using Blog.Data.Posts;
using Blog.Data.Users;
using Blog.Testing;

namespace Blog.Data.Tests;

/// <summary>One text, one plan: a connection has each statement planned once, however often it sends it.</summary>
public sealed class PreparedTests(PostgresServer server)
{
    static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_statement_is_planned_once_by_a_connection()
    {
        await using var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            """
            create extension pg_stat_statements;
            do $$ begin execute format('alter database %I set pg_stat_statements.track_planning = on', current_database()); end $$;
            """
        );
        // One is for streams, and four are for looks at the health, so there is one.
        await using var data = new BlogData(database.AppConnectionString + ";Maximum Pool Size=6");
        var (users, posts) = (new UserRepository(data), new PostListRepository(data));
        await users.CreateUserAsync(Samples.Ann, once: null, Token);

        for (var read = 0; read < 20; read++)
        {
            await users.GetUserAsync(1, 10, Token);
            await posts.ListPostsAsync(
                new PageRead<long>(PostListRepository.Paths[0], long.MaxValue, 20, CountMode.None),
                new PostFilter(AuthorId: null, [], Words: null),
                new PostParts(),
                Token
            );
        }

        Assert.Equal(
            // The two of the user and that of the page.
            ["20 calls, planned 1", "20 calls, planned 1", "20 calls, planned 1"],
            await database.ListAsync(
                """
                select calls || ' calls, planned ' || plans from pg_stat_statements
                where calls > 10 and plans > 0 and dbid = (select oid from pg_database where datname = current_database())
                """
            )
        );
    }
}
