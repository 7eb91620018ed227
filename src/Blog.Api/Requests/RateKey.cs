using System.Net;
using System.Net.Sockets;

namespace Blog.Api.Requests;

/// <summary>Whose requests are counted together.</summary>
static class RateKey
{
    const int BytesOfNetwork = 8;

    /// <summary>The client's address; of IPv6 its /64, of which one client has all of the addresses.</summary>
    public static string Of(HttpContext context) => Of(context.Connection.RemoteIpAddress);

    /// <inheritdoc cref="Of(HttpContext)" />
    /// <param name="address">Null where the connection has none: a socket of this machine.</param>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "local";
        }

        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(BytesOfNetwork).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
