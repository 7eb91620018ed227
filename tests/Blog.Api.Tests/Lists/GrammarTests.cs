using System.Text.Json;

namespace Blog.Api.Tests.Lists;

public sealed class GrammarTests(BlogApi api) : ListTest(api)
{
    const string Digits = "\"code\":\"invalid_format\",\"detail\":\"Must be a whole number of 1 to 9 digits.\"";

    [Theory]
    [InlineData("", 20)]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=007", 7)]
    [InlineData("?limit=100", 100)]
    [InlineData("?limit=101", 100)]
    [InlineData("?limit=999999999", 100)]
    public async Task Shows_the_limit_that_it_keeps(string query, int limit)
    {
        foreach (var list in (string[])["/users", "/posts", "/tags", "/users/1/posts"])
        {
            using var page = JsonDocument.Parse((await Api.GetAsync(list + query)).Body);
            Assert.Equal(limit, page.RootElement.GetProperty("limit").GetInt32());
        }
    }

    [Theory]
    [InlineData("1234567890")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("%201")]
    [InlineData("ten")]
    [InlineData("1.0")]
    [InlineData("%D9%A1")]
    [InlineData("")]
    public async Task Refuses_a_limit_that_is_not_one_to_nine_digits(string limit)
    {
        foreach (var list in (string[])["/users", "/posts", "/tags", "/users/1/posts"])
        {
            Assert.Equal(
                Invalid400(list, $"{{\"parameter\":\"limit\",{Digits}}}"),
                (await Api.GetAsync($"{list}?limit={limit}")).Outcome
            );
        }
    }

    [Theory]
    [InlineData("/users?limit=0", "limit")]
    [InlineData("/posts?limit=000", "limit")]
    [InlineData("/users?posts_limit=0", "posts_limit")]
    public async Task Refuses_zero(string url, string parameter) =>
        Assert.Equal(
            Invalid400(
                url.Split('?')[0],
                $$"""{"parameter":"{{parameter}}","code":"out_of_range","detail":"Must be at least 1."}"""
            ),
            (await Api.GetAsync(url)).Outcome
        );

    [Theory]
    [InlineData("/users?limit=1&limit=1", "limit", 2)]
    [InlineData("/users?cursor=a&cursor=b&cursor=c", "cursor", 3)]
    [InlineData("/users?include=none&include=none", "include", 2)]
    [InlineData("/users?fields=id&fields=name", "fields", 2)]
    [InlineData("/users?name=a&name=b", "name", 2)]
    [InlineData("/users?name_prefix=a&name_prefix=b", "name_prefix", 2)]
    [InlineData("/posts?author_id=1&author_id=2", "author_id", 2)]
    [InlineData("/tags?name=a&name=b", "name", 2)]
    [InlineData("/users/1?include=none&include=none", "include", 2)]
    public async Task Refuses_a_parameter_that_stands_twice(string url, string parameter, int times) =>
        Assert.Equal(
            Invalid400(
                url.Split('?')[0],
                $$"""{"parameter":"{{parameter}}","code":"too_many","detail":"Must be given once; these are {{times}}.","limit":1}"""
            ),
            (await Api.GetAsync(url)).Outcome
        );

    [Theory]
    [InlineData("/users?name=", "name")]
    [InlineData("/users?name_prefix", "name_prefix")]
    [InlineData("/tags?name=%20", "name")]
    [InlineData("/tags?name_prefix=", "name_prefix")]
    [InlineData("/posts?tag=", "tag")]
    [InlineData("/posts?tag=a&tag=%09", "tag")]
    [InlineData("/posts?tag_any=", "tag_any")]
    public async Task Refuses_an_empty_filter(string url, string parameter) =>
        Assert.Equal(
            Invalid400(
                url.Split('?')[0],
                $$"""{"parameter":"{{parameter}}","code":"blank","detail":"Must not be empty."}"""
            ),
            (await Api.GetAsync(url)).Outcome
        );

    [Theory]
    [InlineData("/users?name=a%00b", "name")]
    [InlineData("/tags?name_prefix=%00", "name_prefix")]
    [InlineData("/posts?tag=%00", "tag")]
    public async Task Refuses_a_character_that_cannot_be_stored(string url, string parameter) =>
        Assert.Equal(
            Invalid400(
                url.Split('?')[0],
                $$"""{"parameter":"{{parameter}}","code":"invalid_character","detail":"U+0000 cannot be stored."}"""
            ),
            (await Api.GetAsync(url)).Outcome
        );

