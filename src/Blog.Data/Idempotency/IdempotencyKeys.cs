using System.Buffers.Binary;
using System.Text.Json;
using Blog.Data.Catalogue;

namespace Blog.Data.Idempotency;

/// <summary>The first and the last step of a write that may be one that is done once (decision 0011).</summary>
static class IdempotencyKeys
{
    static readonly Query claimKey = QueryCatalogue.Find("idempotency/claim_key");
    static readonly Query commitAnswer = QueryCatalogue.Find("idempotency/commit_answer");

    /// <summary>Takes the key for this transaction, before anything else in it. One round trip; none where the write has no key.</summary>
    /// <param name="once">Null for a write without a key.</param>
    /// <param name="transaction">Just begun.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    /// <exception cref="AnsweredBeforeException">The write was done before.</exception>
    /// <exception cref="KeyInProgressException">Another transaction has the key.</exception>
    /// <exception cref="KeyReusedException">Something else was sent with the key before.</exception>
    public static async Task ClaimAsync<T>(Once<T>? once, Transaction transaction, CancellationToken cancellationToken)
    {
        if (once is null)
        {
            return;
        }

        await using var sets = await BlogData.QueryAsync(
            transaction.Session,
            claimKey,
            new
            {
                scope = once.Scope,
                fingerprint = once.Fingerprint,
                lockKey = BinaryPrimitives.ReadInt32BigEndian(once.Scope),
            },
            transaction,
            cancellationToken
        );
        var key = await sets.ReadFirstOrNoneAsync<KeyRow>() ?? throw new KeyInProgressException();
        if (key.ToAnswer() is { } answer)
        {
            throw key.Fingerprint.AsSpan().SequenceEqual(once.Fingerprint)
                ? new AnsweredBeforeException(answer)
                : new KeyReusedException();
        }
    }

    /// <summary>Commits what was written, with its answer where the write has a key. One round trip.</summary>
    /// <param name="once">As it was claimed; null for a write without a key.</param>
    /// <param name="written">What the write returns.</param>
    /// <param name="transaction">Ends here.</param>
    /// <param name="cancellationToken">Ends the wait and the statement.</param>
    public static async Task CommitAsync<T>(
        Once<T>? once,
        T written,
        Transaction transaction,
        CancellationToken cancellationToken
    )
    {
        if (once is null)
        {
            await BlogData.CommitAsync(transaction, cancellationToken);
            return;
        }

        var answer = await once.Answer(written);
        await BlogData.ExecuteAsync(
            transaction.Session,
            commitAnswer,
            new
            {
                scope = once.Scope,
                status = answer.Status,
                headers = JsonSerializer.Serialize(answer.Headers, BlogJson.Default.IReadOnlyDictionaryStringString),
                body = answer.Body,
            },
            transaction,
            cancellationToken
        );
    }

    /// <param name="Status">Null where the key is the caller's now; the two after it as well.</param>
    sealed record KeyRow(byte[] Fingerprint, int? Status, string? Headers, byte[]? Body)
    {
        public StoredAnswer? ToAnswer() =>
            Status is { } status
                ? new(
                    status,
                    JsonSerializer.Deserialize(Headers!, BlogJson.Default.IReadOnlyDictionaryStringString)!,
                    Body!
                )
                : null;
    }
}
