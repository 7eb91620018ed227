using Blog.Testing;

namespace Blog.Api.Tests.Telemetry;

/// <summary>A database in which reading post 1 goes over a budget, and reading post 2 does not.</summary>
static class CrowdedPost
{
    public static async Task<TestDatabase> CreateAsync(PostgresServer server)
    {
        var database = await TestDatabase.CreateMigratedAsync(server);
        await database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Zaphod'), ('Ben');
            insert into blog.post (author_id, title, content) values (1, 'T', 'C'), (2, 'T', 'C');
            insert into blog.tag (name) values ('a');
            alter table blog.post_tag drop constraint post_tag_pkey;
            insert into blog.post_tag (post_id, tag_id) select 1, 1 from generate_series(1, 201);
            """
        );
        return database;
    }
}
