using Blog.Api.Tests.Lists;

namespace Blog.Api.Tests.Users;

public sealed class ListUsersTests(BlogApi api) : ListTest(api)
{
    const string Ann =
        """{"name":"Ann","id":2,"profile":null,"posts":[{"title":"T3","content":"","id":3,"author_id":2,"tags":[]},{"title":"T4","content":"","id":4,"author_id":2,"tags":[{"name":"shared","id":1}]}]}""";

    [Fact]
    public async Task Returns_users_by_id_with_profile_posts_and_tags_in_one_statement()
    {
        await StoreAnnAsync();

        var answer = await Api.GetAsync("/users");

        Assert.Equal($$"""200 {"items":[{{Bea}},{{Ann}}],"limit":20}""", answer.Outcome);
        Assert.Equal("stmts=2, trips=2, rows=6, budget=ok", answer["Blog-SQL"]);
        Assert.Null(answer["ETag"]);
        Assert.Null(answer["Link"]);
    }

    [Fact]
    public async Task Returns_the_first_users_and_where_the_others_are()
    {
        await StoreAnnAsync();

        var answer = await Api.GetAsync("/users?limit=1");

        Assert.Equal($$"""200 {"items":[{{Bea}}],"limit":1,"next":"{{NextOf(answer)}}"}""", answer.Outcome);
        Assert.Equal(
            $$"""200 {"items":[{{Ann}}],"limit":20}""",
            (await Api.GetAsync($"/users?cursor={NextOf(answer)}")).Outcome
        );
    }

    [Fact]
    public async Task Returns_an_empty_page_where_nobody_is() =>
        Assert.Equal("""200 {"items":[],"limit":20}""", (await Api.GetAsync("/users?name=Nobody")).Outcome);

