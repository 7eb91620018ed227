using Blog.Api.Tests.Lists;

namespace Blog.Api.Tests.Posts;

public sealed class PostShapeTests(BlogApi api) : ListTest(api)
{
    const string First =
        """{"title":"First","content":"one","id":1,"author_id":1,"tags":[{"name":"shared","id":1},{"name":"hers","id":2}]}""";

    [Theory]
    [InlineData("include=none", """{"title":"First","content":"one","id":1,"author_id":1}""")]
    [InlineData("fields=tags,title", """{"title":"First","tags":[{"name":"shared","id":1},{"name":"hers","id":2}]}""")]
    [InlineData("fields=title&include=author", """{"title":"First"}""")]
    [InlineData(
        "fields=updated_at,id,created_at",
        """{"id":1,"created_at":"2026-01-02T03:04:05.6Z","updated_at":"2026-01-02T03:04:06Z"}"""
    )]
    public async Task Shows_what_is_asked_for_under_a_tag_of_its_own(string query, string post)
    {
        await ExecuteAsync(
            "update blog.post set created_at = '2026-01-02 03:04:05.6Z', updated_at = '2026-01-02 03:04:06Z'"
        );

        var answer = await Api.GetAsync($"/posts/1?{query}");

        Assert.Equal($"200 {post}", answer.Outcome);
        Assert.Matches("""^"p1\.1-1\.[0-9a-f]{4}"$""", answer["ETag"]);
        Assert.StartsWith("stmts=2, trips=1, ", answer["Blog-SQL"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "include=author",
        """{"title":"First","content":"one","id":1,"author_id":1,"author":{"name":"Bea","id":1}}"""
    )]
    [InlineData(
        "include=author,tags",
        """{"title":"First","content":"one","id":1,"author_id":1,"tags":[{"name":"shared","id":1},{"name":"hers","id":2}],"author":{"name":"Bea","id":1}}"""
    )]
    [InlineData("include=author&fields=author", """{"author":{"name":"Bea","id":1}}""")]
    public async Task Shows_the_author_whose_version_is_in_the_tag(string query, string post)
    {
        var answer = await Api.GetAsync($"/posts/1?{query}");

        Assert.Equal($"200 {post}", answer.Outcome);
        Assert.Matches("""^"p1\.1-1\.a1\.[0-9a-f]{4}"$""", answer["ETag"]);
    }

    [Theory]
    [InlineData("include=tags")]
    [InlineData("fields=title,content,id,author_id,tags")]
    [InlineData("limit=x&tags=y")]
    public async Task Is_the_default_representation_where_nothing_else_is_named(string query)
    {
        var answer = await Api.GetAsync($"/posts/1?{query}");

        Assert.Equal($"200 {First}", answer.Outcome);
        Assert.Equal("\"p1.1-1\"", answer["ETag"]);
    }

    [Fact]
    public async Task Is_not_held_any_more_once_the_author_whom_it_shows_has_another_name()
    {
        await ArrangeAnnAsync();
        var post = (await Api.GetAsync("/posts/3"))["ETag"]!;
        var withAuthor = (await Api.GetAsync("/posts/3?include=author"))["ETag"]!;

        Assert.Equal(304, (await Api.GetAsync("/posts/3?include=author", ("If-None-Match", withAuthor))).Status);
        await Api.PutAsync("/users/2", """{"name":"Anna"}""");

        Assert.Equal(304, (await Api.GetAsync("/posts/3", ("If-None-Match", post))).Status);
        var again = await Api.GetAsync("/posts/3?include=author", ("If-None-Match", withAuthor));
        Assert.Equal(
            """200 {"title":"T","content":"C","id":3,"author_id":2,"author":{"name":"Anna","id":2}}""",
            again.Outcome
        );
        Assert.Matches("""^"p3\.1-1\.a2\.[0-9a-f]{4}"$""", again["ETag"]);
    }

    [Theory]
    [InlineData("include=none")]
    [InlineData("include=author")]
    [InlineData("fields=title")]
    public async Task Is_held_only_in_its_own_shape(string query)
    {
        var shown = (await Api.GetAsync($"/posts/1?{query}"))["ETag"]!;

        var held = await Api.GetAsync($"/posts/1?{query}", ("If-None-Match", shown));
        var whole = await Api.GetAsync("/posts/1", ("If-None-Match", shown));
        var other = await Api.GetAsync("/posts/1?fields=content", ("If-None-Match", shown));

        Assert.Equal("304", held.Outcome);
        Assert.Equal(shown, held["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", held["Blog-SQL"]);
        Assert.Equal((200, 200), (whole.Status, other.Status));
    }

    [Theory]
    [InlineData("include=none")]
    [InlineData("include=author")]
    [InlineData("fields=title")]
    public async Task Lets_a_write_through_over_the_version_that_any_shape_showed(string query)
    {
        await ArrangeAnnAsync();
        var shown = (await Api.GetAsync($"/posts/3?{query}"))["ETag"]!;

        // A new name of the author is none of the post's business.
        await Api.PutAsync("/users/2", """{"name":"Anna"}""");
        var first = await Api.PatchAsync("/posts/3", """{"title":"U"}""", ("If-Match", shown));
        var second = await Api.PatchAsync("/posts/3", """{"title":"V"}""", ("If-Match", shown));

        Assert.Equal((200, 412), (first.Status, second.Status));
        Assert.Equal("\"p3.2-1\"", second["ETag"]);
    }

    [Fact]
    public async Task Of_nobody_is_404_in_every_shape()
    {
        foreach (var query in (string[])["", "?include=author", "?fields=title"])
            Assert.Equal(PostNotFound("/posts/9"), (await Api.GetAsync($"/posts/9{query}")).Outcome);
    }

    [Theory]
    [InlineData(
        "include=posts",
        "include",
        "There is no \\\"posts\\\" to include. These are: tags, author; or none alone."
    )]
    [InlineData("include=none&fields=tags", "fields", "\\\"tags\\\" is left out by include.")]
    [InlineData(
        "fields=version",
        "fields",
        "There is no \\\"version\\\". These are: title, content, id, author_id, tags, author, created_at, updated_at."
    )]
    public async Task Refuses_to_show_what_there_is_not(string query, string parameter, string detail) =>
        Assert.Equal(
            Invalid400("/posts/1", $$"""{"parameter":"{{parameter}}","code":"invalid_format","detail":"{{detail}}"}"""),
            (await Api.GetAsync($"/posts/1?{query}")).Outcome
        );

    Task ArrangeAnnAsync() =>
        ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (2, 'T', 'C');
            insert into blog.post_tag values (3, 1);
            """
        );
}
