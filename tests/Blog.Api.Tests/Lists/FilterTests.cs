namespace Blog.Api.Tests.Lists;

/// <summary>Random posts, authors, tags and words; every combination of filters gives what a plain filter over all of them gives, in the same order, on all pages.</summary>
public sealed class FilterTests(BlogApi api) : ListTest(api)
{
    const int Seed = 20_260_101;
    const int Rounds = 300;

    static readonly string[] words = ["red", "green", "blue", "fast", "slow", "new"];

    // Ideographs, kana and Hangul in one run: pairs of characters find it.
    const string Characters = "東京かな한";

    [Fact]
    public async Task Gives_what_a_plain_filter_gives_whatever_the_author_and_the_tags()
    {
        var random = new Random(Seed);
        var posts = await StoreAsync(random);

        for (var round = 0; round < Rounds; round++)
        {
            int? author = random.Next(2) == 0 ? null : 2 + random.Next(11);
            var kind = random.Next(3);
            var tags =
                kind == 0 ? [] : Enumerable.Range(0, 1 + random.Next(5)).Select(_ => 3 + random.Next(9)).ToArray();
            var parameter = kind == 1 ? "tag" : "tag_any";

            await CheckAsync(
                $"{AuthorFilter(author)}{string.Concat(tags.Select(tag => $"&{parameter}=t{tag}"))}",
                random,
                posts
                    .Where(post => author is null || post.Author == author)
                    .Where(post =>
                        kind == 0 || (kind == 1 ? tags.All(post.Tags.Contains) : tags.Any(post.Tags.Contains))
                    ),
                kind == 0 && author is null ? [2, 1] : []
            );
        }
    }

    [Fact]
    public async Task Gives_what_a_plain_filter_gives_whatever_the_author_and_the_words()
    {
        var random = new Random(Seed + 1);
        var posts = await StoreAsync(random);

        for (var round = 0; round < Rounds; round++)
        {
            int? author = random.Next(2) == 0 ? null : 2 + random.Next(11);
            var (one, other) = (words[random.Next(words.Length)], words[random.Next(words.Length)]);
            var run = RandomRun(random, 1 + random.Next(3));
            (string Query, Func<StoredPost, bool> Holds)[] searches =
            [
                (one, post => post.Has(one)),
                ("absent", _ => false),
                ($"{one} {other}", post => post.Has(one) && post.Has(other)),
                ($"{one} or {other}", post => post.Has(one) || post.Has(other)),
                ($"{one} -{other}", post => post.Has(one) && !post.Has(other)),
                ($"\"{one} {other}\"", post => post.HasPhrase(one, other)),
                ($"{one} -\"{one} {other}\"", post => post.Has(one) && !post.HasPhrase(one, other)),
                (run, post => post.Run.Contains(run, StringComparison.Ordinal)),
                ($"{run} {one}", post => post.Run.Contains(run, StringComparison.Ordinal) && post.Has(one)),
            ];
            var (query, holds) = searches[random.Next(searches.Length)];

            await CheckAsync(
                $"{AuthorFilter(author)}&q={Uri.EscapeDataString(query)}",
                random,
                posts.Where(post => author is null || post.Author == author).Where(holds),
                []
            );
        }
    }

    /// <param name="filters">As they stand in the URL.</param>
    /// <param name="random">Chooses the limit of the pages.</param>
    /// <param name="expected">In whatever order.</param>
    /// <param name="bystanders">Ids of Bea's posts that belong to it too.</param>
    async Task CheckAsync(string filters, Random random, IEnumerable<StoredPost> expected, long[] bystanders)
    {
        var url = $"/posts?fields=id&limit={1 + random.Next(100)}{filters}";
        var ids = expected.Select(post => post.Id).OrderDescending().Concat(bystanders);

        Assert.Equal((url, string.Join(' ', ids)), (url, string.Join(' ', await WalkAsync(url))));
    }

    async Task<StoredPost[]> StoreAsync(Random random)
    {
        var posts = Enumerable
            .Range(3, 400)
            .Select(id => new StoredPost(
                id,
                2 + random.Next(4) * random.Next(3),
                Enumerable.Range(3, 8).Where(tag => random.Next(8) < 11 - tag).ToHashSet(),
                [.. Enumerable.Range(0, random.Next(7)).Select(_ => words[random.Next(words.Length)])],
                RandomRun(random, random.Next(6))
            ))
            .ToArray();
        await ExecuteAsync(
            $"""
            insert into blog.users (name) select 'u' || n from generate_series(2, 12) n;
            insert into blog.tag (name) select 't' || n from generate_series(3, 10) n;
            insert into blog.post (id, author_id, title, content) overriding system value
            values {string.Join(
                ", ",
                posts.Select(post => $"({post.Id}, {post.Author}, 'T', '{string.Join(' ', post.Words)}. {post.Run}')")
            )};
            insert into blog.post_tag
            values {string.Join(", ", posts.SelectMany(post => post.Tags.Select(tag => $"({post.Id}, {tag})")))};
            """
        );
        return posts;
    }

    static string AuthorFilter(int? author) => author is null ? "" : $"&author_id={author}";

    static string RandomRun(Random random, int length) =>
        string.Concat(Enumerable.Range(0, length).Select(_ => Characters[random.Next(Characters.Length)]));

    sealed record StoredPost(long Id, int Author, IReadOnlySet<int> Tags, IReadOnlyList<string> Words, string Run)
    {
        public bool Has(string word) => Words.Contains(word, StringComparer.Ordinal);

        public bool HasPhrase(string one, string other) => Words.Zip(Words.Skip(1)).Contains((one, other));
    }
}
