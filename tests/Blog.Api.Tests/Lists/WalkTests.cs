using Blog.Testing;

namespace Blog.Api.Tests.Lists;

public sealed class WalkTests(BlogApi api) : ListTest(api)
{
    const int Posts = 5000;

    /// <summary>Every third post is deleted on the way and as many are written; those that were there all the time are seen once, the new ones never.</summary>
    [Theory]
    [InlineData("/posts?limit=100&fields=id&include=none", "true")]
    [InlineData("/posts?limit=100&fields=id&author_id=2", "p.author_id = 2")]
    [InlineData("/users/3/posts?limit=97&fields=id", "p.author_id = 3")]
    [InlineData("/posts?limit=100&fields=id&tag=even", "p.id % 2 = 0")]
    [InlineData("/posts?limit=100&fields=id&tag=even&tag=third", "p.id % 6 = 0")]
    [InlineData("/posts?limit=100&fields=id&tag_any=even&tag_any=third", "(p.id % 2 = 0 or p.id % 3 = 0)")]
    [InlineData("/posts?limit=50&fields=id&author_id=2&tag=even", "p.author_id = 2 and p.id % 2 = 0")]
    [InlineData(
        "/posts?limit=50&fields=id&author_id=2&tag_any=even&tag_any=third",
        "p.author_id = 2 and (p.id % 2 = 0 or p.id % 3 = 0)"
    )]
    [InlineData("/posts?limit=100&fields=id&q=pair", "p.id % 2 = 0")]
    [InlineData("/posts?limit=50&fields=id&author_id=2&q=%22a+pair%22", "p.author_id = 2 and p.id % 2 = 0")]
    public async Task Finds_every_post_that_was_there_all_the_time_once(string url, string filter)
    {
        await ExecuteAsync(
            $"""
            insert into blog.users (name) values ('Ann'), ('Ben'), ('Cat');
            insert into blog.post (author_id, title, content)
            select 2 + n % 3, 'T', case when n % 2 = 0 then 'a pair' else '' end from generate_series(1, {Posts}) n;
            insert into blog.tag (name) values ('even'), ('third');
            insert into blog.post_tag select id, 3 from blog.post where id > 2 and id % 2 = 0;
            insert into blog.post_tag select id, 4 from blog.post where id > 2 and id % 3 = 0;
            """
        );
        var before = await ListAsync($"select p.id from blog.post p where p.id > 2 and {filter} order by p.id desc");
        var step = 0;

        var seen = await WalkAsync(
            url,
            () =>
            {
                step++;
                return ExecuteAsync(
                    $"""
                    delete from blog.post where id > 2 and id <= {Posts + 2} and id % 5 = 0 and id % 60 = {step
                        * 5
                        % 60};
                    insert into blog.post (author_id, title, content) select 2 + n % 3, 'new', 'a pair' from generate_series(1, 30) n;
                    insert into blog.post_tag
                    select id, t from blog.post, unnest(array[3, 4]) t where title = 'new' on conflict do nothing;
                    """
                );
            }
        );

        var after = (await ListAsync("select id from blog.post")).ToHashSet();
        Assert.True(step > 4, "The walk had several pages.");
        Assert.Equal(seen.Distinct(), seen);
        Assert.Equal(seen.OrderDescending(), seen);
        Assert.Equal(
            before.Where(after.Contains).Select(long.Parse),
            seen.Where(id => after.Contains($"{id}") && id > 2)
        );
        Assert.Empty(seen.Where(id => id > 2).Select(id => $"{id}").Except(before));
        Assert.NotEqual(before.Length, before.Count(after.Contains));
    }

    /// <summary>The other client goes its own way, through the service, as fast as it can.</summary>
    [Theory]
    [InlineData("/posts?limit=50&fields=id")]
    [InlineData("/posts?limit=50&fields=id&author_id=2")]
    [InlineData("/posts?limit=50&fields=id&tag=even")]
    public async Task Finds_every_post_once_while_another_client_writes_and_deletes(string url)
    {
        await ExecuteAsync(
            $"""
            insert into blog.users (name) values ('Ann');
            insert into blog.tag (name) values ('even');
            insert into blog.post (author_id, title, content) select 2, 'T', '' from generate_series(1, {Posts}) n;
            insert into blog.post_tag select id, 3 from blog.post where id > 2;
            """
        );
        var before = await ListAsync("select id from blog.post where id > 2");
        using var walked = new CancellationTokenSource();
        var (written, deleted) = (0, new HashSet<string>());

        var other = Task.Run(
            async () =>
            {
                for (var id = 7; !walked.IsCancellationRequested; id += 7)
                {
                    await Api.PostAsync("/users/2/posts", """{"title":"new","content":"","tag_names":["even"]}""");
                    await Api.DeleteAsync($"/posts/{id}");
                    written++;
                    deleted.Add($"{id}");
                }
            },
            TestContext.Current.CancellationToken
        );
        var seen = await WalkAsync(
            url,
            // The first writes of a fresh service are slower than many pages: the walk goes on when the other is on its way.
            () =>
                Eventually.HoldsAsync(
                    () => Volatile.Read(ref written) >= 5 || other.IsCompleted,
                    "the other client has written",
                    seconds: 30
                )
        );
        await walked.CancelAsync();
        await other;

        Assert.True(written > 4, "The other client has written.");
        Assert.Equal(seen.Distinct().OrderDescending(), seen);
        Assert.Empty(before.Except(deleted).Except(seen.Select(id => $"{id}")));
        Assert.Empty(seen.Where(id => id > 2).Select(id => $"{id}").Except(before).Skip(written));
    }
}
