using Blog.Api.Tests.Lists;

namespace Blog.Api.Tests.Tags;

public sealed class TagShapeTests(BlogApi api) : ListTest(api)
{
    [Theory]
    [InlineData("fields=name", """{"name":"shared"}""")]
    [InlineData(
        "fields=updated_at,id,created_at",
        """{"id":1,"created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:06.7Z"}"""
    )]
    public async Task Shows_what_is_asked_for_under_a_tag_of_its_own(string query, string shared)
    {
        await ExecuteAsync(
            "update blog.tag set created_at = '2026-01-02 03:04:05Z', updated_at = '2026-01-02 03:04:06.7Z'"
        );

        var answer = await Api.GetAsync($"/tags/1?{query}");

        Assert.Equal($"200 {shared}", answer.Outcome);
        Assert.Matches("""^"t1\.1\.[0-9a-f]{4}"$""", answer["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", answer["Blog-SQL"]);
    }

    [Theory]
    [InlineData("fields=id,name")]
    [InlineData("include=posts")]
    public async Task Is_the_default_representation_where_nothing_else_is_named(string query)
    {
        var answer = await Api.GetAsync($"/tags/1?{query}");

        Assert.Equal("""200 {"name":"shared","id":1}""", answer.Outcome);
        Assert.Equal("\"t1.1\"", answer["ETag"]);
    }

    /// <summary>Links move no version of a tag; a tag that shows their number has it in its entity tag.</summary>
    [Fact]
    public async Task Is_not_held_any_more_once_another_post_carries_it_whose_number_it_shows()
    {
        var counted = await Api.GetAsync("/tags/1?fields=name,post_count");
        var named = (await Api.GetAsync("/tags/1"))["ETag"]!;
        Assert.Equal("""200 {"name":"shared","post_count":2}""", counted.Outcome);
        Assert.Matches("""^"t1\.1\.c2\.[0-9a-f]{4}"$""", counted["ETag"]);

        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (2, 'T', 'C');
            insert into blog.post_tag values (3, 1);
            """
        );

        var again = await Api.GetAsync("/tags/1?fields=name,post_count", ("If-None-Match", counted["ETag"]!));
        Assert.Equal("""200 {"name":"shared","post_count":3}""", again.Outcome);
        Assert.Equal(304, (await Api.GetAsync("/tags/1", ("If-None-Match", named))).Status);
        Assert.Equal(
            304,
            (await Api.GetAsync("/tags/1?fields=name,post_count", ("If-None-Match", again["ETag"]!))).Status
        );
    }

    [Fact]
    public async Task Lets_a_rename_through_over_the_version_that_any_shape_showed()
    {
        await ExecuteAsync("insert into blog.tag (name) values ('a')");
        var shown = (await Api.GetAsync("/tags/3?fields=post_count"))["ETag"]!;

        var first = await Api.PutAsync("/tags/3", """{"name":"b"}""", ("If-Match", shown));
        var second = await Api.PutAsync("/tags/3", """{"name":"c"}""", ("If-Match", shown));

        Assert.Equal((200, 412), (first.Status, second.Status));
    }

    [Fact]
    public async Task Counts_posts_up_to_ten_thousand()
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.tag (name) values ('whole'), ('more');
            insert into blog.post (author_id, title, content) select 2, 'T', '' from generate_series(1, 10001);
            insert into blog.post_tag select id, 3 from blog.post where id between 3 and 10002;
            insert into blog.post_tag select id, 4 from blog.post where id > 2;
            """
        );

        Assert.Equal("""200 {"post_count":10000}""", (await Api.GetAsync("/tags/3?fields=post_count")).Outcome);
        Assert.Equal("""200 {"post_count":10000}""", (await Api.GetAsync("/tags/4?fields=post_count")).Outcome);
        Assert.Equal(
            """200 {"items":[{"name":"hers","post_count":1},{"name":"more","post_count":10000},{"name":"shared","post_count":2},{"name":"whole","post_count":10000}],"limit":20}""",
            (await Api.GetAsync("/tags?fields=name,post_count")).Outcome
        );
    }

    [Fact]
    public async Task Refuses_to_show_what_there_is_not() =>
        Assert.Equal(
            Invalid400(
                "/tags/1",
                """{"parameter":"fields","code":"invalid_format","detail":"There is no \"posts\". These are: name, id, created_at, updated_at, post_count."}"""
            ),
            (await Api.GetAsync("/tags/1?fields=posts")).Outcome
        );
}
