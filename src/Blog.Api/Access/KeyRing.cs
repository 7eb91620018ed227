namespace Blog.Api.Access;

/// <summary>
/// The keys of now. A key file is looked into again at most every <see cref="Freshness"/>, before a token is held against it: a new key counts, and a
/// removed one ceases to count, without a restart. A file that cannot be used is logged, and the keys before it go on counting.
/// </summary>
sealed partial class KeyRing(TokenSettings settings, TimeProvider time, ILogger<KeyRing> log)
{
    /// <summary>How old what is known of the file may be.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    readonly Lock reading = new();
    volatile TokenKeys keys = settings.Keys;
    long lastLook = time.GetTimestamp();
    string? lastText;
    string? lastFailure;

    /// <summary>What a token is held against at this moment.</summary>
    public TokenKeys Current
    {
        get
        {
            if (
                settings.KeyFile is { } file
                && time.GetElapsedTime(Interlocked.Read(ref lastLook)) >= Freshness
                && reading.TryEnter()
            )
            {
                try
                {
                    Interlocked.Exchange(ref lastLook, time.GetTimestamp());
                    Look(file);
                }
                finally
                {
                    reading.Exit();
                }
            }

            return keys;
        }
    }

    void Look(string file)
    {
        try
        {
            var text = TokenKeys.ReadText(file);
            if (text != lastText)
            {
                keys = TokenKeys.Of(text);
                // The first look finds what the start has found.
                if (lastText is not null || lastFailure is not null)
                {
                    LogRenewed(file);
                }

                lastText = text;
            }

            lastFailure = null;
        }
        catch (UnusableKeysException unusable)
        {
            lastText = null;
            if (unusable.Message != lastFailure)
            {
                lastFailure = unusable.Message;
                LogUnusable(file, unusable.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Information, "The keys of {File} count from now on")]
    partial void LogRenewed(string file);

    [LoggerMessage(LogLevel.Error, "The keys before go on counting: {File} {Reason}")]
    partial void LogUnusable(string file, string reason);
}
