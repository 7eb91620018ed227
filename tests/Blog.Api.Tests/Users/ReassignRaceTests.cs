using System.Collections.Concurrent;
using System.Text.Json;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Users;

/// <summary>Posts are given away while their authors write: a post that was acknowledged is there, whoever its author has become.</summary>
public sealed class ReassignRaceTests(PostgresServer server)
{
    [Fact]
    public async Task Posts_that_are_created_while_their_author_goes_are_refused_or_taken_over()
    {
        const int Writers = 8;
        await using var api = await StartAsync();
        await api.PostAsync("/users", """{"name":"Bea","posts":[{"title":"Hers","content":"C"}]}""");

        for (var round = 0; round < 20; round++)
        {
            var users = new List<string>();
            for (var user = 0; user < 4; user++)
                users.Add(
                    IdOf(await api.PostAsync("/users", """{"name":"Ann","posts":[{"title":"T","content":""}]}"""))
                );
            var created = new ConcurrentQueue<string>();
            var answers = new ConcurrentQueue<Answer>();

            // 0 gives to 1, 1 to 2, 2 to 3, all at once: whoever comes late finds nobody, or is not there any more.
            await Task.WhenAll([
                .. users[..3].Select((user, at) => GiveAsync(user, users[at + 1])),
                .. Enumerable.Range(0, Writers).Select(writer => WriteAsync(users[writer % 4])),
            ]);

            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201 or 404 or 422, answer.Outcome));
            Assert.NotEmpty(created);
            var stored = await api.Database.ListAsync(
                $"select p.id from blog.post p join blog.users u on u.id = p.author_id where p.id = any('{{{string.Join(',', created)}}}')"
            );
            Assert.Equal(created.Order(StringComparer.Ordinal), stored.Order(StringComparer.Ordinal));
            Assert.Equal(
                ["0"],
                await api.Database.ListAsync(
                    $"select count(*) from blog.post p where p.title = 'T' and p.author_id not in ({string.Join(',', users)})"
                )
            );
            await api.Database.ExecuteAsync("delete from blog.users where id > 1");

            async Task GiveAsync(string user, string heir) =>
                answers.Enqueue(await api.DeleteAsync($"/users/{user}?reassign_posts_to={heir}"));

            async Task WriteAsync(string user)
            {
                for (var post = 0; post < 5; post++)
                {
                    var answer = await api.PostAsync(
                        $"/users/{user}/posts",
                        """{"title":"T","content":"","tag_names":["a","b"]}"""
                    );
                    answers.Enqueue(answer);
                    if (answer.Status == 201)
                        created.Enqueue(IdOf(answer));
                }
            }
        }

        Assert.Equal(
            """200 {"name":"Bea","id":1,"profile":null,"posts":[{"title":"Hers","content":"C","id":1,"author_id":1,"tags":[]}]}""",
            (await api.GetAsync("/users/1")).Outcome
        );
    }

    [Fact]
    public async Task Of_two_users_who_give_to_each_other_one_stays_with_all_posts()
    {
        await using var api = await StartAsync();

        for (var round = 0; round < 30; round++)
        {
            var ann = IdOf(await api.PostAsync("/users", """{"name":"Ann","posts":[{"title":"T","content":""}]}"""));
            var ben = IdOf(await api.PostAsync("/users", """{"name":"Ben","posts":[{"title":"U","content":""}]}"""));

            var answers = await Task.WhenAll(
                api.DeleteAsync($"/users/{ann}?reassign_posts_to={ben}"),
                api.DeleteAsync($"/users/{ben}?reassign_posts_to={ann}")
            );

            Assert.Single(answers, answer => answer.Status == 200);
            Assert.Single(answers, answer => answer.Status is 404 or 422);
            var stays = answers[0].Status == 200 ? ben : ann;
            Assert.Equal(
                [$"{stays} T", $"{stays} U"],
                await api.Database.ListAsync(
                    $"select concat_ws(' ', author_id, title) from blog.post where author_id in ({ann}, {ben}) order by title"
                )
            );
        }
    }

    [Fact]
    public async Task Users_who_give_their_posts_away_while_the_tags_of_these_go_leave_no_link_behind()
    {
        await using var api = await StartAsync();

        for (var round = 0; round < 20; round++)
        {
            var ann = await CreateAsync();
            var ben = await CreateAsync();
            var cid = await CreateAsync();
            var tags = await api.Database.ListAsync("select id from blog.tag order by name");

            var answers = await Task.WhenAll(
                api.DeleteAsync($"/users/{ann}?reassign_posts_to={ben}"),
                api.DeleteAsync($"/tags/{tags[0]}?merge_into={tags[1]}"),
                api.DeleteAsync($"/users/{ben}"),
                api.DeleteAsync($"/users/{cid}?reassign_posts_to={ann}"),
                api.DeleteAsync($"/tags/{tags[2]}")
            );

            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 404 or 422, answer.Outcome));
            Assert.Equal([200, 200], [answers[1].Status, answers[4].Status]);
            Assert.Equal(
                ["0"],
                await api.Database.ListAsync($"select count(*) from blog.post_tag where tag_id <> {tags[1]}")
            );
            // Each post that is left still carries what its tags have become.
            Assert.Equal(
                ["true"],
                await api.Database.ListAsync(
                    "select ((select count(*) from blog.post) = (select count(*) from blog.post_tag))::text"
                )
            );
            await api.Database.ExecuteAsync("delete from blog.users; delete from blog.tag");
        }

        async Task<string> CreateAsync() =>
            IdOf(
                await api.PostAsync(
                    "/users",
                    $$"""{"name":"N","posts":[{{string.Join(
                        ',',
                        Enumerable.Repeat("""{"title":"T","content":"","tag_names":["a","b","c"]}""", 50)
                    )}}]}"""
                )
            );
    }

    [Theory]
    [InlineData("DELETE", "/posts/1", null)]
    [InlineData("PUT", "/posts/1", """{"title":"U","content":"D"}""")]
    [InlineData("PATCH", "/posts/1", """{"tag_names":["b"]}""")]
    [InlineData("PUT", "/posts/1/tags", """{"tag_names":["b"]}""")]
    [InlineData("POST", "/posts/1/tags", """{"tag_names":["b"]}""")]
    [InlineData("DELETE", "/posts/1/tags/1", null)]
    public async Task Whoever_waited_for_an_author_who_gave_the_post_away_finds_the_post(
        string method,
        string path,
        string? body
    )
    {
        await using var api = await StartAsync();
        await api.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["a"]},{"title":"Held","content":""}]}"""
        );
        await api.PostAsync("/users", """{"name":"Ben"}""");
        await using var holder = await api.Database.OpenAsync();
        await ExecuteAsync(holder, "begin; select from blog.post where id = 2 for update");

        var gift = api.DeleteAsync("/users/1?reassign_posts_to=2");
        await api.Database.UntilWaitingAsync(1);
        var write = api.SendAsync(method, path, body);
        await api.Database.UntilWaitingAsync(2);
        await ExecuteAsync(holder, "rollback");

        Assert.Equal(200, (await gift).Status);
        Assert.Equal(200, (await write).Status);
        Assert.Equal("\"u2.3-1\"", (await api.GetAsync("/users/2"))["ETag"]);
        Assert.Equal(method == "DELETE" && path == "/posts/1" ? 404 : 200, (await api.GetAsync("/posts/1")).Status);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    static string IdOf(Answer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        return document.RootElement.GetProperty("id").GetRawText();
    }

    /// <summary>With many in a queue on a busy machine the last one may wait longer than the second that production allows.</summary>
    Task<BlogApi> StartAsync() => BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
}
