using System.Text.Json;
using Blog.Data.Catalogue;
using Blog.Testing;
using Npgsql;

namespace Blog.Data.Tests.Catalogue;

/// <summary>
/// Every statement that promises it has an index condition for whatever it looks up: with sequential scans switched off, the
/// planner reads a table whole only where nothing else is possible. The one row of <c>tag_epoch</c> is left out: reading it
/// whole is the look-up.
/// </summary>
public sealed class PlanTests(TestDatabase database) : IClassFixture<TestDatabase>
{
    public static TheoryData<string> Queries =>
        [
            .. QueryCatalogue
                .All.Where(query => query.Header["plan"].Contains("no seq scan", StringComparison.Ordinal))
                .Select(query => query.Id),
        ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Every_statement_finds_its_rows_by_index_under_the_generic_plan(string id)
    {
        var query = QueryCatalogue.Find(id);
        await using var connection = await database.OpenAsync("blog_app");
        await ExecuteAsync(connection, "set plan_cache_mode = force_generic_plan");
        await ExecuteAsync(connection, "set enable_seqscan = off");
        // A connection that has created no user has no current value of a sequence to plan with.
        await ExecuteAsync(connection, "insert into blog.users (name) values ('planner')");

        for (var number = 1; number <= query.Statements.Count; number++)
        {
            Assert.Empty(ReadsOfWholeTables(await ExplainAsync(connection, query, number)));
        }
    }

    [Fact]
    public async Task A_look_up_without_an_index_is_found()
    {
        await using var connection = await database.OpenAsync("blog_app");
        await ExecuteAsync(connection, "set plan_cache_mode = force_generic_plan");
        await ExecuteAsync(connection, "set enable_seqscan = off");
        var query = Query.Parse(
            "posts/find_title",
            """
            -- posts/find_title: posts by title, which has no index.
            -- in:      title text
            -- out:     1 posts
            -- budget:  statements 1, rows 1
            -- plan:    no seq scan
            /* posts/find_title 1 */
            select p.id from blog.post p where p.title = :title;
            """
        );

        Assert.Equal(["post"], ReadsOfWholeTables(await ExplainAsync(connection, query, 1)));
    }

    static async Task<JsonDocument> ExplainAsync(NpgsqlConnection connection, Query query, int number)
    {
        var (text, parameters) = query.Numbered(number);
        var types = List(parameters.Select(parameter => parameter.Type));
        var nulls = List(parameters.Select(_ => "null"));

        await ExecuteAsync(connection, $"prepare contract{types} as {text}");
        await using var explain = new NpgsqlCommand($"explain (format json) execute contract{nulls}", connection);
        var plan = (string)(await explain.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        await ExecuteAsync(connection, "deallocate contract");
        return JsonDocument.Parse(plan);
    }

    static string List(IEnumerable<string> items) => items.Any() ? $"({string.Join(", ", items)})" : "";

    /// <summary>Tables that are read from one end to the other, in their own order or in that of an index.</summary>
    static IEnumerable<string> ReadsOfWholeTables(JsonDocument plan) =>
        Nodes(plan.RootElement[0].GetProperty("Plan"))
            .Where(node =>
                node.GetProperty("Node Type").GetString()
                    is "Seq Scan"
                        or "Index Scan"
                        or "Index Only Scan"
                        or "Bitmap Index Scan"
                && !node.TryGetProperty("Index Cond", out _)
            )
            .Select(node =>
                node.TryGetProperty("Relation Name", out var name)
                    ? name.GetString()!
                    : node.GetProperty("Index Name").GetString()!
            )
            .Where(relation => relation != "tag_epoch");

    static IEnumerable<JsonElement> Nodes(JsonElement node) =>
        node.TryGetProperty("Plans", out var below) ? below.EnumerateArray().SelectMany(Nodes).Prepend(node) : [node];

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
