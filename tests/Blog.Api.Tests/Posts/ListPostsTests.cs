using Blog.Api.Tests.Lists;

namespace Blog.Api.Tests.Posts;

public sealed class ListPostsTests(BlogApi api) : ListTest(api)
{
    const string First =
        """{"title":"First","content":"one","id":1,"author_id":1,"tags":[{"name":"shared","id":1},{"name":"hers","id":2}]}""";
    const string Second =
        """{"title":"Second","content":"two","id":2,"author_id":1,"tags":[{"name":"shared","id":1}]}""";

    [Fact]
    public async Task Returns_posts_newest_first_with_their_tags_in_one_statement()
    {
        await ExecuteAsync(
            "insert into blog.users (name) values ('Ann'); insert into blog.post (author_id, title, content) values (2, 'T', '')"
        );

        var first = await Api.GetAsync("/posts");
        var answer = await Api.GetAsync("/posts");

        Assert.Equal("stmts=2, trips=2, rows=5, budget=ok", first["Blog-SQL"]);
        Assert.Equal(first.Outcome, answer.Outcome);
        Assert.Equal(
            $$"""200 {"items":[{"title":"T","content":"","id":3,"author_id":2,"tags":[]},{{Second}},{{First}}],"limit":20}""",
            answer.Outcome
        );
        Assert.Equal("stmts=1, trips=1, rows=3, budget=ok", answer["Blog-SQL"]);
        Assert.Null(answer["ETag"]);
    }

    [Theory]
    [InlineData("include=none", """{"title":"Second","content":"two","id":2,"author_id":1}""")]
    [InlineData(
        "include=author",
        """{"title":"Second","content":"two","id":2,"author_id":1,"author":{"name":"Bea","id":1}}"""
    )]
    [InlineData(
        "include=author,tags",
        """{"title":"Second","content":"two","id":2,"author_id":1,"tags":[{"name":"shared","id":1}],"author":{"name":"Bea","id":1}}"""
    )]
    [InlineData("include=tags", Second)]
    [InlineData("fields=tags,id", """{"id":2,"tags":[{"name":"shared","id":1}]}""")]
    [InlineData("include=author&fields=author", """{"author":{"name":"Bea","id":1}}""")]
    [InlineData(
        "fields=updated_at,title,created_at",
        """{"title":"Second","created_at":"2026-01-02T03:04:05.6Z","updated_at":"2026-01-02T03:04:06Z"}"""
    )]
    public async Task Shows_what_is_asked_for_and_leaves_out_the_rest(string query, string post)
    {
        await ExecuteAsync(
            "update blog.post set created_at = '2026-01-02 03:04:05.6Z', updated_at = '2026-01-02 03:04:06Z'"
        );

        Assert.Equal(
            post,
            (await Api.GetAsync($"/posts?{query}&limit=1")).Body.Split("\"items\":[")[1].Split("],\"limit\"")[0]
        );
    }

    [Theory]
    [InlineData("fields=author", "\\\"author\\\" is left out by include.")]
    [InlineData(
        "fields=post_count",
        "There is no \\\"post_count\\\". These are: title, content, id, author_id, tags, author, created_at, updated_at."
    )]
    public async Task Refuses_to_show_what_there_is_not(string query, string detail) =>
        Assert.Equal(
            Invalid400("/posts", $$"""{"parameter":"fields","code":"invalid_format","detail":"{{detail}}"}"""),
            (await Api.GetAsync($"/posts?{query}")).Outcome
        );

    [Theory]
    [InlineData("tag=hers", new long[] { 1 })]
    [InlineData("tag=shared", new long[] { 2, 1 })]
    [InlineData("tag=shared&tag=hers", new long[] { 1 })]
    [InlineData("tag=shared&tag=%20shared", new long[] { 2, 1 })]
    [InlineData("tag=shared&tag=nobody", new long[] { })]
    [InlineData("tag=Shared", new long[] { })]
    [InlineData("tag_any=nobody&tag_any=hers", new long[] { 1 })]
    [InlineData("tag_any=shared&tag_any=hers", new long[] { 2, 1 })]
    [InlineData("author_id=1&tag=hers", new long[] { 1 })]
    [InlineData("author_id=2&tag=hers", new long[] { })]
    [InlineData("author_id=2&tag_any=hers", new long[] { })]
    [InlineData("author_id=1&tag_any=hers", new long[] { 1 })]
    [InlineData("author_id=001", new long[] { 2, 1 })]
    public async Task Finds_posts_by_tags_and_author(string query, long[] ids)
    {
        await ExecuteAsync(
            "insert into blog.users (name) values ('Ann'); insert into blog.post (author_id, title, content) values (2, 'T', '')"
        );

        Assert.Equal(ids, await IdsAsync($"/posts?{query}"));
    }

