using System.Text.Json;
using System.Text.RegularExpressions;
using Blog.Data.Catalogue;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Catalogue;

/// <summary>
/// What the lists cost at 100,000 posts, 5,000 users and 200 tags, for common, rare and absent values, from the top and from the middle, whichever
/// plan the server takes. Buffers are counted, not milliseconds.
/// </summary>
public sealed partial class ScalePlanTests(ScalePlanTests.Filled filled) : IClassFixture<ScalePlanTests.Filled>
{
    const string Top = "9223372036854775807";
    const string Middle = "50000";

    [Theory]
    [InlineData("posts/list_posts", "", 500)]
    [InlineData("posts/list_posts_by_author", "authorId=1", 500)]
    [InlineData("posts/list_posts_by_author", "authorId=4000", 500)]
    [InlineData("posts/list_posts_by_author", "authorId=99999999", 10)]
    [InlineData("posts/list_posts_by_tags", "tagNames=array['common']", 1600)]
    [InlineData("posts/list_posts_by_tags", "tagNames=array['rare']", 600)]
    [InlineData("posts/list_posts_by_tags", "tagNames=array['nobody']", 100)]
    [InlineData("posts/list_posts_by_tags", "tagNames=array['common','often']", 4000)]
    [InlineData("posts/list_posts_by_tags", "tagNames=array['common','rare']", 2000)]
    [InlineData("posts/list_posts_by_tags", "tagNames=array['common','nobody']", 1500)]
    [InlineData("posts/list_posts_by_any_tag", "tagNames=array['common','rare','nobody','often']", 1500)]
    [InlineData("posts/list_posts_by_any_tag", "tagNames=array['nobody']", 100)]
    [InlineData("posts/list_posts_by_author_and_tags", "authorId=1,tagNames=array['common']", 6000)]
    [InlineData("posts/list_posts_by_author_and_tags", "authorId=1,tagNames=array['rare']", 6000)]
    [InlineData("posts/list_posts_by_author_and_tags", "authorId=4000,tagNames=array['common']", 3000)]
    [InlineData("posts/list_posts_by_author_and_any_tag", "authorId=1,tagNames=array['common','rare']", 9000)]
    [InlineData("posts/list_posts_by_author_and_any_tag", "authorId=4000,tagNames=array['nobody','common']", 3000)]
    // No post has both: whatever is rarer is gone through, and not the other.
    [InlineData("posts/list_posts_by_tags", "tagNames=array['common','odd']", 50000)]
    [InlineData("posts/list_posts_by_author_and_tags", "authorId=2,tagNames=array['common']", 15000)]
    [InlineData("posts/list_posts_by_author_and_any_tag", "authorId=2,tagNames=array['common','rare']", 15000)]
    [InlineData("posts/count_posts_by_author_and_any_tag", "authorId=2,tagNames=array['common','rare']", 15000)]
    [InlineData("posts/search_posts", "words='every'", 4000)]
    [InlineData("posts/search_posts", "words='tenth'", 4000)]
    [InlineData("posts/search_posts", "words='needle'", 1000)]
    [InlineData("posts/search_posts", "words='absent'", 1000)]
    [InlineData("posts/count_found_posts", "words='every'", 4000)]
    [InlineData("posts/count_found_posts", "words='absent'", 1000)]
    [InlineData("posts/search_posts", "words='\"every word\"'", 4000)]
    [InlineData("posts/search_posts", "words='\u6771\u4eac\u90fd'", 4000)]
    [InlineData("posts/search_posts_by_author", "authorId=1,words='every'", 2500)]
    [InlineData("posts/search_posts_by_author", "authorId=4000,words='absent'", 500)]
    [InlineData("users/list_users", "", 4500)]
    [InlineData("users/list_users_by_name", "name='user 77'", 300)]
    [InlineData("users/list_users_by_name_prefix", "prefix='user 7'", 4500)]
    [InlineData("users/list_users_by_name_prefix", "prefix='user'", 4500)]
    [InlineData("users/list_users_by_name_prefix", "prefix='x'", 300)]
    [InlineData("tags/list_tags", "", 100)]
    [InlineData("tags/list_tags_by_name", "name='tag7'", 100)]
    [InlineData("tags/list_tags_by_name_prefix", "prefix='tag7'", 100)]
    public async Task A_page_costs_little_whichever_plan_and_wherever_it_begins(
        string id,
        string arguments,
        int buffers
    )
    {
        await using var connection = await filled.Database.OpenAsync("blog_app");
        foreach (var start in (string[])[Top, Middle])
        {
            foreach (var mode in (string[])["force_generic_plan", "force_custom_plan"])
            {
                var plan = await ExplainAsync(connection, QueryCatalogue.Find(id), arguments, start, mode);

                Assert.True(
                    BuffersOf(plan) <= buffers,
                    $"{id} {arguments} before {start}, {mode}: {BuffersOf(plan)} buffers\n{plan.RootElement}"
                );
                Assert.DoesNotContain("Seq Scan", NodesOf(plan).Where(node => IsLarge(node)).Select(Type));
            }
        }
    }

