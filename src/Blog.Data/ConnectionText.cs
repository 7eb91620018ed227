using System.Net;
using Npgsql;

namespace Blog.Data;

/// <summary>What a connection string says besides its secrets.</summary>
public static class ConnectionText
{
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
