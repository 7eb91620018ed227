using System.Globalization;
using Blog.Fault.Tests.Stage;
using Blog.Testing;

namespace Blog.Fault.Tests.Load;

/// <summary>Holds what a ledger was told against what is stored.</summary>
sealed class LedgerAudit
{
    readonly List<string> broken = [];

    LedgerAudit() { }

    /// <summary>Writes that were acknowledged before anything was sent again.</summary>
    public int Acknowledged { get; private init; }

    /// <summary>Writes that were told that nothing was stored.</summary>
    public int Failed { get; private init; }

    /// <summary>Writes that were not told.</summary>
    public int Unknown { get; private init; }

    /// <summary>Of the unknown ones, how many were stored.</summary>
    public int UnknownAndStored { get; private set; }

    /// <summary>The longest request, in seconds.</summary>
    public double Longest { get; private init; }

    /// <summary>Everything that was promised and does not hold; empty where all is well.</summary>
    public IReadOnlyCollection<string> Broken => broken;

    /// <summary>Several of them, in a sentence.</summary>
    public static string Sum(IReadOnlyCollection<LedgerAudit> audits) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{audits.Sum(audit => audit.Acknowledged)} writes acknowledged, {audits.Sum(audit => audit.Failed)} failed, {audits.Sum(audit => audit.Unknown)} unknown ({audits.Sum(audit => audit.UnknownAndStored)} of them stored); longest request {audits.Max(audit => audit.Longest):0.0} s"
        );

    /// <summary>Stops the ledger, sends again what is unknown until it is known, and compares. The database and the service are well by now.</summary>
    public static async Task<LedgerAudit> OfAsync(Ledger ledger, BlogCluster cluster)
    {
        await ledger.StopAsync();
        // Only what begins is sent again before it is known.
        Exchange[] writes =
        [
            .. ledger
                .Exchanges.Where(exchange => exchange.Request.IsWrite)
                .GroupBy(exchange => exchange.Request.Mark, StringComparer.Ordinal)
                .Select(same => same.MaxBy(exchange => exchange.Ended)!),
        ];
        var audit = new LedgerAudit
        {
            Acknowledged = writes.Count(write => write.Outcome == Outcome.Acknowledged),
            Failed = writes.Count(write => write.Outcome == Outcome.Failed),
            Unknown = writes.Count(write => write.Outcome == Outcome.Unknown),
            Longest = ledger
                .Exchanges.Where(exchange => !exchange.Request.Mark.EndsWith("-begin", StringComparison.Ordinal))
                .Max(exchange => exchange.Seconds),
        };
        var before = await StoredAsync(ledger, cluster);
        audit.Compare(writes, before);
        var settled = await audit.SettleAsync(ledger, writes);
        audit.CompareSettled(settled, await StoredAsync(ledger, cluster));
        await audit.ComparePatchesAsync(ledger, [.. writes.Except(Unsettled(writes)), .. settled], cluster);
        audit.broken.AddRange(ledger.Broken.Distinct(StringComparer.Ordinal));
        return audit;
    }

    /// <summary>How often each text is stored: a user, a post or the content of a post; a user that is not whole counts for nothing.</summary>
    static async Task<Dictionary<string, int>> StoredAsync(Ledger ledger, BlogCluster cluster) => (
            await cluster.ListAsync(
                $"""
                select u.name from blog.users u
                where u.name like '{ledger.Name}-%' and exists (
                  select from blog.post p join blog.post_tag t on t.post_id = p.id
                  where p.author_id = u.id and p.title = u.name group by p.id having count(*) = 2)
                union all
                select p.title from blog.post p join blog.users u on u.id = p.author_id
                where p.title like '{ledger.Name}-%' and p.title <> u.name
                """
            )
        ).GroupBy(mark => mark, StringComparer.Ordinal).ToDictionary(same => same.Key, same => same.Count(), StringComparer.Ordinal);

    void Compare(Exchange[] writes, Dictionary<string, int> stored)
    {
        foreach (var write in writes.Where(write => write.Request.Method == "POST"))
        {
            var times = stored.GetValueOrDefault(write.Request.Mark);
            var isRight = write.Outcome switch
            {
                Outcome.Acknowledged => times == 1,
                Outcome.Failed => times == 0,
                _ => times <= 1,
            };
            if (!isRight)
                broken.Add($"{write}: stored {times} times");
        }

        UnknownAndStored = Unsettled(writes).Count(write => stored.ContainsKey(write.Request.Mark));
        var known = writes.Select(write => write.Request.Mark).ToHashSet(StringComparer.Ordinal);
        broken.AddRange(stored.Keys.Where(mark => !known.Contains(mark)).Select(mark => $"{mark} was never sent"));
    }

    /// <summary>Sends what is unknown, and the last of what is acknowledged, again.</summary>
    async Task<Exchange[]> SettleAsync(Ledger ledger, Exchange[] writes)
    {
        ledger.MayStayUnanswered = ledger.MayBeLate = false;
        var settled = new List<Exchange>();
        foreach (var write in Unsettled(writes).Where(write => write.Request.HasKey))
        {
            Exchange? again = null;
            await Eventually.HoldsAsync(
                async () => (again = await ledger.SendAsync(write.Request)).Answer is { Status: < 300 or 412 },
                $"known again: {write}"
            );
            settled.Add(again!);
        }

        foreach (
            var write in writes
                .Where(write => write.Outcome == Outcome.Acknowledged && write.Request.HasKey)
                .TakeLast(10)
        )
        {
            var again = await ledger.SendAsync(write.Request);
            if (again.Answer?.Outcome != write.Answer!.Outcome || again.Answer["Idempotency-Replayed"] != "?1")
                broken.Add($"{write}; sent again: {again}");
        }

        return [.. settled];
    }

    void CompareSettled(Exchange[] settled, Dictionary<string, int> stored) =>
        broken.AddRange(
            settled
                .Where(write => write.Request.Method == "POST" && stored.GetValueOrDefault(write.Request.Mark) != 1)
                .Select(write => $"{write}: stored {stored.GetValueOrDefault(write.Request.Mark)} times at the end")
        );

    /// <summary>Each PATCH that was acknowledged has moved the version of its post by one, and the last one is what the post says.</summary>
    async Task ComparePatchesAsync(Ledger ledger, Exchange[] writes, BlogCluster cluster)
    {
        foreach (var post in ledger.Clients.Select(client => client.Post))
        {
            var patches = writes
                .Where(write => write.Request.Method == "PATCH" && write.Request.Path == $"/posts/{post}")
                .Where(write => write.Outcome == Outcome.Acknowledged)
                .OrderBy(write => VersionOf(write.Answer!["ETag"]!))
                .ToArray();
            var promised = $"{1 + patches.Length} {patches.LastOrDefault()?.Request.Mark ?? "c"}";
            var stored = await cluster.ListAsync($"select version || ' ' || content from blog.post where id = {post}");
            var others = writes.Where(write =>
                write.Request.Path == $"/posts/{post}" && write.Outcome != Outcome.Acknowledged
            );
            if (stored.Single() != promised)
                broken.Add(
                    $"post {post} is {stored.Single()}, and acknowledged was {promised}; otherwise answered: {string.Join("; ", others)}"
                );
        }
    }

    static IEnumerable<Exchange> Unsettled(Exchange[] writes) =>
        writes.Where(write => write.Outcome == Outcome.Unknown);

    // "p9.3-3": post 9, version 3, tag epoch 3.
    static long VersionOf(string entityTag) => long.Parse(entityTag.Split('.', '-')[1], CultureInfo.InvariantCulture);
}
