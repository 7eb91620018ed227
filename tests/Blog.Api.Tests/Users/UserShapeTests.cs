using Blog.Api.Tests.Lists;

namespace Blog.Api.Tests.Users;

public sealed class UserShapeTests(BlogApi api) : ListTest(api)
{
    [Theory]
    [InlineData("include=none", """{"name":"Bea","id":1}""")]
    [InlineData(
        "include=posts",
        """{"name":"Bea","id":1,"posts":[{"title":"First","content":"one","id":1,"author_id":1},{"title":"Second","content":"two","id":2,"author_id":1}]}"""
    )]
    [InlineData("fields=post_count,id", """{"id":1,"post_count":2}""")]
    [InlineData("fields=post_count&include=none", """{"post_count":2}""")]
    [InlineData(
        "fields=updated_at,name,created_at",
        """{"name":"Bea","created_at":"2026-01-02T03:04:05Z","updated_at":"2026-01-02T03:04:06.5Z"}"""
    )]
    public async Task Shows_what_is_asked_for_under_a_tag_of_its_own(string query, string bea)
    {
        await ExecuteAsync(
            "update blog.users set created_at = '2026-01-02 03:04:05Z', updated_at = '2026-01-02 03:04:06.5Z'"
        );

        var answer = await Api.GetAsync($"/users/1?{query}");

        Assert.Equal($"200 {bea}", answer.Outcome);
        Assert.Matches("""^"u1\.1-1\.[0-9a-f]{4}"$""", answer["ETag"]);
    }

    [Theory]
    [InlineData("include=profile,posts,posts.tags")]
    [InlineData("include=posts.tags,profile")]
    [InlineData("fields=name,id,profile,posts")]
    [InlineData("fields=posts,profile,id,name&include=profile,posts.tags")]
    public async Task Is_the_default_representation_where_everything_is_named(string query)
    {
        var answer = await Api.GetAsync($"/users/1?{query}");

        Assert.Equal($"200 {Bea}", answer.Outcome);
        Assert.Equal("\"u1.1-1\"", answer["ETag"]);
    }

    [Fact]
    public async Task Has_one_tag_a_shape_however_it_is_asked_for()
    {
        string?[] tags =
        [
            .. await Task.WhenAll(
                new[]
                {
                    "include=none",
                    "fields=id,name",
                    "fields=name,id,name",
                    "include=posts",
                    "include=posts.tags",
                    "fields=id",
                    "fields=name",
                }.Select(async query => (await Api.GetAsync($"/users/1?{query}"))["ETag"])
            ),
        ];

        Assert.Equal(tags[0], tags[1]);
        Assert.Equal(tags[0], tags[2]);
        Assert.Equal(5, tags.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData("include=none")]
    [InlineData("include=posts")]
    [InlineData("fields=post_count")]
    public async Task Is_held_only_in_its_own_shape(string query)
    {
        var shown = (await Api.GetAsync($"/users/1?{query}"))["ETag"]!;

        var held = await Api.GetAsync($"/users/1?{query}", ("If-None-Match", shown));

        Assert.Equal("304", held.Outcome);
        Assert.Equal(shown, held["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", held["Blog-SQL"]);
        Assert.Equal(200, (await Api.GetAsync("/users/1", ("If-None-Match", shown))).Status);
        Assert.Equal(200, (await Api.GetAsync("/users/1?fields=id", ("If-None-Match", shown))).Status);
        Assert.Equal(200, (await Api.GetAsync($"/users/1?{query}", ("If-None-Match", "\"u1.1-1\""))).Status);
    }

    [Fact]
    public async Task Lets_a_write_through_over_the_version_that_any_shape_showed()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");
        var shown = (await Api.GetAsync("/users/2?fields=name"))["ETag"]!;

        var first = await Api.PutAsync("/users/2", """{"name":"Anna"}""", ("If-Match", shown));
        var second = await Api.PutAsync("/users/2", """{"name":"Anne"}""", ("If-Match", shown));

        Assert.Equal((200, 412), (first.Status, second.Status));
        Assert.Equal("\"u2.2-1\"", second["ETag"]);
    }

    [Fact]
    public async Task Counts_the_posts_that_one_answer_does_not_hold()
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) select 2, 'T', '' from generate_series(1, 1001);
            """
        );

        Assert.Equal("""200 {"post_count":1001}""", (await Api.GetAsync("/users/2?fields=post_count")).Outcome);
        Assert.Equal(
            """200 {"items":[{"id":1,"post_count":2},{"id":2,"post_count":1001}],"limit":20}""",
            (await Api.GetAsync("/users?fields=id,post_count")).Outcome
        );
    }

    [Fact]
    public async Task Says_nothing_of_posts_left_out_where_none_are_shown()
    {
        var answer = await Api.GetAsync("/users/1?include=profile");

        Assert.Null(answer["Blog-Truncated"]);
        Assert.Null(answer["Link"]);
    }

    [Fact]
    public async Task Refuses_a_member_that_there_is_not_and_minds_no_other_parameter()
    {
        Assert.Equal(
            Invalid400(
                "/users/1",
                """{"parameter":"fields","code":"invalid_format","detail":"There is no \"bio\". These are: name, id, profile, posts, created_at, updated_at, post_count."}"""
            ),
            (await Api.GetAsync("/users/1?fields=bio")).Outcome
        );
        Assert.Equal($"200 {Bea}", (await Api.GetAsync("/users/1?limit=x&tags=y")).Outcome);
    }
}
