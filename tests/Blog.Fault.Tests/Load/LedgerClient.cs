using System.Text.Json;

namespace Blog.Fault.Tests.Load;

/// <summary>One client of a ledger: it has a user and a post of its own, and goes round through every kind of request.</summary>
sealed class LedgerClient(Ledger ledger, string name)
{
    int turn;
    long user;
    long post;
    string? version;

    /// <summary>The post that only this client changes.</summary>
    public long Post => post;

    public async Task BeginAsync()
    {
        var mark = $"{name}-begin";
        LedgerRequest begin = new(
            "POST",
            "/users",
            mark,
            $$"""{"name":"{{mark}}","posts":[{"title":"{{mark}}","content":"c","tag_names":["red","{{ledger.Name}}"]}]}"""
        );
        var created = await ledger.SendAsync(begin);
        // Many begin at once, with a tag that is new to all.
        while (!created.IsAnsweredWell && created.Answer?.Status is 409 or 503)
            created = await ledger.SendAsync(begin);
        var stored = JsonDocument.Parse(created.Answer!.Body).RootElement;
        user = stored.GetProperty("id").GetInt64();
        post = stored.GetProperty("posts")[0].GetProperty("id").GetInt64();
    }

    /// <summary>Until it is told to stop; after a failure it waits a little, and goes on with the next.</summary>
    public async Task GoRoundAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var exchange = await TakeTurnAsync(turn++);
            if (!exchange.IsAnsweredWell && !stop.IsCancellationRequested)
                await Task.Delay(20, CancellationToken.None);
        }
    }

    Task<Exchange> TakeTurnAsync(int number)
    {
        var mark = $"{name}-{number}";
        return (number % 7) switch
        {
            0 => ledger.SendAsync(
                new(
                    "POST",
                    "/users",
                    mark,
                    $$"""{"name":"{{mark}}","bio":"b","posts":[{"title":"{{mark}}","content":"c","tag_names":["red","blue"]}]}"""
                )
            ),
            1 => ledger.SendAsync(new("GET", $"/users/{user}")),
            2 => ledger.SendAsync(
                new(
                    "POST",
                    $"/users/{user}/posts",
                    mark,
                    $$"""{"title":"{{mark}}","content":"{{ledger.Content}}","tag_names":["blue","red"]}"""
                )
            ),
            3 => ledger.SendAsync(new("GET", "/posts?limit=5")),
            4 => PatchAsync(mark),
            5 => ledger.SendAsync(new("GET", "/tags?limit=5")),
            _ => ledger.SendAsync(
                new("POST", $"/users/{user}/posts", mark, $$"""{"title":"{{mark}}","content":"c"}""") { HasKey = false }
            ),
        };
    }

    /// <summary>Changes its post at the version that it knows; where it knows none, it reads that first.</summary>
    async Task<Exchange> PatchAsync(string mark)
    {
        if (version is null)
        {
            var read = await ledger.SendAsync(new("GET", $"/posts/{post}"));
            version = read.Answer?["ETag"];
            if (!read.IsAnsweredWell)
                return read;
        }

        var patched = await ledger.SendAsync(
            new("PATCH", $"/posts/{post}", mark, $$"""{"content":"{{mark}}"}""", version)
        );
        version = patched.IsAnsweredWell ? patched.Answer!["ETag"] : null;
        return patched;
    }
}
