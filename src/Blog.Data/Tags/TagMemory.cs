using System.Data;
using Blog.Data.Catalogue;

namespace Blog.Data.Tags;

/// <summary>
/// The names of tags that were read before, so that a read of posts asks for ids alone (decision 0018). They are those of one epoch: names
/// change only when it moves, with a rename, a merge or a delete, and each read says which epoch it is of. Nobody has to be told of a change.
/// </summary>
/// <param name="most">How many are kept. One more, and it begins anew.</param>
sealed class TagMemory(int most = 50_000)
{
    static readonly Query getTagNames = QueryCatalogue.Find("tags/get_tag_names");

    KnownTags known = new(epoch: 0);

    /// <summary>What a name is at an epoch may be another thing where the database is not the one that it was.</summary>
    public void Forget() => Volatile.Write(ref known, new(epoch: 0));

    /// <summary>
    /// Reads, and puts in the names. One round trip more than that of the read where it meets tags that are not known, and the read once more,
    /// in a transaction with its names, where a tag was renamed between the two.
    /// </summary>
    /// <param name="session">Where it is read.</param>
    /// <param name="transaction">Of the caller; null for none.</param>
    /// <param name="read">Reads in the transaction that it is given, all of one snapshot; nothing where there is nothing.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <exception cref="WriteConflictException">A tag was renamed while the caller's transaction read: each of its statements sees another moment.</exception>
    public async Task<T?> ReadAsync<T>(
        Session session,
        Transaction? transaction,
        Func<Transaction?, Task<Unnamed<T>?>> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        if (await read(transaction) is not { } found)
        {
            return null;
        }

        if (await KnowAsync(found, session, transaction, cancellationToken) is { } tags)
        {
            return found.Named(tags);
        }

        return transaction is null
            ? await ReadInSnapshotAsync(session, read, cancellationToken)
            : throw new WriteConflictException("A tag was renamed or deleted while it was read.");
    }

    async Task<T?> ReadInSnapshotAsync<T>(
        Session session,
        Func<Transaction?, Task<Unnamed<T>?>> read,
        CancellationToken cancellationToken
    )
        where T : class
    {
        SqlUsage.BeginAttempt();
        await using var snapshot = await session.BeginTransactionAsync(
            IsolationLevel.RepeatableRead,
            cancellationToken
        );
        return await read(snapshot) is { } found
            ? found.Named(
                await KnowAsync(found, session, snapshot, cancellationToken)
                    ?? throw new InvalidOperationException("The names of one snapshot are of two epochs.")
            )
            : null;
    }

    /// <summary>Null where the epoch has moved on since the read.</summary>
    async Task<KnownTags?> KnowAsync<T>(
        Unnamed<T> read,
        Session session,
        Transaction? transaction,
        CancellationToken cancellationToken
    )
    {
        var before = Volatile.Read(ref known);
        var tags = before.Epoch == read.TagEpoch ? before : new KnownTags(read.TagEpoch);
        if (tags.FindUnknown(read.TagIds) is not { } unknown)
        {
            return tags;
        }

        long[] sorted = [.. unknown.Order()];
        await using var sets = await BlogData.QueryAsync(
            session,
            getTagNames,
            new { tagIds = sorted },
            transaction,
            cancellationToken
        );
        var rows = await sets.ReadAsync<NamedRow>();
        if (rows.Any(row => row.Epoch != read.TagEpoch))
        {
            return null;
        }

        foreach (var row in rows)
        {
            tags.Add(new(row.Name!, row.Id!.Value));
        }

        Keep(tags, before);
        return tags;
    }

    /// <summary>Those of the newest epoch are kept, until there are too many; none where others came in between, or all were forgotten.</summary>
    void Keep(KnownTags tags, KnownTags before)
    {
        if (tags.Count > most)
        {
            Interlocked.CompareExchange(ref known, new(tags.Epoch), before);
        }
        else if (tags.Epoch > before.Epoch)
        {
            Interlocked.CompareExchange(ref known, tags, before);
        }
    }

    sealed record NamedRow(long Epoch, long? Id, string? Name);
}

/// <summary>What was read, with the ids of tags in place of their names.</summary>
/// <param name="TagEpoch">Of the snapshot that it was read in.</param>
/// <param name="TagIds">One array a post.</param>
/// <param name="Named">The whole of it, where all these tags are known.</param>
sealed record Unnamed<T>(long TagEpoch, IEnumerable<Array> TagIds, Func<KnownTags, T> Named);
