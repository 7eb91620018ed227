using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Blog.Data.Tests.Migrations;

/// <summary>What every pooler does and nothing more: it announces a process id of its own (BackendKeyData, message K).</summary>
sealed class Pooler : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly NpgsqlConnectionStringBuilder behind;

    Pooler(NpgsqlConnectionStringBuilder behind) => this.behind = behind;

    internal string ConnectionString { get; private set; } = "";

    internal static Pooler InFrontOf(string connectionString)
    {
        var pooler = new Pooler(new(connectionString));
        pooler.listener.Start();
        pooler.ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Host = "127.0.0.1",
            Port = ((IPEndPoint)pooler.listener.LocalEndpoint).Port,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
        _ = pooler.ServeAsync();
        return pooler;
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task ServeAsync()
    {
        using var client = await listener.AcceptTcpClientAsync();
        using var server = await ConnectAsync();
        await using var up = client.GetStream();
        await using var down = new NetworkStream(server);
        await Task.WhenAny(up.CopyToAsync(down), RelayAsync(down, up));
    }

    async Task<Socket> ConnectAsync()
    {
        var path = $"{behind.Host}/.s.PGSQL.{behind.Port}";
        EndPoint address = behind.Host!.StartsWith('/')
            ? new UnixDomainSocketEndPoint(path)
            : new DnsEndPoint(behind.Host, behind.Port);
        var socket = behind.Host.StartsWith('/')
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address);
        return socket;
    }

    static async Task RelayAsync(NetworkStream from, NetworkStream to)
    {
        var head = new byte[5];
        while (true)
        {
            await from.ReadExactlyAsync(head);
            var body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4];
            await from.ReadExactlyAsync(body);
            if (head[0] is (byte)'K')
                BinaryPrimitives.WriteInt32BigEndian(body, 1);
            await to.WriteAsync(head);
            await to.WriteAsync(body);
        }
    }
}