    [Fact]
    public async Task Returns_the_posts_of_one_user_and_of_nobody_else()
    {
        await ExecuteAsync(
            "insert into blog.users (name) values ('Ann'), ('Ben'); insert into blog.post (author_id, title, content) values (2, 'T', '')"
        );

        var answer = await Api.GetAsync("/users/1/posts");
        Assert.Equal($$"""200 {"items":[{{Second}},{{First}}],"limit":20}""", answer.Outcome);
        // The names of two tags are asked for.
        Assert.Equal("stmts=3, trips=2, rows=5, budget=ok", answer["Blog-SQL"]);
        Assert.Equal((long[])[1], await IdsAsync("/users/1/posts?tag=hers"));
        Assert.Equal("""200 {"items":[],"limit":20}""", (await Api.GetAsync("/users/3/posts")).Outcome);
    }

    [Theory]
    [InlineData("/users/9/posts")]
    [InlineData("/users/0/posts")]
    [InlineData("/users/9223372036854775808/posts")]
    public async Task Returns_404_for_the_posts_of_nobody(string path) =>
        Assert.Equal(UserNotFound(path), (await Api.GetAsync(path)).Outcome);

    [Fact]
    public async Task Returns_422_for_the_posts_of_what_is_no_id() =>
        Assert.Equal(
            Invalid(
                "/users/x/posts",
                """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""
            ),
            (await Api.GetAsync("/users/x/posts")).Outcome
        );

    [Theory]
    [InlineData("/posts?", 3)]
    [InlineData("/posts?author_id=1&", 2)]
    [InlineData("/posts?tag=hers&", 1)]
    [InlineData("/posts?tag=shared&", 3)]
    [InlineData("/posts?tag_any=hers&tag_any=shared&", 3)]
    [InlineData("/posts?author_id=1&tag=shared&", 2)]
    [InlineData("/posts?author_id=1&tag_any=hers&", 1)]
    [InlineData("/users/1/posts?tag=nobody&", 0)]
    public async Task Counts_where_that_is_preferred(string url, int total)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (2, 'T', '');
            insert into blog.post_tag values (3, 1);
            """
        );

        var answer = await Api.GetAsync($"{url}limit=1", ("Prefer", "count=exact, handling=strict"));

        Assert.EndsWith($"\"total\":{total},\"total_is\":\"exact\"}}", answer.Body, StringComparison.Ordinal);
        Assert.Equal("count=exact,handling=strict", answer["Preference-Applied"]);
        Assert.Equal(200, (await Api.GetAsync(url, ("Prefer", "count=planned"))).Status);
    }

    [Theory]
    [InlineData("", 1002)]
    [InlineData("author_id=1&", 2)]
    [InlineData("author_id=2&", 1000)]
    public async Task Says_what_the_planner_reckons_with_of_these_filters(string filter, int total)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) select 2, 'T', '' from generate_series(1, 1000);
            analyze blog.post;
            """
        );

        var answer = await Api.GetAsync($"/posts?{filter}limit=1", ("Prefer", "count=planned"));

        Assert.EndsWith($"\"total\":{total},\"total_is\":\"planned\"}}", answer.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task Asks_the_same_of_the_database_however_many_there_are(int count)
    {
        await ExecuteAsync(
            $"""
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) select 2, 'T', 'some words' from generate_series(1, {count});
            insert into blog.tag (name) select 't' || n from generate_series(1, 50) n;
            insert into blog.post_tag select p.id, t.id from blog.post p, blog.tag t where p.id > 2 and t.id > 2;
            """
        );
        // From here on the names of all tags are known.
        await Api.GetAsync("/users/1");
        await Api.GetAsync("/posts");

        foreach (
            var url in (string[])
                [
                    "author_id=2",
                    "tag=t1",
                    "tag=t1&tag=t2&tag=t3&tag=t4&tag=t5",
                    "tag_any=t1&tag_any=t9",
                    "author_id=2&tag=t1&tag=t7",
                    "author_id=2&tag_any=t1&tag_any=t50",
                    "q=words",
                    "q=%22some+words%22",
                    "author_id=2&q=words",
                ]
        )
        {
            Assert.Equal(
                $"stmts=1, trips=1, rows={count}, budget=ok",
                (await Api.GetAsync($"/posts?limit=100&{url}"))["Blog-SQL"]
            );
            Assert.Equal(
                $"stmts=2, trips=1, rows={count + 1}, budget=ok",
                (await Api.GetAsync($"/posts?limit=100&include=tags,author&{url}", ("Prefer", "count=exact")))[
                    "Blog-SQL"
                ]
            );
        }

        Assert.Equal(
            $"stmts=1, trips=1, rows={Math.Min(count + 2, 101)}, budget=ok",
            (await Api.GetAsync("/posts?limit=100"))["Blog-SQL"]
        );
        Assert.Equal(
            $"stmts=3, trips=1, rows={count + 2}, budget=ok",
            (await Api.GetAsync("/users/2/posts?limit=100", ("Prefer", "count=exact")))["Blog-SQL"]
        );
    }
}
