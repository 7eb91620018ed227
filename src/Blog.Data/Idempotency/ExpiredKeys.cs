using Blog.Data.Catalogue;

namespace Blog.Data.Idempotency;

/// <summary>Keys that are past their time. They count as absent already; here their rows go.</summary>
public sealed class ExpiredKeys(BlogData data)
{
    static readonly Query clearExpiredKeys = QueryCatalogue.Find("idempotency/clear_expired_keys");

    /// <summary>Deletes them batch by batch, each one round trip and committed by itself, until there are none.</summary>
    /// <param name="batchSize">How many at a time; at least 1.</param>
    /// <param name="progress">Called after each batch with how many it has deleted.</param>
    /// <param name="cancellationToken">Ends the wait and the statement; what was deleted stays deleted.</param>
    public async Task ClearExpiredKeysAsync(int batchSize, Action<int> progress, CancellationToken cancellationToken)
    {
        await using var session = await data.OpenAsync(cancellationToken);
        int deleted;
        do
        {
            deleted = await BlogData.ExecuteAsync(
                session,
                clearExpiredKeys,
                new { batchSize },
                null,
                cancellationToken
            );
            progress(deleted);
        } while (deleted == batchSize);
    }
}
