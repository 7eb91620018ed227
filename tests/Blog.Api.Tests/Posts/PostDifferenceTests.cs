namespace Blog.Api.Tests.Posts;

/// <summary>A write of a post writes the difference: rows that stay are not written again, and where nothing differs, none is.</summary>
public sealed class PostDifferenceTests(BlogApi api) : PostTest(api)
{
    [Theory]
    [InlineData("PUT", "/posts/3", """{"title":"T","content":"C"}""")]
    [InlineData("PUT", "/posts/3", """{"title":"T","content":"C","tag_names":["a","shared"]}""")]
    [InlineData("PATCH", "/posts/3", "{}")]
    [InlineData("PATCH", "/posts/3", """{"title":"T"}""")]
    [InlineData("PATCH", "/posts/3", """{"content":"C"}""")]
    [InlineData("PATCH", "/posts/3", """{"tag_names":["shared","a"," a"]}""")]
    [InlineData("PUT", "/posts/3/tags", """{"tag_names":["a","shared"]}""")]
    [InlineData("POST", "/posts/3/tags", """{"tag_names":["a"]}""")]
    [InlineData("POST", "/posts/3/tags", """{"tag_names":[]}""")]
    [InlineData("DELETE", "/posts/3/tags/2", null)]
    public async Task Nothing_is_written_where_nothing_differs(string method, string path, string? body)
    {
        await ArrangeAnnAsync();
        var before = await RowsAsync();

        var answer = await Api.SendAsync(method, path, body);

        Assert.Equal(200, answer.Status);
        Assert.Equal(method == "DELETE" ? null : "\"p3.1-1\"", answer["ETag"]);
        Assert.Equal(before, await RowsAsync());
        Assert.Equal("\"u2.1-1\"", (await Api.GetAsync("/users/2"))["ETag"]);
    }

    [Theory]
    [InlineData("PUT", "/posts/3", """{"title":"U","content":"C","tag_names":["a","b"]}""")]
    [InlineData("PATCH", "/posts/3", """{"tag_names":["b","a"]}""")]
    [InlineData("PUT", "/posts/3/tags", """{"tag_names":["b","a"]}""")]
    [InlineData("POST", "/posts/3/tags", """{"tag_names":["b","a"]}""")]
    [InlineData("DELETE", "/posts/3/tags/1", null)]
    [InlineData("PUT", "/posts/3", """{"title":"U","content":"D"}""")]
    public async Task Links_that_stay_are_not_written_again(string method, string path, string? body)
    {
        await ArrangeAnnAsync();
        var before = await RowsAsync();

        var answer = await Api.SendAsync(method, path, body);

        Assert.Equal(200, answer.Status);
        var after = await RowsAsync();
        var linkToA = before.Single(row => row.StartsWith("link 3 ", StringComparison.Ordinal));
        Assert.Contains(linkToA, after);
        // The user, then the post: both were written.
        Assert.NotEqual(before[..2], after[..2]);
        Assert.Equal("u2.2 p3.2", await VersionsAsync());
    }

    [Fact]
    public async Task Tags_that_are_linked_are_not_written()
    {
        await ArrangeAnnAsync();
        var before = await TagsAsync();

        await Api.PutAsync("/posts/3/tags", """{"tag_names":["hers","a"]}""");

        Assert.Equal(before, await TagsAsync());
    }

    Task<string[]> TagsAsync() => ListAsync("select format('%s %s %s', id, ctid, xmin) from blog.tag order by id");
}
