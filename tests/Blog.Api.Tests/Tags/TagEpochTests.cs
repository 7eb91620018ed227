using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.Testing;

namespace Blog.Api.Tests.Tags;

/// <summary>
/// The epoch in an entity tag says which names are shown: whatever a reader or a writer is answered with, the names are those that
/// were true at its epoch. The truth is written down by the database itself, at the commit of each move of the epoch.
/// </summary>
public sealed partial class TagEpochTests(PostgresServer server)
{
    const int Renamers = 3;
    const int Renames = 25;

    [Fact]
    public async Task No_answer_shows_a_name_that_was_not_true_at_its_epoch()
    {
        await using var api = await BlogApi.StartAsync(server, ";Options=-c lock_timeout=30s -c statement_timeout=60s");
        await ArrangeAsync(api.Database);
        var seen = new ConcurrentQueue<Answer>();
        var isOver = false;

        // Each renames a tag of its own, to a name that no tag had before: 1 from "1 0" to "1 1", "1 2" and so on.
        var renamers = Enumerable
            .Range(1, Renamers)
            .Select(async tag =>
            {
                for (var number = 1; number <= Renames; number++)
                {
                    var answer = await api.PutAsync($"/tags/{tag}", $$"""{"name":"{{tag}} {{number}}"}""");
                    Assert.Equal($$"""200 {"name":"{{tag}} {{number}}","id":{{tag}}}""", answer.Outcome);
                    Assert.Equal($"\"t{tag}.{1 + number}\"", answer["ETag"]);
                }
            })
            .ToArray();
        Task[] others =
        [
            RepeatAsync(() => api.GetAsync("/users/1")),
            RepeatAsync(() => api.GetAsync("/posts/1")),
            RepeatAsync(() => api.GetAsync("/posts/1/tags")),
            RepeatAsync(() => api.PutAsync("/users/1", """{"name":"Anna"}""")),
            RepeatAsync(() => api.PatchAsync("/posts/1", """{"content":"D"}""")),
            RepeatAsync(async () =>
                await api.PostAsync(
                    "/users",
                    $$"""{"name":"Cid","posts":[{"title":"T","content":"","tag_names":[{{await NamesAsync()}}]}]}"""
                )
            ),
            RepeatAsync(async () =>
                await api.PostAsync(
                    "/users/2/posts",
                    $$"""{"title":"T","content":"","tag_names":[{{await NamesAsync()}}]}"""
                )
            ),
            RepeatAsync(async () =>
                await api.PutAsync("/posts/2/tags", $$"""{"tag_names":[{{await NamesAsync()}}]}""")
            ),
        ];
        await Task.WhenAll(renamers);
        isOver = true;
        await Task.WhenAll(others);

        var truth = (
            await api.Database.ListAsync("select concat_ws(' ', epoch, tag, name) from public.truth")
        ).ToHashSet(StringComparer.Ordinal);
        Assert.Equal((1 + Renamers * Renames) * Renamers, truth.Count);
        var shown = seen.SelectMany(Shown).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(shown.Except(truth, StringComparer.Ordinal));
        // It was seen on its way, not only before and after.
        Assert.True(shown.Count > Renamers * Renames, $"Only {shown.Count} were seen.");
        Assert.All(
            seen,
            answer => Assert.True(answer.Status is 200 or 201 || answer.Body.Contains("write_conflict"), answer.Outcome)
        );
        Assert.Equal(
            ["4 hers 1"],
            await api.Database.ListAsync("select concat_ws(' ', id, name, version) from blog.tag where id = 4")
        );

        async Task RepeatAsync(Func<Task<Answer>> ask)
        {
            while (!Volatile.Read(ref isOver))
                seen.Enqueue(await ask());
        }

        async Task<string> NamesAsync() =>
            string.Join(',', (await api.Database.ListAsync("select to_json(name) from blog.tag where id <= 3")));
    }

