namespace Blog.Api.Tests.Users;

/// <summary>
/// What the reference application answers or means to answer: its four routes with its bodies, member by member, and the five
/// requests that it fails on. Its creation answers 200, this one 201.
/// </summary>
public sealed class ReferenceTests(BlogApi api) : ApiTest(api)
{
    [Fact]
    public async Task Its_four_routes_answer_with_its_bodies()
    {
        var created = await Api.PostAsync(
            "/users/",
            """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["a","b"]}]}"""
        );
        var read = await Api.GetAsync("/users/2");
        var updated = await Api.PutAsync("/users/2", """{"name":"Anna"}""");
        var deleted = await Api.DeleteAsync("/users/2");

        static string Named(string name) =>
            $$"""{"name":"{{name}}","id":2,"profile":{"bio":"hi","id":2},"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"a","id":3},{"name":"b","id":4}]}]}""";
        Assert.Equal($"201 {Named("Ann")}", created.Outcome);
        Assert.Equal($"200 {Named("Ann")}", read.Outcome);
        Assert.Equal($"200 {Named("Anna")}", updated.Outcome);
        Assert.Equal("""200 {"message":"Deleted"}""", deleted.Outcome);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Its_three_404s_have_its_text_as_detail(string method)
    {
        var answer = await Api.SendAsync(method, "/users/9", method == "PUT" ? """{"name":"N"}""" : null);

        Assert.Equal(
            """404 {"type":"/problems/user_not_found","title":"Not Found","status":404,"detail":"User not found","instance":"/users/9","code":"user_not_found","request_id":"test"}""",
            answer.Outcome
        );
    }

    [Fact]
    public async Task A_write_that_is_committed_is_answered_with_success()
    {
        var created = await Api.PostAsync("/users", """{"name":"Ann"}""");
        var updated = await Api.PutAsync("/users/2", """{"name":"Anna"}""");

        Assert.Equal("""201 {"name":"Ann","id":2,"profile":null,"posts":[]}""", created.Outcome);
        Assert.Equal("""200 {"name":"Anna","id":2,"profile":null,"posts":[]}""", updated.Outcome);
    }

    [Fact]
    public async Task A_tag_that_stands_twice_in_a_post_is_one_tag()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["a","b","a","a"]}]}"""
        );

        Assert.Equal(
            """201 {"name":"Ann","id":2,"profile":null,"posts":[{"title":"T","content":"C","id":3,"author_id":2,"tags":[{"name":"a","id":3},{"name":"b","id":4}]}]}""",
            answer.Outcome
        );
        Assert.Equal("2 1 3 4 5", await CountRowsAsync());
    }

    [Fact]
    public async Task A_name_of_60_characters_is_the_client_s_error()
    {
        var answer = await Api.PostAsync(
            "/users",
            """{"name":"123456789012345678901234567890123456789012345678901234567890"}"""
        );

        Assert.Equal(
            Invalid(
                "/users",
                """{"pointer":"#/name","code":"too_long","detail":"At most 50 characters are stored; this has 60.","limit":50}"""
            ),
            answer.Outcome
        );
        Assert.Equal("1 1 2 2 3", await CountRowsAsync());
    }

    [Fact]
    public async Task An_id_beyond_32_bits_is_an_id()
    {
        Assert.Equal(UserNotFound("/users/3000000000"), (await Api.GetAsync("/users/3000000000")).Outcome);
        await ExecuteAsync(
            """
            alter table blog.users alter column id restart with 3000000000;
            alter table blog.profile alter column id restart with 4000000000;
            alter table blog.post alter column id restart with 5000000000;
            alter table blog.tag alter column id restart with 9000000000000000000;
            """
        );
        static string Named(string name) =>
            $$"""{"name":"{{name}}","id":3000000000,"profile":{"bio":"hi","id":4000000000},"posts":[{"title":"T","content":"C","id":5000000000,"author_id":3000000000,"tags":[{"name":"a","id":9000000000000000000}]}]}""";

        var created = await Api.PostAsync(
            "/users",
            """{"name":"Ann","bio":"hi","posts":[{"title":"T","content":"C","tag_names":["a"]}]}"""
        );
        Assert.Equal($"201 {Named("Ann")}", created.Outcome);
        Assert.Equal("/users/3000000000", created["Location"]);
        Assert.Equal($"200 {Named("Ann")}", (await Api.GetAsync("/users/3000000000")).Outcome);
        Assert.Equal($"200 {Named("Anna")}", (await Api.PutAsync("/users/3000000000", """{"name":"Anna"}""")).Outcome);
        Assert.Equal("""200 {"message":"Deleted"}""", (await Api.DeleteAsync("/users/3000000000")).Outcome);
    }

    [Fact]
    public async Task Two_clients_that_create_one_tag_at_once_both_succeed()
    {
        for (var round = 0; round < 20; round++)
        {
            var body =
                $$"""{"name":"Ann","posts":[{"title":"T","content":"C","tag_names":["first {{round}}","second {{round}}"]}]}""";
            var reversed =
                $$"""{"name":"Cid","posts":[{"title":"T","content":"C","tag_names":["second {{round}}","first {{round}}"]}]}""";

            var answers = await Task.WhenAll(Api.PostAsync("/users", body), Api.PostAsync("/users", reversed));

            Assert.Equal([201, 201], answers.Select(answer => answer.Status));
        }

        Assert.Equal("41 1 42 42 83", await CountRowsAsync());
    }
}
