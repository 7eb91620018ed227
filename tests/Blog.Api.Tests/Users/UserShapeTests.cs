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
