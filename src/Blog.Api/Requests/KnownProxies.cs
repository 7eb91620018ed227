using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.HttpOverrides;

namespace Blog.Api.Requests;

/// <summary>
/// Whom the service believes who has asked: the proxies that <c>Proxy:Known</c> names, and nobody where it names none. What stands
/// last in their X-Forwarded-For, -Proto and -Host is then the client's address, its scheme and the name that it asked for.
/// </summary>
static class KnownProxies
{
    public const string Setting = "Proxy:Known";

    // ASPNETCORE_FORWARDEDHEADERS_ENABLED: the framework would believe everybody.
    const string BelieveAll = "FORWARDEDHEADERS_ENABLED";

    /// <summary>What is wrong with the settings, in a sentence; null where nothing is.</summary>
    public static string? FaultOf(IConfiguration configuration) =>
        string.Equals(configuration[BelieveAll], "true", StringComparison.OrdinalIgnoreCase)
            ? $"ASPNETCORE_{BelieveAll} believes everybody. Proxy__Known names the proxies to believe, by address or network."
        : Array.Find(EntriesOf(configuration), entry => AddressOf(entry) is null && NetworkOf(entry) is null)
            is { } wrong
            ? $"Proxy__Known is addresses and networks, such as 10.0.0.7 or 10.0.0.0/24, with ; between them, not \"{wrong}\"."
        : null;

    /// <summary>Belongs in front of everything that looks at who asks.</summary>
    public static void UseKnownProxies(this WebApplication app)
    {
        var entries = EntriesOf(app.Configuration);
        if (entries.Length == 0)
        {
            return;
        }

        var options = new ForwardedHeadersOptions
        {
            ForwardedHeaders =
                ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = 1,
        };
        // The framework knows loopback from the start; here it is known where it is named.
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var entry in entries)
        {
            if (AddressOf(entry) is { } address)
            {
                options.KnownProxies.Add(address);
            }
            else if (NetworkOf(entry) is { } network)
            {
                options.KnownIPNetworks.Add(network);
            }
        }

        app.UseForwardedHeaders(options);
    }

    static string[] EntriesOf(IConfiguration configuration) =>
        (configuration[Setting] ?? "").Split(
            ';',
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
        );

    /// <summary>Null where it is none; 10 is none, though it may be read as 0.0.0.10.</summary>
    static IPAddress? AddressOf(string text) =>
        IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.Count(character => character == '.') == 3)
            ? address
            : null;

    /// <summary>Null where it is none, or everybody.</summary>
    static System.Net.IPNetwork? NetworkOf(string text) =>
        System.Net.IPNetwork.TryParse(text, out var network) && network.PrefixLength > 0 ? network : null;
}
