using Blog.Api.Tests.Lists;

namespace Blog.Api.Tests.Tags;

public sealed class ListTagsTests(BlogApi api) : ListTest(api)
{
    [Fact]
    public async Task Returns_tags_by_name_in_code_point_order()
    {
        await ExecuteAsync(
            "insert into blog.tag (name) values ('Zebra'), ('écru'), ('hers!'), (chr(65536)), (chr(65535)), ('_')"
        );

        var answer = await Api.GetAsync("/tags?fields=name");

        Assert.Equal(
            """200 {"items":[{"name":"Zebra"},{"name":"_"},{"name":"hers"},{"name":"hers!"},{"name":"shared"},{"name":"écru"},{"name":"\uFFFF"},{"name":"\uD800\uDC00"}],"limit":20}""",
            answer.Outcome
        );
        Assert.Equal("stmts=1, trips=1, rows=8, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Walks_over_all_of_them_one_by_one()
    {
        await ExecuteAsync(
            "insert into blog.tag (name) values ('Zebra'), ('écru'), ('hers!'), (chr(65536)), (chr(65535)), ('_')"
        );

        Assert.Equal((long[])[3, 8, 2, 5, 1, 4, 7, 6], await WalkAsync("/tags?limit=1"));
    }

    [Theory]
    [InlineData("name=hers", "[{\"name\":\"hers\",\"id\":2}]")]
    [InlineData("name=%20hers%0A", "[{\"name\":\"hers\",\"id\":2}]")]
    [InlineData("name=her", "[]")]
    [InlineData("name=Hers", "[]")]
    [InlineData("name_prefix=her", "[{\"name\":\"hers\",\"id\":2}]")]
    [InlineData("name_prefix=s", "[{\"name\":\"shared\",\"id\":1}]")]
    [InlineData("name_prefix=_", "[]")]
    [InlineData(
        "fields=post_count,name",
        "[{\"name\":\"hers\",\"post_count\":1},{\"name\":\"shared\",\"post_count\":2}]"
    )]
    public async Task Finds_tags_by_name_and_shows_what_is_asked_for(string query, string items) =>
        Assert.Equal($$"""200 {"items":{{items}},"limit":20}""", (await Api.GetAsync($"/tags?{query}")).Outcome);

    [Fact]
    public async Task Finds_every_name_that_begins_so_up_to_the_last_character_there_is()
    {
        await ExecuteAsync(
            "insert into blog.tag (name) values ('hf'), (rpad('he', 30, chr(1114111))), ('he' || chr(1114111) || 'x'), ('hd')"
        );

        Assert.Equal((long[])[2, 5, 4], await IdsAsync("/tags?name_prefix=he"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task Asks_the_same_of_the_database_however_many_there_are(int count)
    {
        await ExecuteAsync($"insert into blog.tag (name) select 't' || n from generate_series(1, {count}) n");

        Assert.Equal(
            $"stmts=2, trips=1, rows={count + 1}, budget=ok",
            (await Api.GetAsync("/tags?name_prefix=t&limit=100&fields=post_count", ("Prefer", "count=exact")))[
                "Blog-SQL"
            ]
        );
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("name=hers&", 1)]
    [InlineData("name_prefix=h&", 1)]
    [InlineData("name_prefix=x&", 0)]
    public async Task Counts_where_that_is_preferred(string query, int total)
    {
        var answer = await Api.GetAsync($"/tags?{query}limit=1", ("Prefer", "count=exact"));

        Assert.EndsWith($"\"total\":{total},\"total_is\":\"exact\"}}", answer.Body, StringComparison.Ordinal);
    }
}