    [Fact]
    public async Task A_rename_a_merge_and_a_delete_move_the_entity_tags_of_users_and_posts_and_what_changes_nothing_does_not()
    {
        await using var api = await BlogApi.StartAsync(server);
        await ArrangeAsync(api.Database);
        (string Method, string Path, string? Json, int Status, int Epoch)[] steps =
        [
            ("PUT", "/tags/1", """{"name":"1 0"}""", 200, 1),
            ("PUT", "/tags/1", """{"name":"2 0"}""", 409, 1),
            ("PUT", "/tags/9", """{"name":"new"}""", 404, 1),
            ("DELETE", "/tags/9", null, 404, 1),
            ("DELETE", "/tags/1?merge_into=9", null, 422, 1),
            ("POST", "/tags", """{"name":"another"}""", 201, 1),
            ("PUT", "/tags/1", """{"name":"new"}""", 200, 2),
            ("DELETE", "/tags/1?merge_into=2", null, 200, 3),
            ("DELETE", "/tags/2", null, 200, 4),
            ("DELETE", "/tags/2", null, 404, 4),
        ];

        foreach (var (method, path, json, status, epoch) in steps)
        {
            Assert.Equal(status, (await api.SendAsync(method, path, json)).Status);
            Assert.Equal(
                [$"\"u1.1-{epoch}\"", $"\"p1.1-{epoch}\"", $"\"p1.1-{epoch}\""],
                [
                    (await api.GetAsync("/users/1"))["ETag"]!,
                    (await api.GetAsync("/posts/1"))["ETag"]!,
                    (await api.GetAsync("/posts/1/tags"))["ETag"]!,
                ]
            );
            Assert.Equal(304, (await api.GetAsync("/posts/1", ("If-None-Match", $"\"p1.1-{epoch}\""))).Status);
        }

        Assert.Equal("""200 {"items":[{"name":"3 0","id":3}]}""", (await api.GetAsync("/posts/1/tags")).Outcome);
    }

    /// <summary>Every epoch, tag and name in an answer, for the tags that are renamed.</summary>
    static IEnumerable<string> Shown(Answer answer)
    {
        if (answer.Status is not (200 or 201))
            return [];
        var epoch = Epoch().Match(answer["ETag"]!).Groups["epoch"].Value;
        using var document = JsonDocument.Parse(answer.Body);
        return
        [
            .. Tags(document.RootElement)
                .Select(tag => (Id: tag.GetProperty("id").GetInt64(), Name: tag.GetProperty("name").GetString()))
                .Where(tag => tag.Id <= Renamers)
                .Select(tag => $"{epoch} {tag.Id} {tag.Name}"),
        ];
    }

    static IEnumerable<JsonElement> Tags(JsonElement shape) =>
        shape.TryGetProperty("posts", out var posts) ? posts.EnumerateArray().SelectMany(Tags)
        : shape.TryGetProperty("tags", out var tags) ? tags.EnumerateArray()
        : shape.GetProperty("items").EnumerateArray();

    /// <summary>Two users with a post each that carries the tags 1 to 3, and the bystander 4; and what notes the truth.</summary>
    static Task<int> ArrangeAsync(TestDatabase database) =>
        database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Ben');
            insert into blog.post (author_id, title, content) values (1, 'T', ''), (2, 'T', '');
            insert into blog.tag (name) values ('1 0'), ('2 0'), ('3 0'), ('hers');
            insert into blog.post_tag select post.id, tag.id from blog.post, blog.tag where tag.id <= 3;
            create table public.truth (epoch bigint, tag bigint, name text);
            insert into public.truth select 1, id, name from blog.tag where id <= 3;
            create function public.note_truth() returns trigger language plpgsql security definer as $$
            begin
              insert into public.truth select new.epoch, id, name from blog.tag where id <= 3;
              return null;
            end $$;
            create constraint trigger note_truth after update on blog.tag_epoch
            deferrable initially deferred for each row execute function public.note_truth();
            """
        );

    [GeneratedRegex(@"-(?<epoch>[0-9]+)""$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Epoch();
}
