namespace Blog.Api.Tests.Posts;

/// <summary>The entity tags of a post and of its author move exactly when what they stand for does.</summary>
public sealed class PostEntityTagTests(BlogApi api) : PostTest(api)
{
    [Fact]
    public async Task Move_with_every_change_of_the_post_and_its_tags()
    {
        await ArrangeAnnAsync();
        var seen = new List<string> { await TagsAsync() };

        foreach (
            var (method, path, body) in ((string, string, string?)[])
                [
                    ("PUT", "/posts/3", """{"title":"U","content":"C"}"""),
                    ("PUT", "/posts/3", """{"title":"U","content":"D"}"""),
                    ("PUT", "/posts/3", """{"title":"U","content":"D","tag_names":["a"]}"""),
                    ("PATCH", "/posts/3", """{"title":"u"}"""),
                    ("PATCH", "/posts/3", """{"content":""}"""),
                    ("PATCH", "/posts/3", """{"tag_names":[]}"""),
                    ("PUT", "/posts/3/tags", """{"tag_names":["b"]}"""),
                    ("POST", "/posts/3/tags", """{"tag_names":["a"]}"""),
                    ("DELETE", "/posts/3/tags/3", null),
                ]
        )
        {
            var answer = await Api.SendAsync(method, path, body);

            Assert.Equal(200, answer.Status);
            seen.Add(await TagsAsync());
            if (method != "DELETE")
                Assert.Equal(
                    seen[^1],
                    $"{answer["ETag"]} {answer["ETag"]!.Replace("p3", "u2", StringComparison.Ordinal)}"
                );
        }

        Assert.Equal(Enumerable.Range(1, 10).Select(version => $"\"p3.{version}-1\" \"u2.{version}-1\""), seen);
    }

    [Fact]
    public async Task Of_the_author_alone_moves_with_posts_that_come_and_go()
    {
        await ArrangeAnnAsync();

        await Api.PostAsync("/users/2/posts", """{"title":"T","content":"C","tag_names":["a"]}""");
        var after = await TagsAsync();
        await Api.DeleteAsync("/posts/4");

        Assert.Equal("\"p3.1-1\" \"u2.2-1\"", after);
        Assert.Equal("\"p3.1-1\" \"u2.3-1\"", await TagsAsync());
    }

    [Fact]
    public async Task Stay_with_reads_failed_writes_and_the_writes_of_others()
    {
        await ArrangeAnnAsync();
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Cid');
            insert into blog.post (author_id, title, content) values (3, 'T', 'C'), (3, 'T', 'C');
            insert into blog.post_tag values (4, 3);
            """
        );

        foreach (
            var (method, path, body) in ((string, string, string?)[])
                [
                    ("GET", "/posts/3", null),
                    ("GET", "/posts/3/tags", null),
                    ("OPTIONS", "/posts/3", null),
                    ("PUT", "/posts/3", "{}"),
                    ("PUT", "/posts/3", """{"title":"U"}"""),
                    ("PATCH", "/posts/3", """{"title":"U","tag_names":null}"""),
                    ("PUT", "/posts/3/tags", """{"tag_names":[" "]}"""),
                    ("POST", "/posts/3/tags", """{"tags":["x"]}"""),
                    ("POST", "/posts/3", """{"title":"U","content":"D"}"""),
                    ("POST", "/users/2/posts", """{"title":"U"}"""),
                    ("PUT", "/posts/4", """{"title":"U","content":"D","tag_names":["a","b"]}"""),
                    ("PATCH", "/posts/4", """{"tag_names":["shared"]}"""),
                    ("PUT", "/posts/4/tags", """{"tag_names":["a"]}"""),
                    ("POST", "/posts/4/tags", """{"tag_names":["shared"]}"""),
                    ("DELETE", "/posts/4/tags/3", null),
                    ("DELETE", "/posts/4", null),
                    ("POST", "/users/3/posts", """{"title":"U","content":"D","tag_names":["a"]}"""),
                    ("DELETE", "/users/3", null),
                ]
        )
        {
            await Api.SendAsync(method, path, body);

            Assert.Equal("\"p3.1-1\" \"u2.1-1\"", await TagsAsync());
        }
    }

    [Fact]
    public async Task Moves_of_the_author_leave_the_post_alone()
    {
        await ArrangeAnnAsync();

        await Api.PutAsync("/users/2", """{"name":"Anna"}""");
        await Api.PutAsync("/users/2/profile", """{"bio":"b"}""");

        Assert.Equal("\"p3.1-1\" \"u2.3-1\"", await TagsAsync());
    }

    [Fact]
    public async Task Carry_the_epoch_of_the_tag_names_in_every_answer()
    {
        await ArrangeAnnAsync();
        await ExecuteAsync("update blog.tag_epoch set epoch = 7");

        var created = await Api.PostAsync("/users/2/posts", """{"title":"T","content":"C"}""");
        var read = await Api.GetAsync("/posts/3");
        var tags = await Api.GetAsync("/posts/3/tags");
        var put = await Api.PutAsync("/posts/3", """{"title":"U","content":"D"}""");
        var patch = await Api.PatchAsync("/posts/3", """{"title":"V"}""");
        var replaced = await Api.PutAsync("/posts/3/tags", """{"tag_names":["b"]}""");
        var added = await Api.PostAsync("/posts/3/tags", """{"tag_names":["a"]}""");

        Assert.Equal(
            ["\"p4.1-7\"", "\"p3.1-7\"", "\"p3.1-7\"", "\"p3.2-7\"", "\"p3.3-7\"", "\"p3.4-7\"", "\"p3.5-7\""],
            ((Answer[])[created, read, tags, put, patch, replaced, added]).Select(answer => answer["ETag"]!)
        );
    }

    async Task<string> TagsAsync() =>
        $"{(await Api.GetAsync("/posts/3"))["ETag"]} {(await Api.GetAsync("/users/2"))["ETag"]}";
}
