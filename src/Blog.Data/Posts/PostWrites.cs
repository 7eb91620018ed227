using System.Data;
using Blog.Data.Catalogue;
using Blog.Data.Tags;
using Npgsql;

namespace Blog.Data.Posts;

/// <summary>The one form of a write to a post that is there: tags first, then the author, the post and the links (decision 0006).</summary>
static class PostWrites
{
    /// <summary>
    /// One round trip, which is a transaction of its own; three with tags, which are found or created before, in one transaction
    /// with the write. A write that is not done is rolled back, and the tags that it created with it.
    /// </summary>
    /// <param name="data">The database.</param>
    /// <param name="write">The query; its first set is the author, who is locked by it.</param>
    /// <param name="tagNames">The tags it takes; null for none at all.</param>
    /// <param name="arguments">What the query takes, given the ids of the tags; null for none at all.</param>
    /// <param name="read">Reads the other sets of the query.</param>
    /// <param name="cancellationToken">Ends the wait and the statements.</param>
    /// <exception cref="WriteConflictException">A tag was renamed or deleted at the same moment; nothing was written.</exception>
    public static async Task<Written<T>> WriteAsync<T>(
        BlogData data,
        Query write,
        IReadOnlyList<string>? tagNames,
        Func<long[]?, object> arguments,
        Func<ResultSets, Task<Written<T>>> read,
        CancellationToken cancellationToken
    )
    {
        await using var connection = await data.OpenAsync(cancellationToken);
        if (tagNames is null)
        {
            return await SendAsync(tagIds: null, transaction: null);
        }

        await using var transaction = await connection.BeginTransactionAsync(
            IsolationLevel.ReadCommitted,
            cancellationToken
        );
        var tags = await FindOrCreateTags.FindOrCreateAsync(tagNames, transaction, cancellationToken);
        var written = await SendAsync([.. tags.ByName.Values.Select(tag => tag.Id)], transaction);
        if (written is Written<T>.Done)
        {
            await BlogData.CommitAsync(transaction, cancellationToken);
        }

        return written;

        async Task<Written<T>> SendAsync(long[]? tagIds, NpgsqlTransaction? transaction)
        {
            await using var sets = await BlogData.QueryAsync(
                connection,
                write,
                arguments(tagIds),
                transaction,
                cancellationToken
            );
            await sets.ReadAsync<long>();
            return await read(sets);
        }
    }

    /// <summary>Reads the last set of a write, the post's tags as they now are, and says what became of it.</summary>
    /// <param name="sets">At its last set.</param>
    /// <param name="isStale">Whether the post has another version than any that was expected; null where there is no post.</param>
    /// <param name="done">What the write returns where it was done.</param>
    public static async Task<Written<T>> ReadOutcomeAsync<T>(ResultSets sets, bool? isStale, Func<PostTags, T> done) =>
        PostTagRow.ToPostTags(await sets.ReadAsync<PostTagRow>()) is not { } tags || isStale is null
            ? new Written<T>.Absent()
        : isStale.Value ? new Written<T>.Stale(tags.Revision)
        : new Written<T>.Done(done(tags));
}
