using Blog.LocalPostgres;

namespace Blog.Cli.Tests.Sql;

/// <summary>Plan contracts on the command line, on a private server of the test's own.</summary>
public sealed class ContractsTests : IAsyncLifetime
{
    readonly BlogProcess blog = new();
    LocalServer server = null!;

    static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var folder = blog.PathOf("data");
        blog.Environment["BLOG_DATA_DIR"] = folder;
        server = await LocalServer.StartAsync(new() { DataDirectory = folder, Durable = false }, Token);
    }

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        blog.Dispose();
    }

    [Fact]
    public async Task Fills_a_database_once_and_says_what_holds_and_what_was_slowest()
    {
        var first = await blog.RunAsync("sql", "contracts", "users/get_user", "tags/get_tag");
        var second = await blog.RunAsync("sql", "contracts", "users/get_user", "--json");
        var third = await blog.RunAsync("sql", "contracts", "tags/get_tag");

        Assert.Equal(0, first.ExitCode);
        Assert.Contains("Filling blog_contracts_small with 1,000 posts.", first.Error, StringComparison.Ordinal);
        Assert.Matches(
            "(?m)^holds +tags/get_tag +4 cases +[0-9.]+ ms +buffers +[0-9,]+ of +[0-9,]+, +[0-9]+ %$",
            first.Output
        );
        Assert.Matches("(?m)^slowest: (users/get_user|tags/get_tag) [1-4], .+ ms, [0-9,]+ buffers$", first.Output);
        Assert.EndsWith("2 contracts, 10 cases at 1,000 posts: all hold\n", first.Output, StringComparison.Ordinal);
        Assert.Equal((0, ""), (second.ExitCode, second.Error));
        Assert.Equal("small", second.Json.GetProperty("scale").GetString());
        Assert.Equal("[]", second.Json.GetProperty("broken").GetRawText());
        Assert.True(second.Json.GetProperty("contracts")[0].GetProperty("holds").GetBoolean());
        Assert.Equal(0, third.ExitCode);
        Assert.DoesNotContain("Filling", third.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_what_is_broken_and_fills_afresh_where_the_fill_has_changed()
    {
        await blog.RunAsync("sql", "contracts", "tags/get_tag");
        var filled = new LocalDatabase(server, "blog_contracts_small");
        await filled.SendAsync(["drop index blog.post_author_id_id_idx"], _ => { }, Token);

        var broken = await blog.RunAsync("sql", "contracts", "posts/count_posts_by_author");
        var json = await blog.RunAsync("sql", "contracts", "posts/count_posts_by_author", "--json");
        await filled.MarkAsync("another", Token);
        var afresh = await blog.RunAsync("sql", "contracts", "posts/count_posts_by_author");

        Assert.Equal(1, broken.ExitCode);
        Assert.Matches("(?m)^BROKEN  posts/count_posts_by_author ", broken.Output);
        Assert.Contains(
            "broken: posts/count_posts_by_author 1, a user of many posts, generic plan: reads all of post; Seq Scan on post (Filter: (author_id = $1))\n",
            broken.Output,
            StringComparison.Ordinal
        );
        var whole = json
            .Json.GetProperty("broken")
            .EnumerateArray()
            .First(one => one.GetProperty("property").GetString() == "whole");
        Assert.Equal("generic", whole.GetProperty("mode").GetString());
        Assert.Equal("a user of many posts", whole.GetProperty("case").GetString());
        Assert.Equal((1, 0), (json.ExitCode, afresh.ExitCode));
        Assert.Contains("Filling", afresh.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Approves_the_bounds_of_one_scale_and_leaves_all_else_as_it_stands()
    {
        Directory.CreateDirectory(blog.PathOf("plans/users"));
        var file = await blog.WriteAsync(
            "plans/users/find_user.plan",
            """
            -- users/find_user: what its plans may cost. Cases by hand, bounds by: blog sql contracts --approve
            -- A remark.
            -- at most, with this many posts:                 1,000      100,000    2,000,000

            except  1 growth: said by hand,
                    in two lines.

            case    a user
            with    userId=<users/2>
            1       buffers                                       1          111          222

            """
        );

        var approved = await blog.RunAsync("sql", "contracts", "--approve", "--into", "plans", "users/find_user");
        var again = await blog.RunAsync("sql", "contracts", "--approve", "--into", "plans", "users/find_user");

        Assert.Equal(0, approved.ExitCode);
        Assert.Contains("1 plan file changed: users/find_user", approved.Error, StringComparison.Ordinal);
        Assert.Equal(
            """
            -- users/find_user: what its plans may cost. Cases by hand, bounds by: blog sql contracts --approve
            -- A remark.
            -- at most, with this many posts:                 1,000      100,000    2,000,000

            except  1 growth: said by hand,
                    in two lines.

            case    a user
            with    userId=<users/2>
            1       buffers                                      10          111          222

            """,
            await blog.ReadAsync(file)
        );
        Assert.Contains("No plan file changed.", again.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_what_it_cannot_write_or_does_not_know()
    {
        var nowhere = await blog.RunAsync("sql", "contracts", "--approve");
        var missing = await blog.RunAsync("sql", "contracts", "--approve", "--into", ".", "tags/get_tag");
        var mistyped = await blog.RunAsync("sql", "contracts", "tag/get_tag");
        var scale = await blog.RunAsync("sql", "contracts", "--scale", "huge");

        Assert.Equal((2, 2, 2, 2), (nowhere.ExitCode, missing.ExitCode, mistyped.ExitCode, scale.ExitCode));
        Assert.Contains("There is no checkout around this folder", nowhere.Error, StringComparison.Ordinal);
        Assert.Contains("tags/get_tag.plan", missing.Error, StringComparison.Ordinal);
        Assert.Contains("Did you mean tags/get_tag?", mistyped.Error, StringComparison.Ordinal);
        Assert.Contains("large", scale.Error, StringComparison.Ordinal);
    }
}
