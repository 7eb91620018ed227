namespace Blog.Api.Tests.Posts;

/// <summary>What the operations of a post ask of the database does not grow with its tags.</summary>
public sealed class PostBudgetTests(BlogApi api) : PostTest(api)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(50)]
    public async Task Statements_and_trips_are_the_same_whatever_the_number_of_tags(int count)
    {
        await ExecuteAsync("insert into blog.users (name) values ('Ann')");
        string New(string prefix) =>
            $$"""{"title":"{{prefix}}","content":"C",{{Names(Enumerable.Range(0, count).Select(tag => $"{prefix}{tag}"))[1..]}}""";

        var created = await Api.PostAsync("/users/2/posts", New("a"));
        var read = await Api.GetAsync("/posts/3");
        var tags = await Api.GetAsync("/posts/3/tags");
        var unchanged = await Api.GetAsync("/posts/3", ("If-None-Match", read["ETag"]!));
        var replaced = await Api.PutAsync("/posts/3", New("b"));
        var patched = await Api.PatchAsync("/posts/3", New("c"));
        var retagged = await Api.PutAsync("/posts/3/tags", New("d"));
        var added = await Api.PostAsync("/posts/3/tags", New("d"));
        var kept = await Api.PatchAsync("/posts/3", """{"content":"D"}""");
        var taken = await Api.DeleteAsync("/posts/3/tags/3");
        var deleted = await Api.DeleteAsync("/posts/3");

        // One row at least shows that the post is there.
        var shown = Math.Max(count, 1);
        Assert.Equal(
            [
                $"stmts=3, trips=3, rows={2 * count + 1}, budget=ok",
                $"stmts=2, trips=1, rows={count + 1}, budget=ok",
                $"stmts=1, trips=1, rows={shown}, budget=ok",
                "stmts=1, trips=1, rows=1, budget=ok",
                $"stmts=5, trips=3, rows={2 * count + 2 + shown}, budget=ok",
                $"stmts=5, trips=3, rows={2 * count + 2 + shown}, budget=ok",
                $"stmts=5, trips=3, rows={2 * count + 2 + shown}, budget=ok",
                $"stmts=5, trips=3, rows={count + 2 + shown}, budget=ok",
                $"stmts=3, trips=1, rows={2 + shown}, budget=ok",
                "stmts=2, trips=1, rows=2, budget=ok",
                "stmts=1, trips=1, rows=1, budget=ok",
            ],
            (
                (Answer[])[created, read, tags, unchanged, replaced, patched, retagged, added, kept, taken, deleted]
            ).Select(answer => answer["Blog-SQL"]!)
        );
        Assert.Equal(created.Body, read.Body);
        Assert.Equal($"2 1 2 {2 + 4 * count} 3", await CountRowsAsync());
    }
}
