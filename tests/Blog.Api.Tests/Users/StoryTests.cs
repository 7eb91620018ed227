namespace Blog.Api.Tests.Users;

public sealed class StoryTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task A_user_is_created_read_renamed_patched_and_deleted()
    {
        const string Hi = """{"bio":"hi","id":2}""";
        static string Ann(string name, string profile) =>
            $$"""{"name":"{{name}}","id":2,"profile":{{profile}},"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"shared","id":1},{"name":"a","id":3}]},{"title":"U","content":"D","id":4,"author_id":2,"tags":[{"name":"a","id":3}]}]}""";

        var created = await Api.PostAsync(
            "/users",
            """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["a","shared"]},{"title":"U","content":"D","tag_names":["a"]}]}"""
        );
        Assert.Equal($"201 {Ann("Ann", Hi)}", created.Outcome);
        Assert.Equal("2 2 4 3 6", await CountRowsAsync());

        var read = await Api.GetAsync("/users/2");
        Assert.Equal($"200 {created.Body}", read.Outcome);

        var renamed = await Api.PutAsync("/users/2", """{"name":"Anna"}""");
        Assert.Equal($"200 {Ann("Anna", Hi)}", renamed.Outcome);

        var patched = await Api.PatchAsync("/users/2", """{"name":"Hanna","bio":null}""");
        Assert.Equal($"200 {Ann("Hanna", "null")}", patched.Outcome);
        Assert.Equal("2 1 4 3 6", await CountRowsAsync());

        var written = await Api.PutAsync("/users/2/profile", """{"bio":"back"}""");
        Assert.Equal("""201 {"bio":"back","id":3}""", written.Outcome);
        Assert.Equal("2 2 4 3 6", await CountRowsAsync());

        var deleted = await Api.DeleteAsync("/users/2");
        Assert.Equal("""200 {"message":"Deleted"}""", deleted.Outcome);
        Assert.Equal("1 1 2 3 3", await CountRowsAsync());
        Assert.Equal(UserNotFound("/users/2"), (await Api.GetAsync("/users/2")).Outcome);
        Assert.Equal($"200 {Bea}", (await Api.GetAsync("/users/1")).Outcome);
    }
}
