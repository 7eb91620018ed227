using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Blog.Api.Tests.Requests;

/// <summary>
/// Stands between the service and its database, and can lose one answer: what the server says to a chosen command, after it was carried out, is
/// not passed on, and the connection ends.
/// </summary>
sealed class LossyConnection : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly EndPoint behind;
    byte[]? chosen;

    LossyConnection(EndPoint behind) => this.behind = behind;

    /// <summary>To be appended to the connection string of the service.</summary>
    public string Options =>
        $";Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};SSL Mode=Disable;GSS Encryption Mode=Disable";

    public static LossyConnection InFrontOf(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var connection = new LossyConnection(
            server.Host!.StartsWith('/')
                ? new UnixDomainSocketEndPoint($"{server.Host}/.s.PGSQL.{server.Port}")
                : new DnsEndPoint(server.Host, server.Port)
        );
        connection.listener.Start();
        _ = connection.AcceptAsync();
        return connection;
    }

    /// <summary>The next command with this text loses its answer.</summary>
    public void LoseTheAnswerTo(string text) => Volatile.Write(ref chosen, Encoding.ASCII.GetBytes(text));

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptSocketAsync();
            _ = RelayAsync(client);
        }
    }

    async Task RelayAsync(Socket client)
    {
        using var near = client;
        using var far =
            behind is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await far.ConnectAsync(behind);
        var isLost = false;
        await Task.WhenAny(SendAsync(), AnswerAsync());

        async Task SendAsync()
        {
            var buffer = new byte[64 * 1024];
            while (await near.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (Volatile.Read(ref chosen) is { } text && buffer.AsSpan(0, count).IndexOf(text) >= 0)
                {
                    Volatile.Write(ref chosen, null);
                    Volatile.Write(ref isLost, true);
                }

                await far.SendAsync(buffer.AsMemory(0, count));
            }
        }

        async Task AnswerAsync()
        {
            var buffer = new byte[64 * 1024];
            while (await far.ReceiveAsync(buffer) is > 0 and var count && !Volatile.Read(ref isLost))
            {
                await near.SendAsync(buffer.AsMemory(0, count));
            }
        }
    }
}
