namespace Blog.Api.Tests.Lists;

/// <summary>
/// A phrase whose words are in every post, and next to each other in most: the index cannot tell, and to hold the phrase against these long
/// posts takes seconds. A page ends after one second with what it has, and the next one goes on from there.
/// </summary>
public sealed class LongSearchTests(BlogApi api) : ListTest(api)
{
    [Fact]
    public async Task Finds_everything_once_on_pages_that_end_before_they_are_full()
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content)
            select 2, 'T', case when n % 10 = 0 then '' else 'of every ' end || repeat('every of all 東京都の天気は ', 3000)
            from generate_series(1, 100) n;
            """
        );
        var expected = Enumerable.Range(1, 100).Where(n => n % 10 != 0).Select(n => n + 2L).Reverse();

        foreach (var filter in (string[])["", "&author_id=2"])
        {
            var url = $"/posts?fields=id&limit=100&q=%22of+every%22{filter}";
            var pages = 1;

            var ids = await WalkAsync(
                url,
                () =>
                {
                    pages++;
                    return Task.CompletedTask;
                }
            );
            var counted = await Api.GetAsync($"{url}&include=none", ("Prefer", "count=exact"));

            Assert.Equal(expected, ids);
            Assert.True(pages > 1, "One page has looked at everything: these posts are too short.");
            Assert.Matches("\"total\":[0-9]+,\"total_is\":\"at_least\"}$", counted.Body);
            Assert.StartsWith("stmts=2, trips=1, ", counted["Blog-SQL"], StringComparison.Ordinal);
            Assert.EndsWith("budget=ok", counted["Blog-SQL"], StringComparison.Ordinal);
        }
    }
}