    [Theory]
    [InlineData("/users?name=%FF", "name")]
    [InlineData("/users?name=%ED%A0%80", "name")]
    [InlineData("/users?name=%C0%AF", "name")]
    [InlineData("/users?name=%F4%90%80%80", "name")]
    [InlineData("/users?name=%C3", "name")]
    [InlineData("/users?name=%C3a%A9", "name")]
    [InlineData("/users?name=%E2%82x", "name")]
    [InlineData("/users?name=%zz", "name")]
    [InlineData("/users?name=%+1", "name")]
    [InlineData("/users?name=%4", "name")]
    [InlineData("/users?name=100%", "name")]
    [InlineData("/users?name_prefix=B%FF&limit=0", "name_prefix")]
    [InlineData("/posts?q=%FFx", "q")]
    [InlineData("/posts?tag=a&tag=%E9", "tag")]
    [InlineData("/users/1/posts?cursor=%", "cursor")]
    [InlineData("/tags?n%61me=%FF", "name")]
    [InlineData("/tags?%zz=1&colour=blue", "%zz")]
    [InlineData("/users/1?fields=id%FF", "fields")]
    [InlineData("/posts/1?include=%E9", "include")]
    public async Task Refuses_what_is_not_percent_encoded_utf8(string url, string parameter)
    {
        await ExecuteAsync("insert into blog.users (name) values ('%FF'), ('%zz')");

        Assert.Equal(
            Invalid400(
                url.Split('?')[0],
                $$"""{"parameter":"{{parameter}}","code":"invalid_format","detail":"Must be UTF-8, percent-encoded."}"""
            ),
            (await GetRawAsync(url)).Outcome
        );
    }

    [Fact]
    public async Task Names_every_parameter_that_is_not_percent_encoded_utf8_and_nothing_else() =>
        Assert.Equal(
            Invalid400(
                "/users",
                """{"parameter":"name","code":"invalid_format","detail":"Must be UTF-8, percent-encoded."},{"parameter":"fields","code":"invalid_format","detail":"Must be UTF-8, percent-encoded."}"""
            ),
            (await GetRawAsync("/users?name=%FF&limit=x&fields=%&include=none")).Outcome
        );

    [Theory]
    [InlineData("%25FF", "%FF")]
    [InlineData("%e6%97%A5%c3%A9%F0%9F%98%80%7f", "\u65e5\u00e9\ud83d\ude00\u007f")]
    [InlineData("%EF%BF%BDa+b%2B", "\ufffda b+")]
    public async Task Decodes_what_is(string sent, string name)
    {
        await ExecuteAsync($"insert into blog.users (name) values ('{name}')");

        Assert.Equal((long[])[2], IdsOf(await GetRawAsync($"/users?n%61me={sent}")));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("%2B1")]
    [InlineData("-")]
    public async Task Refuses_an_author_that_is_no_integer(string id) =>
        Assert.Equal(
            Invalid400(
                "/posts",
                """{"parameter":"author_id","code":"invalid_format","detail":"An id is a whole number."}"""
            ),
            (await Api.GetAsync($"/posts?author_id={id}")).Outcome
        );

    [Theory]
    [InlineData("9")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("9223372036854775807")]
    [InlineData("9223372036854775808")]
    [InlineData("-99999999999999999999999")]
    public async Task Gives_an_empty_page_for_an_author_who_is_nobody(string id) =>
        Assert.Equal("""200 {"items":[],"limit":20}""", (await Api.GetAsync($"/posts?author_id={id}")).Outcome);

    [Theory]
    [InlineData("tag")]
    [InlineData("tag_any")]
    public async Task Takes_five_tags_and_refuses_six(string parameter)
    {
        var five = $"/posts?{parameter}=a&{parameter}=b&{parameter}=c&{parameter}=d&{parameter}=e";

        Assert.Equal("""200 {"items":[],"limit":20}""", (await Api.GetAsync(five)).Outcome);
        Assert.Equal(
            Invalid400(
                "/posts",
                $$"""{"parameter":"{{parameter}}","code":"too_many","detail":"At most 5 are accepted; these are 6.","limit":5}"""
            ),
            (await Api.GetAsync($"{five}&{parameter}=a")).Outcome
        );
    }

