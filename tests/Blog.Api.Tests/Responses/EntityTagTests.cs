namespace Blog.Api.Tests.Responses;

public sealed class EntityTagTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Moves_with_every_change_of_the_user_and_the_profile()
    {
        await Api.PostAsync("/users", """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["a"]}]}""");
        var seen = new List<string> { await TagAsync() };

        foreach (
            var (method, path, body) in ((string, string, string?)[])
                [
                    ("PUT", "/users/2", """{"name":"Anna"}"""),
                    ("PATCH", "/users/2", """{"name":"Hanna"}"""),
                    ("PATCH", "/users/2", """{"bio":"a"}"""),
                    ("PATCH", "/users/2", """{"bio":"b"}"""),
                    ("PATCH", "/users/2", """{"bio":null}"""),
                    ("PUT", "/users/2/profile", """{"bio":"c"}"""),
                    ("PUT", "/users/2/profile", """{"bio":"d"}"""),
                    ("DELETE", "/users/2/profile", null),
                ]
        )
        {
            var answer = await Api.SendAsync(method, path, body);

            Assert.True(answer.Status is 200 or 201, answer.Outcome);
            seen.Add(await TagAsync());
            if (method != "DELETE")
                Assert.Equal(seen[^1], answer["ETag"]);
        }

        Assert.Equal(Enumerable.Range(1, 9).Select(version => $"\"u2.{version}-1\""), seen);
    }

    [Fact]
    public async Task Stays_with_reads_failed_writes_and_the_writes_of_others()
    {
        await Api.PostAsync("/users", """{"name":"Ann"}""");
        await Api.PostAsync("/users", """{"name":"Cid"}""");

        foreach (
            var (method, path, body) in ((string, string, string?)[])
                [
                    ("GET", "/users/2", null),
                    ("GET", "/users/2/profile", null),
                    ("OPTIONS", "/users/2", null),
                    ("PUT", "/users/2", "{}"),
                    ("PUT", "/users/2", "["),
                    ("PATCH", "/users/2", """{"name":null}"""),
                    ("PUT", "/users/2/profile", """{"bio":""}"""),
                    ("DELETE", "/users/2/profile", null),
                    ("PUT", "/users/3", """{"name":"Cyd"}"""),
                    ("PUT", "/users/3/profile", """{"bio":"c"}"""),
                    ("DELETE", "/users/3", null),
                    (
                        "POST",
                        "/users",
                        """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["shared"]}]}"""
                    ),
                ]
        )
        {
            await Api.SendAsync(method, path, body);

            Assert.Equal("\"u2.1-1\"", await TagAsync());
        }
    }

    [Fact]
    public async Task Moves_when_the_epoch_of_the_tag_names_does()
    {
        await Api.PostAsync("/users", """{"name":"Ann","bio":"b"}""");

        await ExecuteAsync("update blog.tag_epoch set epoch = 7");

        Assert.Equal("\"u2.1-7\"", await TagAsync());
        Assert.Equal("\"u2.1-7\"", (await Api.GetAsync("/users/2/profile"))["ETag"]);
        Assert.Equal("\"u2.2-7\"", (await Api.PutAsync("/users/2", """{"name":"Anna"}"""))["ETag"]);
        Assert.Equal("\"u2.3-7\"", (await Api.PutAsync("/users/2/profile", """{"bio":"c"}"""))["ETag"]);
        Assert.Equal("\"u3.1-7\"", (await Api.PostAsync("/users", """{"name":"Cid"}"""))["ETag"]);
    }

    async Task<string> TagAsync() => (await Api.GetAsync("/users/2"))["ETag"]!;
}
