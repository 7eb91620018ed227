using Npgsql;

namespace Blog.Api.Tests;

/// <summary>
/// A test that begins with one user, Bea, who has a profile, two posts and two tags and takes no part in it. Each test ends
/// with a look at everything she has: none of it may have changed. Ids begin anew in each test; hers are the first ones.
/// </summary>
public abstract class BystanderTest(BlogApi api) : IAsyncLifetime
{
    protected const string Bea =
        """{"name":"Bea","id":1,"profile":{"bio":"stands by","id":1},"posts":[{"title":"First","content":"one","id":1,"author_id":1,"tags":[{"name":"shared","id":1},{"name":"hers","id":2}]},{"title":"Second","content":"two","id":2,"author_id":1,"tags":[{"name":"shared","id":1}]}]}""";

    protected BlogApi Api => api;

    public async ValueTask InitializeAsync()
    {
        await ExecuteAsync(
            """
            truncate blog.users, blog.tag, blog.idempotency_key restart identity cascade;
            update blog.tag_epoch set epoch = 1;
            insert into blog.users (name) values ('Bea');
            insert into blog.profile (user_id, bio) values (1, 'stands by');
            insert into blog.post (author_id, title, content) values (1, 'First', 'one'), (1, 'Second', 'two');
            insert into blog.tag (name) values ('shared'), ('hers');
            insert into blog.post_tag values (1, 1), (1, 2), (2, 1);
            """
        );
        api.BeginAnew();
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Equal(
            [
                "1|Bea|1|1|stands by|1|First|one|1|1|shared",
                "1|Bea|1|1|stands by|1|First|one|1|2|hers",
                "1|Bea|1|1|stands by|2|Second|two|1|1|shared",
            ],
            await ListAsync(
                """
                select concat_ws('|', u.id, u.name, u.version, f.id, f.bio, p.id, p.title, p.content, p.version, t.id, t.name)
                from blog.users u
                left join blog.profile f on f.user_id = u.id
                left join blog.post p on p.author_id = u.id
                left join blog.post_tag l on l.post_id = p.id
                left join blog.tag t on t.id = l.tag_id
                where u.id = 1
                order by p.id, t.id
                """
            )
        );
        GC.SuppressFinalize(this);
    }

    /// <summary>Runs statements as the superuser, past the service.</summary>
    protected async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>The first column of every row, as the database writes it.</summary>
    protected async Task<string[]> ListAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { AllResultTypesAreUnknown = true };
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var values = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
            values.Add(reader.GetString(0));
        return [.. values];
    }

    /// <summary>Rows of users, profiles, posts, tags and links: "1 1 2 2 3" is Bea alone.</summary>
    protected async Task<string> CountRowsAsync() =>
        (
            await ListAsync(
                """
                select concat_ws(' ',
                  (select count(*) from blog.users), (select count(*) from blog.profile), (select count(*) from blog.post),
                  (select count(*) from blog.tag), (select count(*) from blog.post_tag))
                """
            )
        ).Single();

    protected static string NotFound(string code, string detail, string instance) =>
        $$"""404 {"type":"/problems/{{code}}","title":"Not Found","status":404,"detail":"{{detail}}","instance":"{{instance}}","code":"{{code}}","request_id":"test"}""";

    protected static string UserNotFound(string instance) => NotFound("user_not_found", "User not found", instance);

    protected static string PostNotFound(string instance) => NotFound("post_not_found", "Post not found", instance);

    protected static string Invalid(string instance, string errors) =>
        $$"""422 {"type":"/problems/validation_failed","title":"Unprocessable Entity","status":422,"detail":"What was sent breaks a rule","instance":"{{instance}}","code":"validation_failed","request_id":"test","errors":[{{errors}}]}""";

    protected static string Malformed(string instance, string detail) =>
        $$"""400 {"type":"/problems/malformed_json","title":"Bad Request","status":400,"detail":"{{detail}}","instance":"{{instance}}","code":"malformed_json","request_id":"test"}""";

    async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(api.Database.SuperuserConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        return connection;
    }
}