    [Theory]
    [InlineData("/posts?tags=shared", "tags", "tag", "author_id, tag, tag_any, q, limit, cursor, include, fields")]
    [InlineData("/posts?Tag=shared", "Tag", "tag", "author_id, tag, tag_any, q, limit, cursor, include, fields")]
    [InlineData("/posts?author=1", "author", "author_id", "author_id, tag, tag_any, q, limit, cursor, include, fields")]
    [InlineData("/posts?offset=20", "offset", "limit", "author_id, tag, tag_any, q, limit, cursor, include, fields")]
    [InlineData("/users/1/posts?author_id=1", "author_id", "cursor", "tag, tag_any, q, limit, cursor, include, fields")]
    [InlineData("/users?names=Ann", "names", "name", "name, name_prefix, limit, cursor, include, fields, posts_limit")]
    [InlineData(
        "/users?post_limit=1",
        "post_limit",
        "posts_limit",
        "name, name_prefix, limit, cursor, include, fields, posts_limit"
    )]
    [InlineData("/tags?include=none", "include", "name", "name, name_prefix, limit, cursor, fields")]
    [InlineData("/tags?=x", "", "name", "name, name_prefix, limit, cursor, fields")]
    public async Task Refuses_a_parameter_that_it_does_not_know_and_names_the_nearest(
        string url,
        string unknown,
        string nearest,
        string all
    ) =>
        Assert.Equal(
            Refused(
                url.Split('?')[0],
                "unknown_parameter",
                "A parameter of the query is not known here",
                $$"""{"parameter":"{{unknown}}","code":"unknown_member","detail":"Not a parameter here; the nearest is {{nearest}}. These are: {{all}}."}"""
            ),
            (await Api.GetAsync(url)).Outcome
        );

    [Theory]
    [InlineData("/posts?tag=a&tag_any=b", "tag+tag_any", Posts)]
    [InlineData("/posts?tag_any=b&author_id=1&tag=a", "author_id+tag+tag_any", Posts)]
    [InlineData("/posts?tag=a&q=b", "tag+q", Posts)]
    [InlineData("/users?name=a&name_prefix=b", "name+name_prefix", "none, name, name_prefix")]
    [InlineData("/tags?name=a&name_prefix=b", "name+name_prefix", "none, name, name_prefix")]
    [InlineData("/users/1/posts?tag=a&tag_any=b", "author_id+tag+tag_any", Posts)]
    public async Task Refuses_filters_that_do_not_go_together_and_names_those_that_do(
        string url,
        string combination,
        string supported
    ) =>
        Assert.Equal(
            Refused(
                url.Split('?')[0],
                "unsupported_filter_combination",
                $"There is no {combination} here. Supported are: {supported}."
            ),
            (await Api.GetAsync(url)).Outcome
        );

    [Fact]
    public async Task Names_an_unknown_parameter_as_it_was_sent_however_long_and_of_whatever_characters()
    {
        var name = new string('é', 100);

        Assert.Equal(
            Refused(
                "/tags",
                "unknown_parameter",
                "A parameter of the query is not known here",
                $$"""{"parameter":"{{name}}","code":"unknown_member","detail":"Not a parameter here; the nearest is name. These are: name, name_prefix, limit, cursor, fields."}"""
            ),
            (await Api.GetAsync($"/tags?{Uri.EscapeDataString(name)}=1")).Outcome
        );
    }

    [Fact]
    public async Task Names_what_cannot_be_included_as_it_was_sent_of_whatever_characters() =>
        Assert.Equal(
            Invalid400(
                "/posts",
                """{"parameter":"include","code":"invalid_format","detail":"There is no \"\u0000\n\" to include. These are: tags, author; or none alone."}"""
            ),
            (await Api.GetAsync("/posts?include=%00%0A")).Outcome
        );

    [Fact]
    public async Task Names_everything_that_is_wrong_at_once() =>
        Assert.Equal(
            Invalid400(
                "/users",
                $$"""{"parameter":"name","code":"blank","detail":"Must not be empty."},{"parameter":"limit",{{Digits}}},{"parameter":"fields","code":"invalid_format","detail":"There is no \"x\". These are: name, id, profile, posts, created_at, updated_at, post_count."}"""
            ),
            (await Api.GetAsync("/users?name=&limit=x&fields=x")).Outcome
        );

    [Fact]
    public async Task Asks_the_database_for_nothing_where_it_refuses()
    {
        foreach (
            var url in (string[])
                ["/users?limit=0", "/posts?tags=a", "/posts?tag=a&tag_any=b", "/posts?cursor=x", "/tags?fields=x"]
        )
        {
            Assert.Equal("stmts=0, trips=0, rows=0, budget=ok", (await Api.GetAsync(url))["Blog-SQL"]);
        }
    }

    [Fact]
    public async Task Takes_a_slash_at_the_end() =>
        Assert.Equal((await Api.GetAsync("/posts")).Outcome, (await Api.GetAsync("/posts/")).Outcome);

    /// <summary>As it stands: a client mends what is not encoded rightly.</summary>
    async Task<Answer> GetRawAsync(string url)
    {
        await using var connection = await RawConnection.OpenAsync(Api.Address);
        await connection.SendAsync($"GET {url} HTTP/1.1\r\nHost: blog\r\nX-Request-Id: test\r\n\r\n");
        return await connection.ReadAsync();
    }

    const string Posts = "none, author_id, tag, tag_any, author_id+tag, author_id+tag_any, q, author_id+q";
}
