namespace Blog.Api.Tests.Posts;

public sealed class PostStoryTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task A_post_is_created_read_replaced_patched_tagged_and_deleted()
    {
        const string Shared = """{"name":"shared","id":1}""";
        const string A = """{"name":"a","id":3}""";
        const string B = """{"name":"b","id":4}""";
        static string Post(string title, string content, params string[] tags) =>
            $$"""{"title":"{{title}}","content":"{{content}}","id":3,"author_id":2,"tags":[{{string.Join(',', tags)}}]}""";
        static string Tags(params string[] tags) => $$"""{"items":[{{string.Join(',', tags)}}]}""";

        await Api.PostAsync("/users", """{"name":"Ann"}""");
        var created = await Api.PostAsync(
            "/users/2/posts",
            """{"title":"T","content":"C","tag_names":["a","shared"]}"""
        );
        Assert.Equal($"201 {Post("T", "C", Shared, A)}", created.Outcome);
        Assert.Equal("/posts/3", created["Location"]);
        Assert.Equal("2 1 3 3 5", await CountRowsAsync());

        var read = await Api.GetAsync(created["Location"]!);
        Assert.Equal($"200 {created.Body}", read.Outcome);
        Assert.Equal(created["ETag"], read["ETag"]);

        var replaced = await Api.PutAsync("/posts/3", """{"title":"U","content":"D","tag_names":["b","shared"]}""");
        Assert.Equal($"200 {Post("U", "D", Shared, B)}", replaced.Outcome);

        var kept = await Api.PutAsync("/posts/3", """{"title":"V","content":"E"}""");
        Assert.Equal($"200 {Post("V", "E", Shared, B)}", kept.Outcome);

        var patched = await Api.PatchAsync("/posts/3", """{"content":"F"}""");
        Assert.Equal($"200 {Post("V", "F", Shared, B)}", patched.Outcome);

        var added = await Api.PostAsync("/posts/3/tags", """{"tag_names":["a","b"]}""");
        Assert.Equal($"200 {Tags(Shared, A, B)}", added.Outcome);

        var removed = await Api.DeleteAsync("/posts/3/tags/1");
        Assert.Equal("""200 {"message":"Deleted"}""", removed.Outcome);
        Assert.Equal($"200 {Tags(A, B)}", (await Api.GetAsync("/posts/3/tags")).Outcome);

        var retagged = await Api.PutAsync("/posts/3/tags", """{"tag_names":["shared"]}""");
        Assert.Equal($"200 {Tags(Shared)}", retagged.Outcome);

        var last = await Api.GetAsync("/posts/3");
        Assert.Equal($"200 {Post("V", "F", Shared)}", last.Outcome);
        Assert.Equal(retagged["ETag"], last["ETag"]);
        Assert.Equal(
            $$"""200 {"name":"Ann","id":2,"profile":null,"posts":[{{last.Body}}]}""",
            (await Api.GetAsync("/users/2")).Outcome
        );

        var deleted = await Api.DeleteAsync("/posts/3");
        Assert.Equal("""200 {"message":"Deleted"}""", deleted.Outcome);
        Assert.Equal(PostNotFound("/posts/3"), (await Api.GetAsync("/posts/3")).Outcome);
        Assert.Equal("2 1 2 4 3", await CountRowsAsync());
    }
}
