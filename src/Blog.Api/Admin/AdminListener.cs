using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using Blog.Api.Access;
using Blog.Api.Contract;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace Blog.Api.Admin;

/// <summary>
/// The second listener, for whoever operates the service: loopback unless <c>Admin:Urls</c> says otherwise, none where that is
/// empty, or where it says nothing and another service has the usual port. What it answers is nowhere on the public one, and the
/// other way round.
/// </summary>
sealed class AdminListener(IServer server, int addresses)
{
    const string Setting = "Admin:Urls";
    const int DefaultPort = 5081;

    // The addresses of the server stand in the order in which they were given, with the ports that the system chose.
    readonly Lazy<FrozenSet<int>> ports = new(() =>
        server
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.TakeLast(addresses)
            .Select(address => BindingAddress.Parse(address).Port)
            .ToFrozenSet()
    );

    /// <summary>Adds its addresses behind the public ones.</summary>
    /// <returns>All of them.</returns>
    /// <exception cref="UnusableSettingException">One of them cannot be told from a public one by its port.</exception>
    public static string[] Add(WebApplicationBuilder builder, IReadOnlyList<string> publicUrls)
    {
        var urls = ContractDocument.FileToWrite(builder.Configuration) is null
            ? UrlsOf(builder.Configuration[Setting])
            : [];
        if (urls.FirstOrDefault(url => publicUrls.Any(other => IsSameDoor(url, other))) is { } shared)
        {
            throw new UnusableSettingException(
                $"Admin__Urls has the port of a public address, {shared}: by its port, and nothing else, a request is known to be the operator's. A Unix socket has none, so only one of the two may be one."
            );
        }

        string[] all = [.. publicUrls, .. urls];
        builder.WebHost.UseUrls(all);
        builder.Services.AddSingleton(services => new AdminListener(
            services.GetRequiredService<IServer>(),
            urls.Length
        ));
        return all;
    }

    /// <summary>Whether there is to be one.</summary>
    public static bool IsWanted(IConfiguration configuration) => configuration[Setting] is not "";

    /// <summary>Not where the system chooses both ports.</summary>
    static bool IsSameDoor(string url, string other) =>
        Parsed(url) is { } one
        && Parsed(other) is { } two
        && (one.IsUnixPipe ? two.IsUnixPipe : !two.IsUnixPipe && one.Port == two.Port && one.Port > 0);

    /// <summary>Null where it is no address, which Kestrel says in its own words.</summary>
    static BindingAddress? Parsed(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static string[] UrlsOf(string? setting)
    {
        if (setting is not null)
        {
            return PublicUrls.Split(setting);
        }

        try
        {
            using var port = new TcpListener(IPAddress.Loopback, DefaultPort);
            port.Start();
            return [$"http://127.0.0.1:{DefaultPort}"];
        }
        catch (SocketException)
        {
            Console.Error.WriteLine(
                $"Port {DefaultPort} is taken: there is no admin listener. Admin__Urls gives it another one."
            );
            return [];
        }
    }

    /// <summary>Whether the request came in here.</summary>
    public bool Received(HttpContext context) => addresses > 0 && ports.Value.Contains(context.Connection.LocalPort);
}
