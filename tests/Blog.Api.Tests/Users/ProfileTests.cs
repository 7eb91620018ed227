namespace Blog.Api.Tests.Users;

public sealed class ProfileTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Returns_the_profile_under_the_tag_of_its_user()
    {
        var answer = await Api.GetAsync("/users/1/profile");

        Assert.Equal("""200 {"bio":"stands by","id":1}""", answer.Outcome);
        Assert.Equal("\"u1.1-1\"", answer["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Tells_a_missing_profile_from_a_missing_user()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        Assert.Equal(
            NotFound("profile_not_found", "Profile not found", "/users/2/profile"),
            (await Api.GetAsync("/users/2/profile")).Outcome
        );
        Assert.Equal(UserNotFound("/users/9/profile"), (await Api.GetAsync("/users/9/profile")).Outcome);
        Assert.Equal(
            NotFound("profile_not_found", "Profile not found", "/users/2/profile"),
            (await Api.DeleteAsync("/users/2/profile")).Outcome
        );
        Assert.Equal(UserNotFound("/users/9/profile"), (await Api.DeleteAsync("/users/9/profile")).Outcome);
        Assert.Equal(
            UserNotFound("/users/9/profile"),
            (await Api.PutAsync("/users/9/profile", """{"bio":"b"}""")).Outcome
        );
        Assert.Equal("2 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task Creates_then_replaces_then_deletes_it()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");

        var created = await Api.PutAsync("/users/2/profile", """{"bio":"e\u0301"}""");

        Assert.Equal("201 {\"bio\":\"\u00e9\",\"id\":2}", created.Outcome);
        Assert.Equal("/users/2/profile", created["Location"]);
        Assert.Equal("\"u2.2-1\"", created["ETag"]);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", created["Blog-SQL"]);

        var replaced = await Api.PutAsync("/users/2/profile", """{"bio":"  "}""");

        Assert.Equal("""200 {"bio":"  ","id":2}""", replaced.Outcome);
        Assert.Null(replaced["Location"]);
        Assert.Equal("\"u2.3-1\"", replaced["ETag"]);
        var read = await Api.GetAsync(created["Location"]!);
        Assert.Equal(replaced.Outcome, read.Outcome);
        Assert.Equal(replaced["ETag"], read["ETag"]);

        var deleted = await Api.DeleteAsync("/users/2/profile");

        Assert.Equal("""200 {"message":"Deleted"}""", deleted.Outcome);
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", deleted["Blog-SQL"]);
        var user = await Api.GetAsync("/users/2");
        Assert.Equal("""200 {"name":"Ann","id":2,"profile":null,"posts":[]}""", user.Outcome);
        Assert.Equal("\"u2.4-1\"", user["ETag"]);
    }

    [Fact]
    public async Task Answers_without_a_body_where_the_client_prefers_none()
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");
        var minimal = ("Prefer", "return=minimal");

        var created = await Api.PutAsync("/users/2/profile", """{"bio":"a"}""", minimal);
        var replaced = await Api.PutAsync("/users/2/profile", """{"bio":"b"}""", minimal);
        var deleted = await Api.DeleteAsync("/users/2/profile", minimal);

        Assert.Equal(["201", "204", "204"], [created.Outcome, replaced.Outcome, deleted.Outcome]);
        Assert.Equal("/users/2/profile", created["Location"]);
        Assert.Equal(["\"u2.2-1\"", "\"u2.3-1\""], [created["ETag"]!, replaced["ETag"]!]);
        Assert.Null(deleted["ETag"]);
        Assert.All(
            [created, replaced, deleted],
            answer => Assert.Equal("return=minimal", answer["Preference-Applied"])
        );
        Assert.Equal("2 1 2 2 3", await CountRowsAsync());
    }

    [Theory]
    [InlineData("{}", "required", "Must be given.")]
    [InlineData("""{"bio":null}""", "required", "Must be given.")]
    [InlineData("""{"bio":""}""", "blank", "Must not be empty.")]
    [InlineData("""{"bio":[]}""", "invalid_type", "Expected a string, found an array.")]
    public async Task Refuses_a_bio_that_is_none(string body, string code, string detail) =>
        Assert.Equal(
            Invalid("/users/1/profile", $$"""{"pointer":"#/bio","code":"{{code}}","detail":"{{detail}}"}"""),
            (await Api.PutAsync("/users/1/profile", body)).Outcome
        );

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Checks_the_id_in_the_path(string method)
    {
        var body = method == "PUT" ? """{"bio":"b"}""" : null;

        var text = await Api.SendAsync(method, "/users/x/profile", body);
        var huge = await Api.SendAsync(method, "/users/9223372036854775808/profile", body);
        var empty = await Api.SendAsync(method, "/users//profile", body);

        Assert.Equal(
            Invalid(
                "/users/x/profile",
                """{"parameter":"id","code":"invalid_type","detail":"An id is a whole number."}"""
            ),
            text.Outcome
        );
        Assert.Equal(UserNotFound("/users/9223372036854775808/profile"), huge.Outcome);
        Assert.Equal(NotFound("route_not_found", "Nothing is at this path", "/users//profile"), empty.Outcome);
    }
}
