using System.Globalization;
using System.Text.Json;
using Blog.Api.Tests.Lists;

namespace Blog.Api.Tests.Posts;

public sealed class SearchPostsTests(BlogApi api) : ListTest(api)
{
    [Theory]
    [InlineData("quick", "3")]
    [InlineData("QUICK", "3")]
    [InlineData("qui", "")]
    [InlineData("fox", "4 3")]
    [InlineData("fox quick", "3")]
    [InlineData("quick or lazy", "4 3")]
    [InlineData("fox -quick", "4")]
    [InlineData("-fox -one -two", "11 10 9 8 7 6 5")]
    [InlineData("\"brown fox\"", "3")]
    [InlineData("\"fox brown\"", "4")]
    [InlineData("\"quick fox\"", "")]
    [InlineData("-\"brown fox\" fox", "4")]
    [InlineData("headline", "5")]
    [InlineData("\"headline body\"", "5")]
    [InlineData("#s0", "")]
    [InlineData("#a2", "")]
    [InlineData("a2", "")]
    [InlineData("caf\u00e9", "6")]
    [InlineData("cafe\u0301", "6")]
    [InlineData("CAF\u00c9", "6")]
    [InlineData("\u201cth\u00e9 vert\u201d", "6")]
    [InlineData("\uff54\uff48\u00e9", "6")]
    [InlineData("\u6771\u4eac", "8 7")]
    [InlineData("\u6771\u4eac\u90fd", "7")]
    [InlineData("\u4eac\u6771", "")]
    [InlineData("\u5929\u6c17", "7")]
    [InlineData("\u6674\u308c", "7")]
    [InlineData("\u732b", "8")]
    [InlineData("\u90fd", "7")]
    [InlineData("\u308c", "7")]
    [InlineData("-\u6771\u4eac\u90fd \u6771\u4eac", "8")]
    [InlineData("\"\u6771\u4eac\u306e \u732b\"", "8")]
    [InlineData("postgresql \u6570\u636e\u5e93", "9")]
    [InlineData("postgresql\u6570\u636e\u5e93", "9")]
    [InlineData("\u6570\u636e\u5e93 \u5feb", "9")]
    [InlineData("\ud55c\uad6d\uc5b4 \uac80\uc0c9", "10")]
    [InlineData("\uad6d\uc5b4", "10")]
    [InlineData("\uff83\uff9e\uff70\uff80", "11")]
    [InlineData("\u30c7\u30fc\u30bf", "11")]
    [InlineData("\U00020bb7\u91ce\u5bb6", "11")]
    public async Task Finds_words_phrases_and_characters(string words, string ids)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values
              (2, 'Animals', 'The quick brown fox'),
              (2, 'Animals', 'A lazy fox, brown'),
              (2, 'Headline', 'body'),
              (2, 'Café', U&'cafe\0301 «thé vert»'),
              (2, 'T', '東京都の天気は晴れ。'),
              (2, 'T', '東京の「猫」'),
              (2, 'T', 'PostgreSQL数据库很快'),
              (2, 'T', '한국어 검색 시험'),
              (2, 'T', '𠮷野家のデータベース');
            """
        );

        Assert.Equal(ids, string.Join(' ', await IdsAsync($"/posts?q={Uri.EscapeDataString(words)}")));
        Assert.Equal(ids, string.Join(' ', await IdsAsync($"/posts?author_id=2&q={Uri.EscapeDataString(words)}")));
        Assert.Equal("", string.Join(' ', await IdsAsync($"/posts?author_id=3&q={Uri.EscapeDataString(words)}")));
    }

    [Theory]
    [InlineData("''a")]
    [InlineData("\"a")]
    [InlineData("a\"")]
    [InlineData("a \"\" b")]
    [InlineData("a & | ! ( ) : * < > <-> \\ b")]
    [InlineData("a:*")]
    [InlineData("a:ABCD")]
    [InlineData("!!a")]
    [InlineData("- -a - b")]
    [InlineData("or")]
    [InlineData("or or a or")]
    [InlineData("a' or '1'='1")]
    [InlineData("$$a$$ :before @x {0} %s")]
    [InlineData("<b>")]
    [InlineData("&amp;")]
    [InlineData("http://a.b/c?d=e&f='g'")]
    [InlineData("a@b.c 1.5e-3 -7 2026-01-02 a-b-c a/b/c")]
    [InlineData("\u732b'\u732b\"\u732b-\u732b,\u732b")]
    [InlineData("\ufffe a \uffff \U0010ffff")]
    [InlineData("\u0301a")]
    [InlineData("\ufdfa")]
    public async Task Is_never_an_error_whatever_is_asked(string words)
    {
        foreach (var url in (string[])["/posts?", "/posts?author_id=1&", "/users/1/posts?"])
        {
            foreach (var count in (string[])["none", "exact", "planned"])
            {
                var answer = await Api.GetAsync($"{url}q={Uri.EscapeDataString(words)}", ("Prefer", $"count={count}"));
                Assert.True(answer.Status == 200, $"{url} {words} {count}: {answer.Outcome}");
            }
        }
    }

    [Theory]
    [InlineData("", "blank", "Must not be empty.", null)]
    [InlineData("%20", "blank", "Must have a word.", null)]
    [InlineData("!!!", "blank", "Must have a word.", null)]
    [InlineData("%22%22", "blank", "Must have a word.", null)]
    [InlineData("-", "blank", "Must have a word.", null)]
    [InlineData("a%00", "invalid_character", "U+0000 cannot be stored.", null)]
    [InlineData("201", "too_long", "At most 200 characters are accepted; this has 201.", 200)]
    public async Task Refuses_what_has_no_word_and_what_is_too_long(
        string words,
        string code,
        string detail,
        int? limit
    )
    {
        var sent = words == "201" ? string.Concat(Enumerable.Repeat("%F0%A0%AE%B7", 201)) : words;

        Assert.Equal(
            Invalid400(
                "/posts",
                $$"""{"parameter":"q","code":"{{code}}","detail":"{{detail}}"{{(
                    limit is null ? "" : string.Create(CultureInfo.InvariantCulture, $",\"limit\":{limit}")
                )}}}"""
            ),
            (await Api.GetAsync($"/posts?q={sent}")).Outcome
        );
    }

    [Fact]
    public async Task Takes_two_hundred_characters_of_any_plane() =>
        Assert.Equal(
            """200 {"items":[],"limit":20}""",
            (await Api.GetAsync($"/posts?q={string.Concat(Enumerable.Repeat("%F0%A0%AE%B7", 200))}")).Outcome
        );

    /// <summary>Posts in many slices of the index, far apart: every page is right, whatever the slices hold.</summary>
    [Fact]
    public async Task Walks_over_all_matches_of_all_slices()
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Ben');
            insert into blog.post (id, author_id, title, content) overriding system value
            select n * 1000, 2 + n % 2, 'T', case when n % 3 = 0 then 'third' else '' end || case when n % 100 = 0 then ' rare' else '' end || ' word'
            from generate_series(1, 300) n;
            insert into blog.post (id, author_id, title, content) overriding system value
            values (9000000000000000000, 2, 'T', 'third word'), (9223372036854775806, 2, 'T', 'word');
            """
        );

        string[] urls =
        [
            "q=word",
            "q=third&limit=7",
            "q=rare&limit=1",
            "q=%22third+word%22&limit=99",
            "author_id=2&q=third&limit=13",
        ];
        string[] filters =
        [
            "content like '%word'",
            "content like '%third%'",
            "content like '%rare%'",
            "content like '%third word'",
            "content like '%third%' and author_id = 2",
        ];
        foreach (var (url, filter) in urls.Zip(filters))
        {
            Assert.Equal(
                await ListAsync($"select id from blog.post where {filter} order by id desc"),
                (await WalkAsync($"/posts?fields=id&include=none&{url}")).Select(id => $"{id}")
            );
        }
    }

    [Theory]
    [InlineData("one", 3, 1)]
    [InlineData("absent", 0, 0)]
    [InlineData("one or two", 4, 2)]
    [InlineData("\"one more\"", 1, 0)]
    public async Task Counts_where_that_is_preferred(string words, int total, int totalOfBea)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (2, 'T', 'one more'), (2, 'T', 'more one');
            """
        );

        foreach (var (url, expected) in ((string, int)[])[("/posts?", total), ("/posts?author_id=1&", totalOfBea)])
        {
            var answer = await Api.GetAsync($"{url}limit=1&q={Uri.EscapeDataString(words)}", ("Prefer", "count=exact"));
            Assert.EndsWith($"\"total\":{expected},\"total_is\":\"exact\"}}", answer.Body, StringComparison.Ordinal);
        }
    }

    /// <summary>What is stored through the service, as its own role, is found at once; contents as large as they may be are stored whatever is in them.</summary>
    [Theory]
    [InlineData("\u6771\u4eac\u90fd")]
    [InlineData("\U00020bb7\u91ce")]
    [InlineData("a")]
    [InlineData(" a\u732bb")]
    [InlineData("\ufdfa ")]
    public async Task Stores_every_content_of_a_mebibyte_and_finds_its_first_words(string filling)
    {
        var random = new Random(7);
        var content = new System.Text.StringBuilder("first ");
        var size = 6;
        while (size < 1024 * 1024 - 40)
        {
            var part = filling + (filling.Length > 1 ? "" : $"{random.Next(100_000_000):x} ");
            content.Append(part);
            size += System.Text.Encoding.UTF8.GetByteCount(part);
        }

        var answer = await Api.PostAsync(
            "/users",
            JsonSerializer.Serialize(
                new { name = "Ann", posts = new[] { new { title = "Huge", content = content.ToString() } } }
            )
        );

        Assert.True(answer.Status == 201, answer.Outcome[..Math.Min(answer.Outcome.Length, 500)]);
        Assert.Equal("3", string.Join(' ', await IdsAsync("/posts?fields=id&q=first+huge")));
    }

    [Fact]
    public async Task Stores_words_that_are_too_long_to_be_found()
    {
        await ExecuteAsync(
            "insert into blog.users (name) values ('Ann'); insert into blog.post (author_id, title, content) select 2, 'Long', repeat('x', 3000) || ' short ' || repeat('y', 1000000)"
        );

        Assert.Equal("3", string.Join(' ', await IdsAsync("/posts?fields=id&q=short")));
    }
}
