using System.Net;
using System.Net.Sockets;
using Blog.Api.Access;

namespace Blog.Api.Requests;

/// <summary>Whose requests are counted together.</summary>
static class RateKey
{
    const int BytesOfNetwork = 8;

    /// <summary>Whoever has signed in, wherever from; else the client's address.</summary>
    public static string Of(HttpContext context) =>
        Caller.Of(context) is { IsSignedIn: true } caller ? caller.Principal : Of(context.Connection.RemoteIpAddress);

    /// <summary>An address; of IPv6 its /64, of which one client has all of the addresses.</summary>
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