    /// <summary>The trap: asked for the newest matches, the planner walks the primary key and makes the words of each post anew.</summary>
    [Theory]
    [InlineData("posts/search_posts", "words='every'")]
    [InlineData("posts/search_posts", "words='needle'")]
    [InlineData("posts/search_posts", "words='absent'")]
    [InlineData("posts/search_posts_by_author", "authorId=1,words='needle'")]
    [InlineData("posts/count_found_posts", "words='needle'")]
    [InlineData("posts/count_found_posts", "words='absent'")]
    public async Task A_search_asks_the_index_over_the_words(string id, string arguments)
    {
        await using var connection = await filled.Database.OpenAsync("blog_app");
        foreach (var mode in (string[])["force_generic_plan", "force_custom_plan"])
        {
            var plan = await ExplainAsync(connection, QueryCatalogue.Find(id), arguments, Top, mode);

            Assert.Contains(
                "post_words_idx",
                NodesOf(plan)
                    .Where(node => Type(node) == "Bitmap Index Scan")
                    .Select(node => node.GetProperty("Index Name").GetString())
            );
        }
    }

    static async Task<JsonDocument> ExplainAsync(
        NpgsqlConnection connection,
        Query query,
        string arguments,
        string start,
        string mode
    )
    {
        var values = Argument()
            .Matches(arguments)
            .ToDictionary(
                match => match.Groups["name"].Value,
                match => match.Groups["value"].Value,
                StringComparer.Ordinal
            );
        values["before"] = start;
        values["after"] = query.Id.StartsWith("tags/", StringComparison.Ordinal)
            ? start == Top
                ? "''"
                : "'tag5'"
            : start == Top
                ? "'-9223372036854775808'"
                : "'2500'";
        values["limit"] = "21";
        values["postLimit"] = "10";
        values["withTags"] = values["withAuthor"] = "true";
        values["withPostCount"] = "false";

        var (text, used) = query.Numbered(1);
        await RunAsync(connection, $"set plan_cache_mode = {mode}");
        await RunAsync(
            connection,
            $"prepare contract({string.Join(", ", used.Select(parameter => parameter.Type))}) as {text}"
        );
        await using var explain = new NpgsqlCommand(
            $"explain (analyze, buffers, format json) execute contract({string.Join(", ", used.Select(parameter => values[parameter.Name]))})",
            connection
        );
        var plan = (string)(await explain.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await RunAsync(connection, "deallocate contract");
        return JsonDocument.Parse(plan);
    }

    static long BuffersOf(JsonDocument plan)
    {
        var root = plan.RootElement[0].GetProperty("Plan");
        return root.GetProperty("Shared Hit Blocks").GetInt64() + root.GetProperty("Shared Read Blocks").GetInt64();
    }

    static IEnumerable<JsonElement> NodesOf(JsonDocument plan) => Nodes(plan.RootElement[0].GetProperty("Plan"));

    static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var below) ? below.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    static string? Type(JsonElement node) => node.GetProperty("Node Type").GetString();

    static bool IsLarge(JsonElement node) =>
        node.TryGetProperty("Relation Name", out var name) && name.GetString() is "post" or "post_tag";

    static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    [GeneratedRegex(
        @"(?<name>[a-zA-Z]+)=(?<value>array\[[^\]]*\]|'[^']*'|[0-9]+)",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Argument();

    /// <summary>100,000 posts; every tenth by user 1, every fiftieth by user 2, the others spread. The index over the words is built once they are there.</summary>
    public sealed class Filled(PostgresServer server) : IAsyncLifetime
    {
        internal TestDatabase Database { get; } = new(server);

        public async ValueTask InitializeAsync()
        {
            await Database.InitializeAsync();
            await Database.ExecuteAsync("drop index blog.post_words_idx");
            await Database.ExecuteAsync(
                """
                insert into blog.users (name) select 'user ' || n from generate_series(1, 5000) n;
                insert into blog.post (author_id, title, content)
                select
                  case when n % 10 = 0 then 1 when n % 50 = 1 then 2 else 3 + n % 4998 end, 'T' || n,
                  'every ' || case when n % 2 = 0 then 'word ' else '' end || case when n % 10 = 0 then 'tenth ' else '' end
                    || case when n % 25000 = 0 then 'needle ' else '' end || case when n % 300 = 0 then '東京都の天気' else '' end
                from generate_series(1, 100000) n;
                insert into blog.tag (name) select 'tag' || n from generate_series(1, 200) n;
                insert into blog.tag (name) values ('common'), ('often'), ('rare'), ('odd');
                insert into blog.post_tag select n, 1 + n % 200 from generate_series(1, 100000) n;
                insert into blog.post_tag select n, 201 from generate_series(1, 100000) n where n % 5 = 0;
                insert into blog.post_tag select n, 202 from generate_series(1, 100000) n where n % 7 = 0;
                insert into blog.post_tag select n, 204 from generate_series(1, 100000) n where n % 10 = 3;
                insert into blog.post_tag values (10, 203), (60000, 203), (99999, 203);
                create index post_words_idx on blog.post
                using gin (blog.post_words(id, author_id, title, content)) with (fastupdate = off);
                """
            );
            await Database.ExecuteAsync("vacuum analyze");
            // As between writes and the next vacuum, when an index alone does not seem to be enough: the worse case for the planner.
            await Database.ExecuteAsync("update pg_class set relallvisible = 0");
        }

        public ValueTask DisposeAsync() => Database.DisposeAsync();
    }
}
