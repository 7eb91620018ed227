using System.Data;
using Blog.Data.Catalogue;
using Blog.Data.Idempotency;
using Blog.Data.Tags;

namespace Blog.Data.Posts;

/// <summary>The one form of a write to a post that is there: tags first, then the author, the post and the links (decision 0006).</summary>
static class PostWrites
{
    /// <summary>
    /// One round trip, which is a transaction of its own; three with tags, which are found or created before, in one transaction
    /// with the write. A write that is not done is rolled back, and the tags that it created with it. One round trip more where the
    /// post went to another author at the same moment. With a key it is always a transaction with a step before and one behind: two
    /// round trips more without tags, one more with them.
    /// </summary>
    /// <param name="data">The database.</param>
    /// <param name="write">The query; its first set is the author, who is locked by it.</param>
    /// <param name="tagNames">The tags it takes; null for none at all.</param>
    /// <param name="arguments">What the query takes, given the ids of the tags; null for none at all.</param>
    /// <param name="read">Reads the other sets of the query; null where it was not its turn, and nothing was written.</param>
    /// <param name="once">The key that the write is done under; null for none.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was written.</exception>
    /// <inheritdoc cref="IdempotencyKeys.ClaimAsync" path="/exception" />
    public static async Task<Written<T>> WriteAsync<T>(
        BlogData data,
        Query write,
        IReadOnlyList<string>? tagNames,
        Func<long[]?, object> arguments,
        Func<ResultSets, Task<Written<T>?>> read,
        Once<T>? once,
        CancellationToken cancellationToken
    )
    {
        await using var session = await data.OpenAsync(cancellationToken);
        if (tagNames is null && once is null)
        {
            return await SendAsync(tagIds: null, transaction: null);
        }

        await using var transaction = await session.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        await IdempotencyKeys.ClaimAsync(once, transaction, cancellationToken);
        var tags = tagNames is null
            ? null
            : await FindOrCreateTags.FindOrCreateAsync(tagNames, transaction, cancellationToken);
        var written = await SendAsync(tags?.ByName.Values.Select(tag => tag.Id).ToArray(), transaction);
        if (written is Written<T>.Done { Value: var value })
        {
            await IdempotencyKeys.CommitAsync(once, value, transaction, cancellationToken);
        }

        return written;

        async Task<Written<T>> SendAsync(long[]? tagIds, Transaction? transaction)
        {
            for (var isFirst = true; ; isFirst = false)
            {
                var given = arguments(tagIds);
                await using var sets = isFirst
                    ? await BlogData.QueryAsync(session, write, given, transaction, cancellationToken)
                    : await BlogData.QueryAgainAsync(session, write, given, transaction, cancellationToken);
                await sets.ReadAsync<long>();
                if (await read(sets) is { } outcome)
                {
                    return outcome;
                }
            }
        }
    }

    /// <summary>Reads the last set of a write, the post's tags as they now are, and says what became of it.</summary>
    /// <param name="sets">At its last set.</param>
    /// <param name="turn">What the write found; null where there is no post.</param>
    /// <param name="done">What the write returns where it was done.</param>
    /// <returns>Null where it was not its turn.</returns>
    public static async Task<Written<T>?> ReadOutcomeAsync<T>(
        ResultSets sets,
        WriteTurn? turn,
        Func<PostTags, T> done
    ) =>
        PostTagRow.ToPostTags(await sets.ReadAsync<PostTagRow>()) is not { } tags || turn is null
            ? new Written<T>.Absent()
        : turn.IsForeign ? new Written<T>.Foreign()
        : !turn.HasTurn ? null
        : turn.IsStale ? new Written<T>.Stale(tags.Revision)
        : new Written<T>.Done(done(tags));
}

/// <summary>Whether a write of a post could do anything.</summary>
/// <param name="IsForeign">The post belongs to another user than the one whose it had to be.</param>
/// <param name="IsStale">The post has another version than any that was expected.</param>
/// <param name="HasTurn">The author's row was the writer's, with nothing written below it since the statement began.</param>
record WriteTurn(bool IsForeign, bool IsStale, bool HasTurn);
