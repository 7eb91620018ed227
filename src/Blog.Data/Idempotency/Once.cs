namespace Blog.Data.Idempotency;

/// <summary>Makes a write one that is done once, however often it is sent: it is recorded in its own transaction, with its answer.</summary>
/// <param name="Scope">32 bytes, equal for every repeat of the request and for no other one.</param>
/// <param name="Fingerprint">32 bytes of what was sent.</param>
/// <param name="Answer">Makes the answer of what was written; called inside the transaction, before its end.</param>
public sealed record Once<T>(byte[] Scope, byte[] Fingerprint, Func<T, Task<StoredAnswer>> Answer);

/// <summary>The write was done before; nothing was written now.</summary>
/// <param name="answer">What it was answered with.</param>
public sealed class AnsweredBeforeException(StoredAnswer answer) : Exception("The write was done before.")
{
    /// <summary>What it was answered with.</summary>
    public StoredAnswer Answer => answer;
}

/// <summary>The same write is being done at this moment; nothing was written here.</summary>
public sealed class KeyInProgressException() : Exception("Another transaction has the key.");

/// <summary>Something else was sent with the key before; nothing was written.</summary>
public sealed class KeyReusedException() : Exception("The key belongs to another request.");
