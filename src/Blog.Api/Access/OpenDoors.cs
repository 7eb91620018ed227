using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Blog.Api.Access;

/// <summary>Where nobody signs in, only this machine may reach the service.</summary>
static class OpenDoors
{
    /// <summary>Which of these others than this machine may reach; null where there is none.</summary>
    public static string? FirstOf(IEnumerable<string> urls) => urls.FirstOrDefault(url => !IsLocal(url));

    /// <exception cref="UnusableSettingException">Nobody signs in, and others than this machine would reach an address.</exception>
    public static void Refuse(AccessSettings settings, IEnumerable<string> urls)
    {
        if (settings.Tokens is not null || FirstOf(urls) is not { } open)
        {
            return;
        }

        if (!settings.AllowAnonymous)
        {
            throw new UnusableSettingException(
                $"Nobody signs in (Auth__Mode is none), and {open} is not only for this machine: whoever reaches it could read, change and delete everything. "
                    + "Set Auth__Mode=jwt to ask for tokens, or Auth__AllowAnonymous=true where something in front of the service decides who reaches it."
            );
        }

        Console.Error.WriteLine(
            $"Nobody signs in, and {open} is not only for this machine (Auth__AllowAnonymous=true): whoever reaches it can read, change and delete everything."
        );
    }

    /// <summary>The same of what is really bound, in case an address has come by another way than those that are looked at before.</summary>
    public static void Guard(AccessSettings settings, KestrelServerOptions kestrel)
    {
        if (settings is { Tokens: null, AllowAnonymous: false })
        {
            kestrel.ConfigureEndpointDefaults(listener =>
            {
                if (listener.EndPoint is not UnixDomainSocketEndPoint && !IsLoopback(listener.EndPoint))
                {
                    throw new UnusableSettingException(
                        $"Nobody signs in (Auth__Mode is none), and {listener.EndPoint} is not only for this machine."
                    );
                }
            });
        }
    }

    static bool IsLoopback(EndPoint? endPoint) =>
        endPoint is IPEndPoint { Address: var address } && IPAddress.IsLoopback(address);

    /// <summary>As Kestrel reads it: a name that is not localhost is every address of the machine. What it cannot read it refuses by itself.</summary>
    static bool IsLocal(string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return true;
        }

        return address.IsUnixPipe
            || address.IsNamedPipe
            || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(address.Host, out var ip) && IPAddress.IsLoopback(ip));
    }
}
