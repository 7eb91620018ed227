namespace Blog.Api.Tests.Lists;

public sealed class FilterTests(BlogApi api) : ListTest(api)
{
    const int Seed = 20_260_101;

    /// <summary>Random posts, authors and tags; every combination of filters gives what a plain filter over all of them gives, in the same order, on all pages.</summary>
    [Fact]
    public async Task Gives_what_a_plain_filter_gives_whatever_the_filters()
    {
        var random = new Random(Seed);
        var posts = Enumerable
            .Range(3, 400)
            .Select(id =>
                (
                    Id: (long)id,
                    Author: 2 + random.Next(4) * random.Next(3),
                    Tags: Enumerable.Range(3, 8).Where(tag => random.Next(8) < 11 - tag).ToHashSet()
                )
            )
            .ToArray();
        await ExecuteAsync(
            $"""
            insert into blog.users (name) select 'u' || n from generate_series(2, 12) n;
            insert into blog.tag (name) select 't' || n from generate_series(3, 10) n;
            insert into blog.post (id, author_id, title, content) overriding system value
            values {string.Join(", ", posts.Select(post => $"({post.Id}, {post.Author}, 'T', '')"))};
            insert into blog.post_tag
            values {string.Join(", ", posts.SelectMany(post => post.Tags.Select(tag => $"({post.Id}, {tag})")))};
            """
        );

        for (var round = 0; round < 300; round++)
        {
            int? author = random.Next(2) == 0 ? null : 2 + random.Next(11);
            var kind = random.Next(3);
            var tags =
                kind == 0 ? [] : Enumerable.Range(0, 1 + random.Next(5)).Select(_ => 3 + random.Next(9)).ToArray();
            var limit = 1 + random.Next(100);
            var parameter = kind == 1 ? "tag" : "tag_any";
            var url =
                $"/posts?fields=id&limit={limit}{(author is null ? "" : $"&author_id={author}")}{string.Concat(tags.Select(tag => $"&{parameter}=t{tag}"))}";
            var expected = posts
                .Where(post => author is null || post.Author == author)
                .Where(post => kind == 0 || (kind == 1 ? tags.All(post.Tags.Contains) : tags.Any(post.Tags.Contains)))
                .Select(post => post.Id)
                .OrderDescending()
                .Concat(kind == 0 && author is null ? [2L, 1L] : []);

            Assert.Equal((url, string.Join(' ', expected)), (url, string.Join(' ', await WalkAsync(url))));
        }
    }
}
