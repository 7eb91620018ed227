using System.Net.Http.Headers;
using Blog.Testing;

namespace Blog.Api.Tests.Posts;

public sealed class PostRaceTests(PostgresServer server)
{
    const int Clients = 32;

    [Fact]
    public async Task Writers_of_the_same_new_tags_on_the_same_and_on_different_posts_all_succeed()
    {
        const int Rounds = 15;
        const int Tags = 20;
        await using var api = await StartAsync();
        await api.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Cid'), ('Bea');
            insert into blog.post (author_id, title, content)
            values (1, 'T', 'C'), (1, 'T', 'C'), (2, 'T', 'C'), (2, 'T', 'C'), (3, 'Hers', 'C');
            """
        );
        await api.PutAsync("/posts/5/tags", """{"tag_names":["hers"]}""");
        var random = new Random(6);

        for (var round = 0; round < Rounds; round++)
        {
            // Each client leaves another tag out, so that what it sent can be told from what others sent.
            var sent = Enumerable
                .Range(0, Clients)
                .Select(client =>
                {
                    string[] names =
                    [
                        .. Enumerable
                            .Range(0, Tags)
                            .Where(tag => tag != client % Tags)
                            .Select(tag => $"{round} {tag:00}"),
                    ];
                    random.Shuffle(names);
                    return names;
                })
                .ToArray();

            var answers = await Task.WhenAll(sent.Select((names, client) => WriteAsync(api, client, names)));

            var ids = (
                await api.Database.ListAsync($"select id || ' ' || name from blog.tag where name like '{round} %'")
            ).ToDictionary(row => row.Split(' ', 2)[1], row => long.Parse(row.Split(' ')[0], null));
            Assert.Equal(Tags, ids.Count);
            string Items(string[] names) =>
                string.Join(
                    ',',
                    names.OrderBy(name => ids[name]).Select(name => $$"""{"name":"{{name}}","id":{{ids[name]}}}""")
                );
            Assert.All(
                answers.Zip(sent),
                pair =>
                {
                    Assert.True(pair.First.Status is 200 or 201, pair.First.Outcome);
                    Assert.Contains($"[{Items(pair.Second)}]", pair.First.Body, StringComparison.Ordinal);
                }
            );
            for (var post = 1; post <= 4; post++)
            {
                var last = await api.GetAsync($"/posts/{post}/tags");
                var candidates = sent.Where((_, client) => PostOf(client) == post);
                Assert.Contains(last.Body, candidates.Select(names => $$"""{"items":[{{Items(names)}}]}"""));
                Assert.Equal(
                    last["ETag"],
                    answers
                        .Where((_, client) => PostOf(client) == post && IsOfPost(client))
                        .Select(answer => answer["ETag"]!)
                        .MaxBy(VersionOf)
                );
            }
        }

        Assert.Equal("""200 {"items":[{"name":"hers","id":1}]}""", (await api.GetAsync("/posts/5/tags")).Outcome);
        Assert.Equal("\"u3.2-1\"", (await api.GetAsync("/users/3"))["ETag"]);
    }

    [Fact]
    public async Task Of_replacements_bound_to_one_version_one_is_written()
    {
        await using var api = await StartAsync();
        await ArrangeAsync(api);

        for (var version = 1; version <= 10; version++)
        {
            var answers = await Task.WhenAll(
                Enumerable
                    .Range(0, Clients)
                    .Select(client =>
                        api.PutAsync(
                            "/posts/1",
                            client % 2 == 0
                                ? $$"""{"title":"{{version}} {{client}}","content":"D"}"""
                                : $$"""{"title":"{{version}} {{client}}","content":"D","tag_names":["{{version}} {{client}}"]}""",
                            ("If-Match", $"\"p1.{version}-1\"")
                        )
                    )
            );

            var written = Assert.Single(answers, answer => answer.Status == 200);
            Assert.Equal(Clients - 1, answers.Count(answer => answer.Status == 412));
            Assert.All(answers, answer => Assert.Equal($"\"p1.{version + 1}-1\"", answer["ETag"]));
            Assert.Equal(written.Outcome, (await api.GetAsync("/posts/1")).Outcome);
            Assert.Equal($"\"u1.{version + 1}-1\"", (await api.GetAsync("/users/1"))["ETag"]);
        }

        await CheckBeaAsync(api);
    }

    [Theory]
    [InlineData("PUT", "/posts/1/tags", """{"tag_names":["new"]}""")]
    [InlineData("POST", "/posts/1/tags", """{"tag_names":["new"]}""")]
    [InlineData("PUT", "/posts/1", """{"title":"U","content":"C"}""")]
    [InlineData("PATCH", "/posts/1", """{"title":"U","tag_names":["new"]}""")]
    [InlineData("DELETE", "/posts/1/tags/1", null)]
    public async Task The_same_write_many_times_at_once_moves_the_versions_once(
        string method,
        string path,
        string? body
    )
    {
        await using var api = await StartAsync();
        await ArrangeAsync(api);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => api.SendAsync(method, path, body)));

        Assert.All(answers, answer => Assert.Equal(answers[0].Outcome, answer.Outcome));
        Assert.Equal(200, answers[0].Status);
        Assert.Equal(
            ["\"p1.2-1\"", "\"u1.2-1\""],
            [(await api.GetAsync("/posts/1"))["ETag"]!, (await api.GetAsync("/users/1"))["ETag"]!]
        );
        await CheckBeaAsync(api);
    }

    [Fact]
    public async Task Of_deletes_of_one_post_one_is_done_and_moves_the_author()
    {
        await using var api = await StartAsync();
        await ArrangeAsync(api);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => api.DeleteAsync("/posts/1")));

        Assert.Single(answers, answer => answer.Status == 200);
        Assert.Equal(Clients - 1, answers.Count(answer => answer.Status == 404));
        Assert.Equal("\"u1.2-1\"", (await api.GetAsync("/users/1"))["ETag"]);
        await CheckBeaAsync(api);
    }

    [Fact]
    public async Task Additions_at_once_never_pass_50_tags()
    {
        await using var api = await StartAsync();
        await ArrangeAsync(api);

        // Of 32 times 4 tags beside the one that is there, twelve find room: 49.
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, Clients)
                .Select(client =>
                    api.PostAsync(
                        "/posts/1/tags",
                        $$"""{"tag_names":["{{client}} 1","{{client}} 2","{{client}} 3","{{client}} 4"]}"""
                    )
                )
        );

        Assert.Equal(12, answers.Count(answer => answer.Status == 200));
        Assert.Equal(20, answers.Count(answer => answer.Status == 422));
        Assert.Equal(
            ["49 49"],
            await api.Database.ListAsync(
                "select concat_ws(' ', (select count(*) from blog.post_tag where post_id = 1), (select count(*) from blog.tag))"
            )
        );
        await CheckBeaAsync(api);
    }

    [Fact]
    public async Task Writers_below_a_user_who_is_being_deleted_succeed_or_find_nothing()
    {
        const int Rounds = 30;
        await using var api = await StartAsync();
        await ArrangeAsync(api);
        var random = new Random(7);

        for (var round = 0; round < Rounds; round++)
        {
            var user = (
                await api.PostAsync(
                    "/users",
                    """{"name":"Ann","bio":"b","posts":[{"title":"T","content":"C","tag_names":["old","kept"]},{"title":"U","content":"D","tag_names":["old"]}]}"""
                )
            )["Location"]!;
            var posts = await api.Database.ListAsync(
                $"select id from blog.post where author_id = {user.Split('/')[2]} order by id"
            );
            string names = $$"""{"tag_names":["{{round}} b","{{round}} a","kept"]}""";
            var writes = posts
                .SelectMany(post =>
                    (Func<Task<Answer>>[])
                        [
                            () => api.PutAsync($"/posts/{post}", $$"""{"title":"V","content":"E",{{names[1..]}}"""),
                            () => api.PutAsync($"/posts/{post}", """{"title":"W","content":"F"}"""),
                            () => api.PatchAsync($"/posts/{post}", """{"tag_names":[]}"""),
                            () => api.PutAsync($"/posts/{post}/tags", names),
                            () => api.PostAsync($"/posts/{post}/tags", names),
                            () => api.DeleteAsync($"/posts/{post}/tags/1"),
                            () => api.DeleteAsync($"/posts/{post}"),
                            () => api.GetAsync($"/posts/{post}"),
                        ]
                )
                .Append(() => api.PostAsync($"{user}/posts", $$"""{"title":"X","content":"",{{names[1..]}}"""))
                .Append(() => api.PatchAsync(user, """{"bio":"c"}"""))
                .Append(() => api.PutAsync($"{user}/profile", """{"bio":"d"}"""))
                .Append(() => api.DeleteAsync($"{user}/profile"))
                .Append(() =>
                    api.PostAsync("/users", $$"""{"name":"Cid","posts":[{"title":"T","content":"C",{{names[1..]}}]}""")
                )
                .ToArray();
            random.Shuffle(writes);
            Func<Task<Answer>>[] all = [.. writes[..8], () => api.DeleteAsync(user), .. writes[8..]];

            var answers = await Task.WhenAll(all.Select(write => write()));

            Assert.All(answers, answer => Assert.True(answer.Status is 200 or 201 or 404, answer.Outcome));
            Assert.Equal(200, answers[8].Status);
            Assert.Equal(404, (await api.GetAsync(user)).Status);
            Assert.Equal(
                ["0"],
                await api.Database.ListAsync(
                    $"select count(*) from blog.post where author_id = {user.Split('/')[2]} or id = any('{{{string.Join(',', posts)}}}')"
                )
            );
        }

        await CheckBeaAsync(api);
    }

    [Fact]
    public async Task Writers_below_a_user_whose_posts_go_to_another_all_reach_their_posts()
    {
        const int Rounds = 20;
        await using var api = await StartAsync(("Sql:Budget", "warn"));
        await ArrangeAsync(api);
        await api.PostAsync("/users", """{"name":"Heir"}""");
        // Whoever meets two of these at once looks again, and may pass the budget: a client that does not fail then.
        using var client = new HttpClient { BaseAddress = api.Address };
        var random = new Random(8);

        for (var round = 0; round < Rounds; round++)
        {
            var user = (
                await api.PostAsync(
                    "/users",
                    """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["old","kept"]},{"title":"U","content":"D","tag_names":["old"]}]}"""
                )
            )["Location"]!;
            var posts = await api.Database.ListAsync(
                $"select id from blog.post where author_id = {user.Split('/')[2]} order by id"
            );
            var (kept, deleted) = (posts[0], posts[1]);
            string[][] sets =
            [
                ["a", "b"],
                ["b", "c"],
                ["c", "kept"],
                [],
            ];
            var writes = sets.SelectMany(set =>
                    ((string, string, string?)[])
                        [
                            ("PUT", $"/posts/{kept}/tags", Tagged(set)),
                            ("PUT", $"/posts/{kept}", $$"""{"title":"T","content":"C",{{Tagged(set)[1..]}}"""),
                            ("PATCH", $"/posts/{kept}", Tagged(set)),
                        ]
                )
                .Append(("PATCH", $"/posts/{kept}", """{"content":"D"}"""))
                .Append(("DELETE", $"/posts/{deleted}", null))
                .ToArray();
            random.Shuffle(writes);
            (string, string, string?)[] all =
            [
                .. writes[..7],
                ("DELETE", $"{user}?reassign_posts_to=3", null),
                .. writes[7..],
            ];

            var answers = await Task.WhenAll(all.Select(write => SendAsync(client, write)));

            Assert.All(answers, answer => Assert.True(answer.Status == 200, answer.Outcome));
            var names = await api.Database.ListAsync(
                $"select t.name from blog.post_tag pt join blog.tag t on t.id = pt.tag_id where pt.post_id = {kept} order by t.name"
            );
            Assert.Contains(names, sets);
            Assert.Equal(
                [$"{kept} 3"],
                await api.Database.ListAsync(
                    $"select concat_ws(' ', id, author_id) from blog.post where id in ({kept}, {deleted})"
                )
            );
        }

        await CheckBeaAsync(api);

        static string Tagged(string[] names) =>
            $$"""{"tag_names":[{{string.Join(',', names.Select(name => $"\"{name}\""))}}]}""";

        static async Task<Answer> SendAsync(HttpClient client, (string Method, string Path, string? Body) write)
        {
            using var request = new HttpRequestMessage(new(write.Method), write.Path);
            if (write.Body is not null)
                request.Content = new StringContent(write.Body, new MediaTypeHeaderValue("application/json"));
            using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return await Answer.OfAsync(response);
        }
    }

    // Two of three writers replace the tags of one of four posts, the others create something with the same tags.
    static bool IsOfPost(int client) => client % 6 < 4;

    static int PostOf(int client) => IsOfPost(client) ? 1 + client / 6 % 4 : 0;

    static long VersionOf(string etag) => long.Parse(etag.Split('.', '-')[1], null);

    static Task<Answer> WriteAsync(BlogApi api, int client, string[] names)
    {
        var tags = $"\"tag_names\":[{string.Join(',', names.Select(name => $"\"{name}\""))}]";
        return (client % 6) switch
        {
            0 or 1 => api.PutAsync($"/posts/{PostOf(client)}/tags", $"{{{tags}}}"),
            2 => api.PutAsync($"/posts/{PostOf(client)}", $$"""{"title":"T","content":"C",{{tags}}}"""),
            3 => api.PatchAsync($"/posts/{PostOf(client)}", $"{{{tags}}}"),
            4 => api.PostAsync("/users/2/posts", $$"""{"title":"T","content":"C",{{tags}}}"""),
            _ => api.PostAsync("/users", $$"""{"name":"N","posts":[{"title":"T","content":"C",{{tags}}}]}"""),
        };
    }

    /// <summary>With 32 in a queue on a busy machine the last one may wait longer than the second that production allows.</summary>
    Task<BlogApi> StartAsync(params (string, string)[] settings) =>
        BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s", settings);

    static Task<int> ArrangeAsync(BlogApi api) =>
        api.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Bea');
            insert into blog.post (author_id, title, content) values (1, 'T', 'C'), (2, 'Hers', 'C');
            insert into blog.tag (name) values ('old');
            insert into blog.post_tag values (1, 1), (2, 1);
            """
        );

    static async Task CheckBeaAsync(BlogApi api)
    {
        var post = await api.GetAsync("/posts/2");
        var user = await api.GetAsync("/users/2");

        Assert.Equal(
            """200 {"title":"Hers","content":"C","id":2,"author_id":2,"tags":[{"name":"old","id":1}]}""",
            post.Outcome
        );
        Assert.Equal(["\"p2.1-1\"", "\"u2.1-1\""], [post["ETag"]!, user["ETag"]!]);
    }
}
