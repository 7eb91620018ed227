using System.Text.Json;

namespace Blog.Fault.Tests.Faults;

/// <summary>
/// The clock. The service asks only that of PostgreSQL, and a clock that jumps back by an hour is one of which everything
/// stored is an hour ahead: so the rows are moved, and no machine's clock.
/// </summary>
static class Clock
{
    public static IEnumerable<KnownFault> All =>
        [
            new(
                "F48",
                "the clock jumps back by an hour: everything stored is an hour ahead of it",
                "keys are replayed, cursors go on, new ids are above the old ones",
                "at once",
                JumpBackAsync
            ),
        ];

    static async Task JumpBackAsync(FaultRun run)
    {
        var scene = await run.SceneAsync();
        var key = ("Idempotency-Key", $"{Guid.NewGuid():n}");
        const string body =
            """{"name":"Ann","posts":[{"title":"1","content":"c"},{"title":"2","content":"c"},{"title":"3","content":"c"}]}""";
        var first = await scene.Service.PostAsync("/users", body, key);
        var user = JsonDocument.Parse(first.Body).RootElement.GetProperty("id").GetInt64();
        var page = JsonDocument
            .Parse((await scene.Service.GetAsync($"/posts?author_id={user}&limit=1")).Body)
            .RootElement;
        await scene.Cluster.ExecuteAsync(
            """
            set session_replication_role = replica;
            update blog.idempotency_key set expires_at = expires_at + interval '1 hour';
            update blog.users set created_at = created_at + interval '1 hour', updated_at = updated_at + interval '1 hour';
            update blog.post set created_at = created_at + interval '1 hour', updated_at = updated_at + interval '1 hour'
            """
        );

        var again = await scene.Service.PostAsync("/users", body, key);
        run.Expect((again.Outcome, again["Idempotency-Replayed"]) == (first.Outcome, "?1"), $"again {again.Outcome}");
        var created = await scene.Service.PostAsync($"/users/{user}/posts", """{"title":"4","content":"c"}""");
        var newest = JsonDocument.Parse(created.Body).RootElement.GetProperty("id").GetInt64();
        var seen = page.GetProperty("items")[0].GetProperty("id").GetInt64();
        run.Expect(newest > seen, $"a new post has the id {newest}, after {seen}");
        var patched = await scene.Service.PatchAsync($"/posts/{newest}", """{"content":"d"}""");
        run.Expect(patched.Status == 200, $"a change: {patched.Outcome}");
        var titles = new List<string?>();
        var next = page.GetProperty("next").GetString();
        while (next is not null)
        {
            page = JsonDocument
                .Parse((await scene.Service.GetAsync($"/posts?author_id={user}&limit=1&cursor={next}")).Body)
                .RootElement;
            titles.AddRange(
                page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("title").GetString())
            );
            next = page.TryGetProperty("next", out var more) ? more.GetString() : null;
        }

        run.Measure($"key replayed; the cursor went on with {string.Join(" and ", titles)}; id {newest} after {seen}");
        run.Expect(titles is ["2", "1"], $"the cursor went on with {string.Join(", ", titles)}");
    }
}
