using System.Collections.Concurrent;
using System.Text.Json;
using Blog.Testing;
using Npgsql;

namespace Blog.Api.Tests.Tags;

/// <summary>
/// Tags are renamed, merged and deleted while others link them. Nobody is answered with a failure of the service, nobody waits in
/// a circle (the database counts those), and a link that was acknowledged stays: it is there, or its tag was deleted, or it is
/// a link to the tag that its tag was merged into.
/// </summary>
public sealed class TagRaceTests(PostgresServer server) : IAsyncLifetime
{
    const int Clients = 32;

    readonly ConcurrentQueue<Answer> answers = [];

    /// <summary>Tags that went: what they were merged into, or null.</summary>
    readonly ConcurrentDictionary<long, long?> gone = new();

    BlogApi api = null!;

    public async ValueTask InitializeAsync()
    {
        // With 32 in a queue on a busy machine the last one may wait longer than the second that production allows.
        api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await api.PostAsync("/users", """{"name":"Bea","posts":[{"title":"T","content":"C","tag_names":["hers"]}]}""");
    }

    public async ValueTask DisposeAsync()
    {
        await using var ending = api;
        var user = await api.GetAsync("/users/1");
        Assert.Equal(
            """200 {"name":"Bea","id":1,"profile":null,"posts":[{"title":"T","content":"C","id":1,"author_id":1,"tags":[{"name":"hers","id":1}]}]}""",
            user.Outcome
        );
        Assert.StartsWith("\"u1.1-", user["ETag"], StringComparison.Ordinal);
        Assert.All(
            answers,
            answer =>
                Assert.True(
                    answer.Status is 200 or 201 or 404
                        || answer.Outcome.Contains("\"write_conflict\"", StringComparison.Ordinal)
                        || answer.Outcome.Contains("\"invalid_reference\"", StringComparison.Ordinal)
                        || answer.Outcome.Contains("\"tag_name_taken\"", StringComparison.Ordinal),
                    answer.Outcome
                )
        );
        Assert.Equal(["0"], await CountCirclesAsync());
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Of_clients_that_create_the_same_new_tag_one_creates_it_and_all_have_it()
    {
        for (var round = 0; round < 20; round++)
        {
            var created = await Task.WhenAll(
                Enumerable.Range(0, Clients).Select(_ => SendAsync("POST", "/tags", $$"""{"name":"{{round}}"}"""))
            );

            var first = Assert.Single(created, answer => answer.Status == 201);
            Assert.Equal(Clients - 1, created.Count(answer => answer.Status == 200));
            Assert.All(
                created,
                answer =>
                    Assert.Equal(
                        (first.Body, first["Location"], first["ETag"]),
                        (answer.Body, answer["Location"], answer["ETag"])
                    )
            );
            Assert.Equal(
                [first.Body],
                await api.Database.ListAsync(
                    $$"""select format('{"name":"%s","id":%s}', name, id) from blog.tag where name = '{{round}}'"""
                )
            );
        }
    }

    [Fact]
    public async Task Renames_among_the_names_that_users_are_created_with_lose_no_link_and_make_no_tag_twice()
    {
        string[] names = ["a", "b", "c", "d", "e", "f"];
        var ids = new List<long>();
        foreach (var name in names[..3])
            ids.Add(IdOf(await SendAsync("POST", "/tags", $$"""{"name":"{{name}}"}""")));
        var renames = new ConcurrentQueue<Answer>();
        var created = new ConcurrentQueue<Answer>();

        await RunAsync(
            rounds: 25,
            Some(
                8,
                random =>
                    CollectAsync(
                        renames,
                        SendAsync("PUT", $"/tags/{random.Of(ids)}", $$"""{"name":"{{random.Of(names)}}"}""")
                    )
            ),
            Some(16, random => CollectAsync(created, SendAsync("POST", "/users", UserWith(random.Some(names)))))
        );

        Assert.Contains(renames, answer => answer.Status == 200);
        Assert.Contains(created, answer => answer.Status == 201);
        Assert.All(created, answer => Assert.True(answer.Status is 201 or 409, answer.Outcome));
        Assert.All(renames, answer => Assert.True(answer.Status is 200 or 409, answer.Outcome));
        await CheckLinksAsync(created.Where(answer => answer.Status == 201));
        // Six names, one tag each, and no trace of a name that was claimed.
        Assert.Equal(
            ["6 6 0"],
            await api.Database.ListAsync(
                "select concat_ws(' ', count(*), count(distinct name), count(*) filter (where id = 0)) from blog.tag where id <> 1"
            )
        );
    }

    [Fact]
    public async Task Merges_while_posts_get_other_tags_leave_each_post_exactly_what_it_got_last()
    {
        string[] names = ["a", "b", "c", "d", "e"];
        const int Posts = 12;
        await api.Database.ExecuteAsync(
            $"""
            insert into blog.users (name) select 'Ann' from generate_series(1, 4);
            insert into blog.post (author_id, title, content) select 2 + n % 4, 'T', '' from generate_series(1, {Posts}) n;
            """
        );

        for (var round = 0; round < 20; round++)
        {
            var last = new ConcurrentDictionary<int, Answer>();
            foreach (var name in names)
                await SendAsync("POST", "/tags", $$"""{"name":"{{name}}"}""");
            var ids = await TagsAsync();
            await RunAsync(
                rounds: 3,
                Some(4, random => RemoveTagAsync(random.Of(ids), random.Of(ids))),
                [
                    .. Enumerable
                        .Range(2, Posts)
                        .Select(post =>
                            (Func<Random, Task>)(
                                async random =>
                                {
                                    var answer = await SendAsync(
                                        "PUT",
                                        $"/posts/{post}/tags",
                                        $$"""{"tag_names":["{{string.Join("\",\"", random.Some(names))}}"]}"""
                                    );
                                    if (answer.Status == 200)
                                        last[post] = answer;
                                }
                            )
                        ),
                ]
            );

            Assert.NotEmpty(last);
            foreach (var (post, answer) in last)
            {
                Assert.Equal(
                    IdsIn(answer).Select(Successor).OfType<long>().Distinct().Order(),
                    (await api.Database.ListAsync($"select tag_id from blog.post_tag where post_id = {post}"))
                        .Select(long.Parse)
                        .Order()
                );
            }
        }

        Assert.NotEmpty(gone);
        Assert.Contains(answers, answer => answer.Status == 200);
    }

    [Fact]
    public async Task Deletes_and_merges_of_the_tags_that_users_are_created_with_lose_no_acknowledged_link()
    {
        string[] names = ["a", "b", "c", "d", "e", "f"];
        var created = new ConcurrentQueue<Answer>();

        await RunAsync(
            rounds: 25,
            Some(4, async random => await RemoveTagAsync(random.Of(await TagsAsync()), into: null)),
            Some(4, async random => await RemoveTagAsync(random.Of(await TagsAsync()), random.Of(await TagsAsync()))),
            Some(16, random => CollectAsync(created, SendAsync("POST", "/users", UserWith(random.Some(names)))))
        );

        Assert.All(created, answer => Assert.True(answer.Status is 201 or 409, answer.Outcome));
        Assert.Contains(created, answer => answer.Status == 201);
        Assert.Contains(gone, tag => tag.Value is null);
        Assert.Contains(gone, tag => tag.Value is not null);
        await CheckLinksAsync(created.Where(answer => answer.Status == 201));
        Assert.Equal(
            ["true"],
            await api.Database.ListAsync("select (count(*) = count(distinct name))::text from blog.tag")
        );
    }

    [Fact]
    public async Task Of_two_tags_that_are_merged_into_each_other_one_stays()
    {
        for (var round = 0; round < 30; round++)
        {
            var user = await SendAsync("POST", "/users", UserWith([$"{round} a", $"{round} b", $"{round} c"]));
            var ids = IdsIn(user);

            var merges = await Task.WhenAll(
                RemoveTagAsync(ids[0], ids[1]),
                RemoveTagAsync(ids[1], ids[2]),
                RemoveTagAsync(ids[2], ids[0])
            );

            Assert.Equal(2, merges.Count(answer => answer.Status == 200));
            await CheckLinksAsync([user]);
        }
    }

    [Fact]
    public async Task Users_with_many_posts_of_a_tag_go_while_the_tag_goes()
    {
        for (var round = 0; round < 20; round++)
        {
            // The posts lie in the table in the opposite order of their ids: whoever reads the table meets them the other way round.
            await api.Database.ExecuteAsync(
                """
                insert into blog.tag (name) values ('s'), ('t') on conflict do nothing;
                insert into blog.users (name) select 'Ann' from generate_series(1, 4);
                with numbered as (select id, row_number() over (order by id desc) as number from blog.users limit 4),
                mine as (
                  insert into blog.post (id, author_id, title, content)
                  overriding system value
                  select (select max(id) from blog.post) + 201 - n, numbered.id, 'T', ''
                  from generate_series(1, 200) n join numbered on numbered.number = 1 + n % 4
                  returning id
                )
                insert into blog.post_tag select mine.id, tag.id from mine, blog.tag where tag.name in ('s', 't');
                """
            );
            var users = await api.Database.ListAsync("select id from blog.users where id > 1 order by id");
            var tags = (await TagsAsync()).Order().ToArray();

            var removals = await Task.WhenAll([
                .. users.Select(user => SendAsync("DELETE", $"/users/{user}", json: null)),
                RemoveTagAsync(tags[0], round % 2 == 0 ? tags[1] : null),
                RemoveTagAsync(tags[1], into: null),
            ]);

            Assert.All(removals[..4], answer => Assert.Equal(200, answer.Status));
            Assert.Equal(
                ["1 1"],
                await api.Database.ListAsync("select concat_ws(' ', count(*), min(tag_id)) from blog.post_tag")
            );
        }
    }

    [Fact]
    public async Task A_post_that_gets_other_tags_while_its_tag_is_merged_has_exactly_those_in_the_end()
    {
        await SendAsync("POST", "/users", UserWith(["s"]));
        await SendAsync("POST", "/users", UserWith(["s"]));
        await SendAsync("POST", "/tags", """{"name":"t"}""");
        await SendAsync("POST", "/tags", """{"name":"x"}""");
        await using var holder = await api.Database.OpenAsync();
        await ExecuteAsync(holder, "begin; select from blog.post_tag where post_id = 3 and tag_id = 2 for update");

        // The merge has moved the link of post 2, and waits for that of post 3.
        var merge = SendAsync("DELETE", "/tags/2?merge_into=3", json: null);
        await api.Database.UntilWaitingAsync(1);
        var replacement = SendAsync("PUT", "/posts/2/tags", """{"tag_names":["x"]}""");
        await api.Database.UntilWaitingAsync(2);
        await ExecuteAsync(holder, "rollback");

        Assert.Equal(200, (await merge).Status);
        Assert.Equal("""200 {"items":[{"name":"x","id":4}]}""", (await replacement).Outcome);
        Assert.Equal(
            ["1 1", "2 4", "3 3"],
            await api.Database.ListAsync("select concat_ws(' ', post_id, tag_id) from blog.post_tag order by 1")
        );
    }

    [Fact]
    public async Task Whoever_links_a_tag_keeps_its_name_until_the_link_is_there()
    {
        await SendAsync("POST", "/tags", """{"name":"old"}""");
        await SendAsync("POST", "/tags", """{"name":"other"}""");
        await using var holder = await api.Database.OpenAsync();
        await ExecuteAsync(holder, "begin; select from blog.tag where name = 'other' for update");

        // The creation has found its first tag and waits for the second; the rename cannot overtake it.
        var creation = SendAsync("POST", "/users", UserWith(["old", "other"]));
        await api.Database.UntilWaitingAsync(1);
        var rename = SendAsync("PUT", "/tags/2", """{"name":"new"}""");
        await api.Database.UntilWaitingAsync(2);
        await ExecuteAsync(holder, "commit");

        var created = await creation;
        Assert.Equal("\"u2.1-1\"", created["ETag"]);
        Assert.EndsWith(
            """[{"name":"old","id":2},{"name":"other","id":3}]}]}""",
            created.Body,
            StringComparison.Ordinal
        );
        Assert.Equal("""200 {"name":"new","id":2}""", (await rename).Outcome);
        var read = await api.GetAsync("/users/2");
        Assert.Equal("\"u2.1-2\"", read["ETag"]);
        Assert.EndsWith("""[{"name":"new","id":2},{"name":"other","id":3}]}]}""", read.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_loses_a_tag_to_a_rename_creates_it_anew()
    {
        await SendAsync("POST", "/tags", """{"name":"old"}""");
        await using var renamer = await api.Database.OpenAsync();
        await ExecuteAsync(renamer, "begin; update blog.tag set name = 'new' where name = 'old'");

        var creation = SendAsync("POST", "/users", UserWith(["old"]));
        var finding = SendAsync("POST", "/tags", """{"name":"old"}""");
        await api.Database.UntilWaitingAsync(2);
        await ExecuteAsync(renamer, "commit");

        Assert.Equal(201, (await creation).Status);
        Assert.InRange((await finding).Status, 200, 201);
        Assert.Equal(
            ["new", "old"],
            await api.Database.ListAsync("select name from blog.tag where name in ('old', 'new') order by name")
        );
    }

    [Fact]
    public async Task A_rename_waits_for_whoever_creates_the_name_and_says_who_has_it()
    {
        await SendAsync("POST", "/tags", """{"name":"old"}""");
        await using var creator = await api.Database.OpenAsync();
        await ExecuteAsync(creator, "begin; insert into blog.tag (name) values ('new')");

        var rename = SendAsync("PUT", "/tags/2", """{"name":"new"}""");
        await api.Database.UntilWaitingAsync(1);
        // It waits before it has locked the tag itself: whoever links it goes on.
        Assert.Equal(201, (await SendAsync("POST", "/users", UserWith(["old"]))).Status);
        await ExecuteAsync(creator, "commit");

        var answer = await rename;
        Assert.Equal(409, answer.Status);
        Assert.EndsWith(""","existing_id":3}""", answer.Body, StringComparison.Ordinal);
    }

    /// <summary>Each 201 answered with posts and tags: the links that are there now are those, moved where tags were merged.</summary>
    async Task CheckLinksAsync(IEnumerable<Answer> created)
    {
        var links = (await api.Database.ListAsync("select concat_ws(' ', post_id, tag_id) from blog.post_tag"))
            .Select(row => row.Split(' '))
            .ToLookup(row => long.Parse(row[0], null), row => long.Parse(row[1], null));
        foreach (var answer in created)
        {
            using var user = JsonDocument.Parse(answer.Body);
            var post = user.RootElement.GetProperty("posts")[0].GetProperty("id").GetInt64();
            Assert.Equal(IdsIn(answer).Select(Successor).OfType<long>().Distinct().Order(), links[post].Order());
        }
    }

    /// <summary>What a tag has become; null where it was deleted.</summary>
    long? Successor(long tag) =>
        !gone.TryGetValue(tag, out var into) ? tag
        : into is { } next ? Successor(next)
        : null;

    async Task<Answer> RemoveTagAsync(long tag, long? into)
    {
        var answer = await SendAsync(
            "DELETE",
            into is null ? $"/tags/{tag}" : $"/tags/{tag}?merge_into={into}",
            json: null
        );
        if (answer.Status == 200)
            Assert.True(gone.TryAdd(tag, into));
        return answer;
    }

    async Task<Answer> SendAsync(string method, string path, string? json)
    {
        var answer = await api.SendAsync(method, path, json);
        answers.Enqueue(answer);
        return answer;
    }

    /// <summary>Every client does its work so many times, all clients at once.</summary>
    static Task RunAsync(int rounds, params Func<Random, Task>[][] clients) =>
        Task.WhenAll(
            clients
                .SelectMany(some => some)
                .Select(
                    async (client, number) =>
                    {
                        var random = new Random(number);
                        for (var round = 0; round < rounds; round++)
                            await client(random);
                    }
                )
        );

    static Func<Random, Task>[] Some(int count, Func<Random, Task> client) => [.. Enumerable.Repeat(client, count)];

    static async Task CollectAsync(ConcurrentQueue<Answer> collected, Task<Answer> answer) =>
        collected.Enqueue(await answer);

    /// <summary>The tags that are there, but for Bea's.</summary>
    async Task<long[]> TagsAsync()
    {
        var ids = await api.Database.ListAsync("select id from blog.tag where id > 1");
        return ids is [] ? [long.MaxValue] : [.. ids.Select(long.Parse)];
    }

    /// <summary>What the sessions of the service report when they end.</summary>
    async Task<string[]> CountCirclesAsync()
    {
        await api.Database.ExecuteAsync(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"
        );
        return await api.Database.ListAsync(
            "select deadlocks from pg_stat_database where datname = current_database()"
        );
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    static string UserWith(string[] tags) =>
        $$"""{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["{{string.Join("\",\"", tags)}}"]}]}""";

    static long IdOf(Answer tag) => long.Parse(tag["Location"]!.Split('/')[2], null);

    /// <summary>The ids of the tags in an answer, which is a user with one post or a post's tags.</summary>
    static long[] IdsIn(Answer answer)
    {
        using var document = JsonDocument.Parse(answer.Body);
        var tags = document.RootElement.TryGetProperty("items", out var items)
            ? items
            : document.RootElement.GetProperty("posts")[0].GetProperty("tags");
        return [.. tags.EnumerateArray().Select(tag => tag.GetProperty("id").GetInt64())];
    }
}

static class RandomChoices
{
    public static T Of<T>(this Random random, IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    /// <summary>One at least, in any order.</summary>
    public static T[] Some<T>(this Random random, T[] choices) =>
        random.GetItems(choices, random.Next(1, choices.Length)).Distinct().ToArray();
}
