using Blog.Testing;

namespace Blog.Api.Tests.Users;

public sealed class TruncationTests(PostgresServer server)
{
    [Fact]
    public async Task A_user_with_more_posts_than_an_answer_holds_comes_with_the_first_and_a_link_to_all()
    {
        await using var api = await BlogApi.StartAsync(server, "", ("Limits:GraphPosts", "2"));
        await api.PostAsync("/users", """{"name":"Bea","posts":[{"title":"T","content":"C","tag_names":["hers"]}]}""");
        const string First =
            """{"title":"1","content":"","id":2,"author_id":2,"tags":[{"name":"a","id":2}]},{"title":"2","content":"","id":3,"author_id":2,"tags":[]}""";

        var created = await api.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"1","content":"","tag_names":["a"]},{"title":"2","content":""},{"title":"3","content":"","tag_names":["b"]}]}"""
        );
        var read = await api.GetAsync("/users/2");
        var replaced = await api.PutAsync("/users/2", """{"name":"Ann"}""");

        Assert.Equal(201, created.Status);
        Assert.All(
            [read, replaced],
            answer =>
            {
                Assert.Equal($$"""200 {"name":"Ann","id":2,"profile":null,"posts":[{{First}}]}""", answer.Outcome);
                Assert.Equal("posts=2;of=3", answer["Blog-Truncated"]);
                Assert.Equal("</posts?author_id=2>; rel=\"posts\"", answer["Link"]);
            }
        );
        Assert.Equal("stmts=3, trips=2, rows=4, budget=ok", read["Blog-SQL"]);
    }

    [Fact]
    public async Task A_user_with_as_many_posts_as_an_answer_holds_is_whole()
    {
        await using var api = await BlogApi.StartAsync(server, "", ("Limits:GraphPosts", "2"));
        await api.PostAsync(
            "/users",
            """{"name":"Ann","posts":[{"title":"1","content":""},{"title":"2","content":""}]}"""
        );

        var read = await api.GetAsync("/users/1");

        Assert.Equal(
            """200 {"name":"Ann","id":1,"profile":null,"posts":[{"title":"1","content":"","id":1,"author_id":1,"tags":[]},{"title":"2","content":"","id":2,"author_id":1,"tags":[]}]}""",
            read.Outcome
        );
        Assert.Null(read["Blog-Truncated"]);
        Assert.Null(read["Link"]);
    }

    [Fact]
    public async Task An_answer_holds_1000_posts_where_nothing_else_is_configured()
    {
        await using var api = await BlogApi.StartAsync(server);
        await api.Database.ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann'), ('Cid');
            insert into blog.post (author_id, title, content) select 1, 'T', '' from generate_series(1, 1000);
            insert into blog.post (author_id, title, content) select 2, 'T', '' from generate_series(1, 1001);
            """
        );

        var whole = await api.GetAsync("/users/1");
        var truncated = await api.GetAsync("/users/2");

        Assert.Null(whole["Blog-Truncated"]);
        Assert.Equal("posts=1000;of=1001", truncated["Blog-Truncated"]);
        Assert.Contains("\"id\":1000,", whole.Body, StringComparison.Ordinal);
        Assert.Contains("\"id\":2000,", truncated.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("\"id\":2001,", truncated.Body, StringComparison.Ordinal);
    }
}