    [Theory]
    [InlineData("name=Ann", new long[] { 2 })]
    [InlineData("name=ann", new long[] { })]
    [InlineData("name=An", new long[] { })]
    [InlineData("name_prefix=A", new long[] { 2, 3 })]
    [InlineData("name_prefix=Ann", new long[] { 2, 3 })]
    [InlineData("name_prefix=Anna", new long[] { 3 })]
    [InlineData("name_prefix=Annab", new long[] { })]
    [InlineData("name_prefix=a", new long[] { })]
    [InlineData("name_prefix=%25", new long[] { })]
    [InlineData("name=Zoe%CC%88", new long[] { 4 })]
    [InlineData("name_prefix=Zoe%CC%88", new long[] { 4, 5 })]
    [InlineData("name_prefix=%F4%8F%BF%BF", new long[] { 6 })]
    public async Task Finds_users_by_name_code_point_by_code_point(string filter, long[] ids)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name)
            values ('Ann'), ('Anna'), ('Zoë'), (rpad('Zoë', 50, chr(1114111))), (repeat(chr(1114111), 50))
            """
        );

        Assert.Equal(ids, await IdsAsync($"/users?{filter}"));
    }

    /// <summary>Whichever way the statement finds them: by name where few begin so, along the ids where many do, and by name again where those are far.</summary>
    [Theory]
    [InlineData("name_prefix=few&limit=7", "name like 'few%'")]
    [InlineData("name_prefix=many&limit=100", "name like 'many%'")]
    [InlineData("name_prefix=m&limit=99", "name like 'm%'")]
    [InlineData("name_prefix=far&limit=100", "name like 'far%'")]
    public async Task Walks_by_id_over_all_whose_name_begins_so(string query, string filter)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) select 'far ' || n from generate_series(1, 80) n;
            insert into blog.users (name)
            select case when n % 3 = 0 then 'many ' when n % 1000 = 1 then 'few ' else 'other ' end || 13000 - n
            from generate_series(1, 12000) n;
            insert into blog.users (name) select 'far ' || 2000 - n from generate_series(1, 1200) n;
            """
        );

        Assert.Equal(
            await ListAsync($"select id from blog.users where {filter} order by id"),
            (await WalkAsync($"/users?fields=id&{query}")).Select(id => $"{id}")
        );
    }

    [Theory]
    [InlineData("", 10, "[6,7,8,9,10,11,12,13,14,15]")]
    [InlineData("?posts_limit=2", 2, "[14,15]")]
    [InlineData("?posts_limit=50", 13, "[3,4,5,6,7,8,9,10,11,12,13,14,15]")]
    [InlineData("?posts_limit=51", 13, "[3,4,5,6,7,8,9,10,11,12,13,14,15]")]
    public async Task Gives_each_user_the_newest_posts_in_the_order_of_their_ids(string query, int count, string ids)
    {
        await ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) select 2, 'T', '' from generate_series(1, 13);
            """
        );

        using var page = System.Text.Json.JsonDocument.Parse((await Api.GetAsync("/users" + query)).Body);
        var posts = page.RootElement.GetProperty("items")[1].GetProperty("posts");

        Assert.Equal(count, posts.GetArrayLength());
        Assert.Equal(
            ids,
            $"[{string.Join(',', posts.EnumerateArray().Select(post => post.GetProperty("id").GetInt64()))}]"
        );
    }

    [Theory]
    [InlineData("include=none", """{"name":"Bea","id":1}""")]
    [InlineData("include=profile", """{"name":"Bea","id":1,"profile":{"bio":"stands by","id":1}}""")]
    [InlineData(
        "include=posts",
        """{"name":"Bea","id":1,"posts":[{"title":"First","content":"one","id":1,"author_id":1},{"title":"Second","content":"two","id":2,"author_id":1}]}"""
    )]
    [InlineData(
        "include=posts.tags&posts_limit=1",
        """{"name":"Bea","id":1,"posts":[{"title":"Second","content":"two","id":2,"author_id":1,"tags":[{"name":"shared","id":1}]}]}"""
    )]
    [InlineData("include=posts.tags,profile", Bea)]
    [InlineData("include=profile,posts,posts.tags,posts", Bea)]
    [InlineData("fields=id,name", """{"name":"Bea","id":1}""")]
    [InlineData("fields=post_count,id", """{"id":1,"post_count":2}""")]
    [InlineData("fields=profile", """{"profile":{"bio":"stands by","id":1}}""")]
    [InlineData(
        "fields=created_at,updated_at",
        """{"created_at":"2026-01-02T03:04:05.678901Z","updated_at":"2026-01-02T03:04:06Z"}"""
    )]
    [InlineData("fields=name,id,profile,posts", Bea)]
    public async Task Shows_what_is_asked_for_and_leaves_out_the_rest(string query, string bea)
    {
        await ExecuteAsync(
            "update blog.users set created_at = '2026-01-02 03:04:05.678901Z', updated_at = '2026-01-02 03:04:06Z'"
        );

        Assert.Equal($$"""200 {"items":[{{bea}}],"limit":20}""", (await Api.GetAsync($"/users?{query}")).Outcome);
    }

    [Theory]
    [InlineData(
        "include=tags",
        "include",
        "There is no \\\"tags\\\" to include. These are: profile, posts, posts.tags; or none alone."
    )]
    [InlineData(
        "include=",
        "include",
        "There is no \\\"\\\" to include. These are: profile, posts, posts.tags; or none alone."
    )]
    [InlineData(
        "include=none,profile",
        "include",
        "There is no \\\"none\\\" to include. These are: profile, posts, posts.tags; or none alone."
    )]
    [InlineData(
        "fields=version",
        "fields",
        "There is no \\\"version\\\". These are: name, id, profile, posts, created_at, updated_at, post_count."
    )]
    [InlineData("include=posts&fields=id,profile", "fields", "\\\"profile\\\" is left out by include.")]
    public async Task Refuses_to_show_what_there_is_not(string query, string parameter, string detail) =>
        Assert.Equal(
            Invalid400("/users", $$"""{"parameter":"{{parameter}}","code":"invalid_format","detail":"{{detail}}"}"""),
            (await Api.GetAsync($"/users?{query}")).Outcome
        );

    [Fact]
    public async Task Reads_no_post_where_none_is_shown() =>
        Assert.Equal("stmts=1, trips=1, rows=1, budget=ok", (await Api.GetAsync("/users?include=none"))["Blog-SQL"]);

    [Theory]
    [InlineData("", "count=exact", "2", "exact")]
    [InlineData("name=Ann", "count=exact", "1", "exact")]
    [InlineData("name_prefix=B", "count=exact", "1", "exact")]
    [InlineData("name_prefix=N", "count=exact", "0", "exact")]
    public async Task Counts_where_that_is_preferred(string query, string prefer, string total, string totalIs)
    {
        await StoreAnnAsync();

        var answer = await Api.GetAsync(
            $"/users?{query}&include=none&limit=1".Replace("?&", "?", StringComparison.Ordinal),
            ("Prefer", prefer)
        );

        Assert.EndsWith($"\"total\":{total},\"total_is\":\"{totalIs}\"}}", answer.Body, StringComparison.Ordinal);
        Assert.Equal(prefer, answer["Preference-Applied"]);
        Assert.StartsWith("stmts=2, trips=1, ", answer["Blog-SQL"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Counts_to_ten_thousand_and_then_says_at_least()
    {
        await ExecuteAsync("insert into blog.users (name) select 'Many' from generate_series(1, 10000)");

        var many = await Api.GetAsync("/users?name=Many&limit=1&include=none", ("Prefer", "count=exact"));
        var all = await Api.GetAsync("/users?limit=1&include=none", ("Prefer", "count=exact"));

        Assert.EndsWith("\"total\":10000,\"total_is\":\"exact\"}", many.Body, StringComparison.Ordinal);
        Assert.EndsWith("\"total\":10000,\"total_is\":\"at_least\"}", all.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Says_what_the_planner_reckons_with_without_reading_the_rows()
    {
        await ExecuteAsync(
            "insert into blog.users (name) select 'Many' from generate_series(1, 20000); analyze blog.users"
        );

        var answer = await Api.GetAsync("/users?limit=1&include=none", ("Prefer", "count=planned"));

        Assert.EndsWith("\"total\":20001,\"total_is\":\"planned\"}", answer.Body, StringComparison.Ordinal);
        Assert.Equal("count=planned", answer["Preference-Applied"]);
        Assert.Equal("stmts=2, trips=1, rows=3, budget=ok", answer["Blog-SQL"]);
    }

    [Fact]
    public async Task Counts_nothing_where_none_is_preferred()
    {
        var answer = await Api.GetAsync("/users?include=none", ("Prefer", "count=none"));

        Assert.Equal("""200 {"items":[{"name":"Bea","id":1}],"limit":20}""", answer.Outcome);
        Assert.Equal("count=none", answer["Preference-Applied"]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    public async Task Asks_the_same_of_the_database_however_many_there_are(int count)
    {
        await ExecuteAsync(
            $"""
            insert into blog.users (name) select 'Ann' from generate_series(1, {count});
            insert into blog.post (author_id, title, content) select u.id, 'T', '' from blog.users u, generate_series(1, 12) where u.id > 1;
            insert into blog.post_tag select p.id, t.id from blog.post p, blog.tag t where p.id > 2;
            """
        );

        // From here on the names of all tags are known.
        await Api.GetAsync("/users/1");

        var answer = await Api.GetAsync("/users?name=Ann&limit=100", ("Prefer", "count=exact"));

        Assert.Equal($"stmts=2, trips=1, rows={10 * count + 1}, budget=ok", answer["Blog-SQL"]);
    }

    Task StoreAnnAsync() =>
        ExecuteAsync(
            """
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) values (2, 'T3', ''), (2, 'T4', '');
            insert into blog.post_tag values (4, 1);
            """
        );
}
