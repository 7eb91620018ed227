using System.Buffers.Text;
using System.Text.Json;

namespace Blog.Api.Tests.Lists;

public sealed class CursorTests(BlogApi api) : ListTest(api)
{
    [Fact]
    public async Task Leads_on_with_another_limit()
    {
        await StorePostsAsync(10);
        var next = NextOf(await Api.GetAsync("/posts?limit=3"));

        Assert.Equal((long[])[9, 8, 7, 6, 5], await IdsAsync($"/posts?limit=5&cursor={next}"));
    }

    [Fact]
    public async Task Survives_the_deletion_of_its_row()
    {
        await StorePostsAsync(10);
        var next = NextOf(await Api.GetAsync("/posts?limit=3"));
        await ExecuteAsync("delete from blog.post where id in (10, 9)");

        Assert.Equal((long[])[8, 7], await IdsAsync($"/posts?limit=2&cursor={next}"));
    }

    [Fact]
    public async Task Leads_to_no_row_that_came_after_the_walk_began()
    {
        await StorePostsAsync(4);
        var next = NextOf(await Api.GetAsync("/posts?limit=2"));
        await StorePostsAsync(4);

        Assert.Equal((long[])[4, 3], await IdsAsync($"/posts?limit=2&cursor={next}"));
    }

    [Theory]
    [InlineData("/posts?tag=shared")]
    [InlineData("/posts?author_id=1")]
    [InlineData("/posts?tag_any=shared")]
    [InlineData("/users")]
    [InlineData("/tags")]
    [InlineData("/users/1/posts")]
    public async Task Is_refused_with_other_filters_and_on_other_routes(string url)
    {
        var next = NextOf(await Api.GetAsync("/posts?limit=1"));

        Assert.Equal(
            Refused(url.Split('?')[0], "cursor_mismatch", "The cursor belongs to another list or to other filters"),
            (
                await Api.GetAsync($"{url}{(url.Contains('?', StringComparison.Ordinal) ? '&' : '?')}cursor={next}")
            ).Outcome
        );
    }

    [Fact]
    public async Task Is_refused_with_the_same_filters_of_other_values()
    {
        await StorePostsAsync(3);
        var next = NextOf(await Api.GetAsync("/posts?author_id=2&limit=1"));

        Assert.Equal(400, (await Api.GetAsync($"/posts?author_id=1&cursor={next}")).Status);
        Assert.Equal((long[])[4, 3], await IdsAsync($"/posts?author_id=2&cursor={next}"));
    }

    [Fact]
    public async Task Means_the_same_whatever_the_order_and_the_form_of_the_filters()
    {
        await StorePostsAsync(3);
        await ExecuteAsync("insert into blog.post_tag select id, t from blog.post, unnest(array[1, 2]) t where id > 2");
        var next = NextOf(await Api.GetAsync("/posts?tag=shared&tag=hers&limit=1"));

        Assert.Equal((long[])[4, 3, 1], await IdsAsync($"/posts?tag=hers&tag=%20shared%20&tag=hers&cursor={next}"));
    }

    [Fact]
    public async Task Goes_between_the_two_routes_to_the_posts_of_one_user()
    {
        await StorePostsAsync(3);
        var next = NextOf(await Api.GetAsync("/users/2/posts?limit=1"));

        Assert.Equal((long[])[4, 3], await IdsAsync($"/posts?author_id=2&cursor={next}"));
    }

    [Theory]
    [InlineData("/posts")]
    [InlineData("/tags")]
    [InlineData("/users")]
    public async Task Is_never_an_error_of_the_service_whichever_byte_is_changed(string list)
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");
        var bytes = Base64Url.DecodeFromChars(NextOf(await Api.GetAsync($"{list}?limit=1")));
        var codes = new List<string>();
        for (var at = 0; at < bytes.Length; at++)
        {
            for (var bit = 0; bit < 8; bit++)
            {
                bytes[at] ^= (byte)(1 << bit);
                var answer = await Api.GetAsync($"{list}?cursor={Base64Url.EncodeToString(bytes)}");
                bytes[at] ^= (byte)(1 << bit);
                codes.Add($"{Math.Min(at, 10)} {answer.Status} {CodeOf(answer)}");
            }
        }

        Assert.Equal(
            (string[])
                [
                    "0 400 invalid_cursor",
                    .. Enumerable.Range(1, 9).Select(at => $"{at} 400 cursor_mismatch"),
                    .. list == "/tags" ? ["10 200 ", "10 400 invalid_cursor"] : (string[])["10 200 "],
                ],
            codes.Distinct().OrderBy(code => code.Split(' ')[0].Length).ThenBy(code => code, StringComparer.Ordinal)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("x")]
    [InlineData("AA")]
    [InlineData("%00")]
    [InlineData("AQ%3D%3D")]
    [InlineData("not/base64url+")]
    [InlineData("AQEBAQEBAQEBAQ")]
    public async Task Is_refused_where_it_is_none(string cursor) =>
        Assert.Equal(
            Refused("/posts", "invalid_cursor", "The cursor is none that was given out here"),
            (await Api.GetAsync($"/posts?cursor={cursor}")).Outcome
        );

    [Fact]
    public async Task Is_refused_shortened_lengthened_padded_or_with_bits_behind_its_end()
    {
        var next = NextOf(await Api.GetAsync("/posts?limit=1"))!;
        foreach (var damaged in (string[])[next[..^1], next[..^4], next + "A", next + "=", next + "AAAA", $" {next}"])
        {
            Assert.Equal(
                "400 invalid_cursor",
                await Api.GetAsync($"/posts?cursor={Uri.EscapeDataString(damaged)}") is var answer
                    ? $"{answer.Status} {CodeOf(answer)}"
                    : ""
            );
        }
    }

    [Fact]
    public async Task Stands_in_a_link_that_keeps_every_parameter()
    {
        await StorePostsAsync(2);
        await ExecuteAsync(
            "insert into blog.tag (name) values ('a b&c=d/é'); insert into blog.post_tag values (3, 3), (4, 3)"
        );
        const string Url = "/posts?limit=01&tag=a+b%26c%3Dd%2F%C3%A9&include=none&fields=id";

        var answer = await Api.GetAsync(Url);

        Assert.Equal(
            $"</posts?limit=01&tag=a%20b%26c%3Dd%2F%C3%A9&include=none&fields=id&cursor={NextOf(answer)}>; rel=\"next\"",
            answer["Link"]
        );
        Assert.Equal((long[])[4, 3], await WalkAsync(Url));
    }

    Task StorePostsAsync(int count) =>
        ExecuteAsync(
            $"""
            insert into blog.users (name) values ('Ann');
            insert into blog.post (author_id, title, content) select 2, 'T' || n, '' from generate_series(1, {count}) n;
            """
        );

    static string CodeOf(Answer answer)
    {
        using var body = JsonDocument.Parse(answer.Body);
        return body.RootElement.TryGetProperty("code", out var code) ? code.GetString()! : "";
    }
}
