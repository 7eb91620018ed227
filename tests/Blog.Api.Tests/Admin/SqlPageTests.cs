using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;
using Blog.Testing;

namespace Blog.Api.Tests.Admin;

/// <summary>The catalogue, a file of it and the audit, as pages for a browser beside the JSON for programs.</summary>
public sealed partial class SqlPageTests(CountedService counted, PostgresServer server) : IClassFixture<CountedService>
{
    ServiceProcess Service => counted.Process;

    [Theory]
    [InlineData("/sql")]
    [InlineData("/sql/users/get_user")]
    [InlineData("/sql/users/get_user/plan")]
    [InlineData("/sql/audit")]
    public async Task A_browser_gets_a_page_and_everybody_else_JSON(string path)
    {
        var page = await Service.OpenAsync(path);
        var plain = await Service.GetAdminAsync(path);
        var any = await Service.GetAdminAsync(path, ("Accept", "*/*"));
        var json = await Service.GetAdminAsync(path, ("Accept", "application/json, text/html;q=0.9"));
        var neither = await Service.GetAdminAsync(path, ("Accept", "image/png"));

        Assert.Equal((200, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.StartsWith("<!doctype html>", page.Body, StringComparison.Ordinal);
        Assert.All([plain, any, json], answer => Assert.Equal("application/json", answer["Content-Type"]));
        Assert.Equal(406, neither.Status);
        Assert.All([page, plain], answer => Assert.Equal("Accept, Prefer", answer["Vary"]));
    }

    [Fact]
    public async Task A_page_may_load_its_style_from_here_and_nothing_else()
    {
        var page = await Service.OpenAsync("/sql");
        var style = await Service.GetAdminAsync("/sql/style.css", ("Accept", "text/css,*/*;q=0.1"));

        Assert.Equal(
            "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            page["Content-Security-Policy"]
        );
        Assert.Contains("<link rel=\"stylesheet\" href=\"/sql/style.css\">", page.Body, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|<style| style=|https?://| on[a-z]+=", page.Body);
        Assert.Equal((200, "text/css; charset=utf-8"), (style.Status, style["Content-Type"]));
        Assert.DoesNotMatch("url\\(|@import|https?://", style.Body);
    }

    [Fact]
    public async Task HEAD_says_what_GET_sends()
    {
        var get = await Service.OpenAsync("/sql/users/get_user/plan");
        var head = await Service.SendAdminAsync("HEAD", "/sql/users/get_user/plan", ("Accept", "text/html"));

        Assert.Equal((200, "", "text/html; charset=utf-8"), (head.Status, head.Body, head["Content-Type"]));
        Assert.Equal($"{System.Text.Encoding.UTF8.GetByteCount(get.Body)}", head["Content-Length"]);
    }

    [Fact]
    public async Task The_catalogue_stands_by_its_routes_and_commands()
    {
        var text = Words(await Service.OpenAsync("/sql"));

        Assert.Matches(
            "GET /users/{id} at most 3 statements in 2 round trips users/get_user one user with profile, posts and the ids of their tags, all of one snapshot. "
                + "statements 2, rows 1 \\+ postLimit · no seq scan; both modes 3 [0-9.]+ ms [0-9.]+ ms [0-9]+ [0-9.]+ % [0-9.]+ % tags/get_tag_names",
            text
        );
        Assert.Contains(
            "DELETE /users/{id} at most 4 statements in 1 round trip users/delete_user",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("blog idempotency clear idempotency/clear_expired_keys", text, StringComparison.Ordinal);
        Assert.Matches("Not in the catalogue [0-9]+ audit", text);
        Assert.Matches("Counted since 20[0-9]{2}-[0-9]{2}-[0-9]{2} [0-9:]{5} UTC", text);
    }

    [Theory]
    [InlineData("calls", "users/get_user", "tags/get_tag")]
    [InlineData("rows", "users/get_user", "tags/get_tag")]
    [InlineData("total", "users/get_user", "users/delete_user")]
    [InlineData("mean", "tags/get_tag", "users/delete_user")]
    [InlineData("name", "tags/get_tag", "users/get_user")]
    public async Task The_catalogue_stands_in_one_order(string sort, string first, string second)
    {
        var page = await Service.OpenAsync($"/sql?sort={sort}");

        var files = FilesOf(page);
        Assert.Equal(QueryCatalogue.All.Count, files.Count);
        Assert.True(files.IndexOf(first) < files.IndexOf(second), string.Join('\n', files));
        Assert.Contains($"""<a href="/sql?sort={sort}" aria-current="true" >""", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_says_who_sends_it_what_it_promises_and_what_it_asks()
    {
        var page = await Service.OpenAsync("/sql/users/get_user");

        var text = Words(page);
        Assert.Contains("Sent by GET /users/{id} PUT /users/{id} PATCH /users/{id}", text, StringComparison.Ordinal);
        Assert.Contains(
            "Takes userId bigint, postLimit int (0 reads no post), withTags boolean",
            text,
            StringComparison.Ordinal
        );
        Assert.Contains("sql/queries/users/get_user.sql", text, StringComparison.Ordinal);
        Assert.Matches("Statement 1 queryid -?[0-9]+ · 3 calls · [0-9.]+ ms each · 3 rows · ", text);
        Assert.Matches("Statement 2 queryid -?[0-9]+ · 3 calls · [0-9.]+ ms each · 6 rows · ", text);
        Assert.Contains("href=\"/sql/users/get_user/plan\"", page.Body, StringComparison.Ordinal);
        Assert.Contains(
            "<span class=\"c\">/* users/get_user 2 */</span>\n<span class=\"k\">select</span>\n  p.id, p.title, p.content,\n",
            page.Body,
            StringComparison.Ordinal
        );
        Assert.Contains("<span class=\"p\">:userId</span>", page.Body, StringComparison.Ordinal);
        Assert.Contains("sql/plans/users/get_user.plan", text, StringComparison.Ordinal);
        Assert.Contains("a user of many posts, ten of them", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task There_is_no_page_of_what_is_not_in_the_catalogue()
    {
        var page = await Service.OpenAsync("/sql/users/get_usr");
        var plan = await Service.OpenAsync("/sql/users/%3Cscript%3E/plan");
        var json = await Service.GetAdminAsync("/sql/users/get_usr");

        Assert.Equal((404, "text/html; charset=utf-8"), (page.Status, page["Content-Type"]));
        Assert.Contains("Did you mean <a href=\"/sql/users/get_user\">", page.Body, StringComparison.Ordinal);
        Assert.Equal(404, plan.Status);
        Assert.Contains("sql/queries/users/&lt;script&gt;.sql", plan.Body, StringComparison.Ordinal);
        Assert.Equal((404, "application/problem+json"), (json.Status, json["Content-Type"]));
    }

    [Fact]
    public async Task The_audit_shows_what_a_stranger_sent_as_text()
    {
        await using var own = await TestDatabase.CreateMigratedAsync(server);
        await own.ExecuteAsync("create extension pg_stat_statements");
        await own.ExecuteAsync("""select count(*) as "<script>alert(1)</script>" from blog.users""", "blog_app");
        await using var service = await ServiceProcess.StartAsync(own.AppConnectionString);

        var audit = await service.OpenAsync("/sql/audit");
        var catalogue = await service.OpenAsync("/sql");

        Assert.Contains("1 statement is not in the catalogue.", audit.Body, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;alert(1)&lt;/script&gt;", audit.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", audit.Body, StringComparison.Ordinal);
        Assert.Contains("1 calls", Words(audit), StringComparison.Ordinal);
        Assert.Contains("users/delete_user 1", Words(audit), StringComparison.Ordinal);
        Assert.Contains("Not in the catalogue 1 audit", Words(catalogue), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_audit_says_when_nobody_else_has_spoken()
    {
        var text = Words(await Service.OpenAsync("/sql/audit"));

        Assert.Contains("Nothing but the catalogue and the driver has spoken.", text, StringComparison.Ordinal);
        Assert.Contains("Everything that the role blog_app has sent", text, StringComparison.Ordinal);
        Assert.Matches("begin [0-9]+", text);
    }

    [Fact]
    public async Task Without_figures_the_catalogue_is_there_and_says_what_to_do()
    {
        await using var bare = await TestDatabase.CreateMigratedAsync(server);
        await using var service = await ServiceProcess.StartAsync(bare.AppConnectionString);

        foreach (var path in (string[])["/sql", "/sql?sort=total", "/sql/users/get_user", "/sql/audit"])
        {
            var page = await service.OpenAsync(path);
            Assert.Equal((path, 200), (path, page.Status));
            Assert.Contains(
                "There are no figures. pg_stat_statements is not installed in this database: create extension pg_stat_statements.",
                Words(page),
                StringComparison.Ordinal
            );
        }

        Assert.Contains("GET /users/{id}", Words(await service.OpenAsync("/sql")), StringComparison.Ordinal);
        var plan = await service.OpenAsync("/sql/operate/get_statistics/plan");
        Assert.Equal(503, plan.Status);
        Assert.Contains("There is no plan. pg_stat_statements is not installed", Words(plan), StringComparison.Ordinal);
        Assert.Contains(
            "\"code\":\"not_ready\"",
            (await service.GetAdminAsync("/sql/operate/get_statistics/plan")).Body,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task JSON_has_its_members_in_their_order()
    {
        var list = JsonDocument.Parse((await Service.GetAdminAsync("/sql")).Body).RootElement;
        var item = list.GetProperty("items")
            .EnumerateArray()
            .First(one => one.GetProperty("id").GetString() == "users/get_user");
        var unused = list.GetProperty("items")
            .EnumerateArray()
            .First(one => one.GetProperty("id").GetString() == "users/delete_user");

        Assert.Equal("items", Assert.Single(list.EnumerateObject()).Name);
        Assert.Equal(
            [
                "id",
                "used_by",
                "purpose",
                "budget",
                "plan",
                "statements",
                "calls",
                "mean_ms",
                "total_ms",
                "rows",
                "share",
                "hit_ratio",
            ],
            item.EnumerateObject().Select(member => member.Name)
        );
        Assert.Equal(3, item.GetProperty("calls").GetInt64());
        Assert.InRange(item.GetProperty("share").GetDouble(), 0.0001, 0.9999);
        Assert.Equal(
            ("0", "null", "0", "0", "null"),
            (
                unused.GetProperty("calls").GetRawText(),
                unused.GetProperty("mean_ms").GetRawText(),
                unused.GetProperty("total_ms").GetRawText(),
                unused.GetProperty("share").GetRawText(),
                unused.GetProperty("hit_ratio").GetRawText()
            )
        );
    }

    /// <summary>The files of the table, in their order.</summary>
    static List<string> FilesOf(Answer page) => [.. Row().Matches(page.Body).Select(match => match.Groups["id"].Value)];

    /// <summary>What a reader sees, white space drawn together.</summary>
    internal static string Words(Answer page) =>
        Spaces()
            .Replace(System.Net.WebUtility.HtmlDecode(Tag().Replace(page.Body, " ")), " ")
            .Replace(" .", ".", StringComparison.Ordinal);

    [GeneratedRegex("""scope="row"><a href="/sql/(?<id>[a-z_]+/[a-z_]+)">""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Row();

    [GeneratedRegex("<[^>]*>", RegexOptions.None, 1000)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Spaces();
}
