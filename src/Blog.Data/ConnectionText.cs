using System.Net;
using Npgsql;

namespace Blog.Data;

/// <summary>What a connection string says besides its secrets.</summary>
public static class ConnectionText
{
    /// <summary>
    /// What holds where a connection string does not say otherwise; what each is worth is measured in <c>docs/operate/tuning.md</c>. A server works on
    /// few statements at once, so more connections than these only take turns.
    /// </summary>
    static readonly (string Keyword, object Value)[] defaults =
    [
        ("Application Name", "blog"),
        // Seconds until a connection that does not open is given up.
        ("Timeout", 2),
        // Milliseconds until a cancelled statement that does not end takes its connection with it.
        ("Cancellation Timeout", 500),
        ("Maximum Pool Size", Math.Max(4, 2 * Environment.ProcessorCount) + BlogData.UsualStreams + Pools.OfWatch),
        // All of the catalogue, and the frames of transactions: each is planned once by a connection.
        ("Max Auto Prepare", 200),
        ("Auto Prepare Min Usages", 1),
        // Nothing of a session is ever set for longer than a transaction.
        ("No Reset On Close", true),
    ];

    /// <summary>Whether it can be read at all.</summary>
    public static bool IsReadable(string text)
    {
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return true;
        }
        catch (ArgumentException)
        {
            // Its words may quote the text.
            return false;
        }
    }

    /// <summary>
    /// The first host beyond this machine that need not prove who it is: without <c>SSL Mode=VerifyFull</c> anybody in between may
    /// answer in its place. Null where there is none.
    /// </summary>
    /// <param name="text">An Npgsql connection string.</param>
    /// <exception cref="ArgumentException">The text is not a connection string.</exception>
    public static string? UnverifiedHost(string text)
    {
        var settings = new NpgsqlConnectionStringBuilder(text);
        return settings.SslMode == SslMode.VerifyFull
            ? null
            : (settings.Host ?? "")
                .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
                .Select(WithoutPort)
                .FirstOrDefault(host => !IsOfThisMachine(host));
    }

    /// <summary>Reads one, and takes away what would put values of clients into exceptions and logs.</summary>
    /// <param name="text">An Npgsql connection string.</param>
    /// <param name="tellsDetails">Whether the details of the server's messages are wanted all the same, for whom no client sends anything.</param>
    /// <exception cref="ArgumentException">The text is not a connection string.</exception>
    internal static NpgsqlConnectionStringBuilder Read(string text, bool tellsDetails) =>
        new(text)
        {
            IncludeErrorDetail = tellsDetails,
            IncludeFailedBatchedCommand = false,
            LogParameters = false,
            PersistSecurityInfo = false,
        };

    /// <summary>The same, and what it does not say is as it is best for the service.</summary>
    /// <inheritdoc cref="Read" />
    internal static NpgsqlConnectionStringBuilder Complete(string text, bool tellsDetails)
    {
        var settings = Read(text, tellsDetails);
        // ContainsKey would say of every keyword that there is, that it is there.
        foreach (var (keyword, value) in defaults.Where(setting => !settings.ShouldSerialize(setting.Keyword)))
        {
            settings[keyword] = value;
        }

        return settings;
    }

    /// <summary>Of "host", "host:port", "[::1]:port" and "::1".</summary>
    static string WithoutPort(string host) =>
        host.StartsWith('[') ? host[1..Math.Max(1, host.IndexOf(']', StringComparison.Ordinal))]
        : host.IndexOf(':', StringComparison.Ordinal) is > 0 and var colon && colon == host.LastIndexOf(':')
            ? host[..colon]
        : host;

    /// <summary>Loopback, or a socket of the file system.</summary>
    static bool IsOfThisMachine(string host) =>
        host.StartsWith('/')
        || host.StartsWith('@')
        || host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
