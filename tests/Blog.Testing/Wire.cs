using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Npgsql;

namespace Blog.Testing;

/// <summary>
/// What lies between the service and its database: a relay that passes everything on until it is told to be slow, narrow, silent or
/// cut. What it is told counts for the connections that there are and for those that come.
/// </summary>
public sealed class Wire : IAsyncDisposable
{
    static readonly byte[] adminShutdown = Fatal("57P01", "terminating connection due to administrator command");

    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly ConcurrentDictionary<WireConnection, bool> connections = new();
    readonly EndPoint behind;
    volatile TaskCompletionSource? silence;
    WireIncident? incident;

    Wire(EndPoint behind) => this.behind = behind;

    /// <summary>To be appended to the connection string of the service.</summary>
    public string Options =>
        $";Host=127.0.0.1;Port={((IPEndPoint)listener.LocalEndpoint).Port};SSL Mode=Disable;GSS Encryption Mode=Disable";

    /// <summary>How long everything is on its way, in each direction.</summary>
    public TimeSpan Latency { get; set; }

    /// <summary>What a connection carries, in each direction; null is as much as it can.</summary>
    public int? BytesPerSecond { get; set; }

    /// <summary>How many connections go through it now.</summary>
    public int Connections => connections.Count;

    /// <param name="connectionString">Of the server behind it.</param>
    public static Wire InFrontOf(string connectionString)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var wire = new Wire(
            server.Host!.StartsWith('/')
                ? new UnixDomainSocketEndPoint($"{server.Host}/.s.PGSQL.{server.Port}")
                : new DnsEndPoint(server.Host, server.Port)
        );
        wire.listener.Start();
        _ = wire.AcceptAsync();
        return wire;
    }

    /// <summary>The next command with this text is carried out; its answer is lost, and the connection ends.</summary>
    public void LoseTheAnswerTo(string text) => Arrange(text, isAnswered: true, []);

    /// <summary>
    /// The next command with this text is carried out; in place of its answer comes what a server says that is told to end, as it does when
    /// that reaches it in the middle of a commit.
    /// </summary>
    public void EndInPlaceOfTheAnswerTo(string text) => Arrange(text, isAnswered: true, adminShutdown);

    /// <summary>The next command with this text is passed on, and its connection reset at once.</summary>
    public void ResetAfter(string text) => Arrange(text, isAnswered: false, []);

    /// <summary>Whether what was to happen to a command has happened.</summary>
    public bool HasHappened => Volatile.Read(ref incident) is null;

    /// <summary>From now on nothing gets through in either direction, and nobody is told so.</summary>
    public void FallSilent() =>
        silence ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>From now on all is passed on, also what has waited.</summary>
    public void Pass()
    {
        Latency = TimeSpan.Zero;
        BytesPerSecond = null;
        Volatile.Write(ref incident, null);
        var ended = silence;
        silence = null;
        ended?.TrySetResult();
    }

    /// <summary>Every connection is reset.</summary>
    public void Reset()
    {
        foreach (var connection in connections.Keys)
            connection.Reset();
    }

    /// <summary>Every connection is told that the server sends no more; what the service sends is still passed on.</summary>
    public void HalfClose()
    {
        foreach (var connection in connections.Keys)
            connection.HalfClose();
    }

    public ValueTask DisposeAsync()
    {
        listener.Dispose();
        Reset();
        Pass();
        return ValueTask.CompletedTask;
    }

    /// <summary>Waits as long as it is silent.</summary>
    internal Task AudibleAsync() => silence?.Task ?? Task.CompletedTask;

    /// <summary>What happens to the command that these bytes are; null is nothing.</summary>
    internal WireIncident? Take(ReadOnlySpan<byte> command) =>
        Volatile.Read(ref incident) is { } next
        && command.IndexOf(next.Text) >= 0
        && Interlocked.CompareExchange(ref incident, null, next) == next
            ? next
            : null;

    void Arrange(string text, bool isAnswered, byte[] inPlace) =>
        Volatile.Write(ref incident, new(Encoding.ASCII.GetBytes(text), isAnswered, inPlace));

    /// <summary>An ErrorResponse of PostgreSQL's protocol.</summary>
    static byte[] Fatal(string sqlState, string message)
    {
        var fields = Encoding.ASCII.GetBytes($"SFATAL\0VFATAL\0C{sqlState}\0M{message}\0\0");
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32BigEndian(length, fields.Length + sizeof(int));
        return [(byte)'E', .. length, .. fields];
    }

    async Task AcceptAsync()
    {
        while (true)
            _ = RelayAsync(await listener.AcceptSocketAsync());
    }

    async Task RelayAsync(Socket near)
    {
        using var client = near;
        await AudibleAsync();
        using var server =
            behind is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        var connection = new WireConnection(this, client, server);
        try
        {
            await server.ConnectAsync(behind);
        }
        catch (SocketException)
        {
            // Nobody listens behind it, so nobody listens here.
            connection.Reset();
            return;
        }

        connections[connection] = true;
        await connection.RelayAsync();
        connections.TryRemove(connection, out _);
    }
}

/// <summary>What is to happen to a command.</summary>
/// <param name="Text">By which it is known.</param>
/// <param name="IsAnswered">Whether the server answers it first; nobody hears that.</param>
/// <param name="InPlace">What is heard in place of the answer.</param>
sealed record WireIncident(byte[] Text, bool IsAnswered, byte[] InPlace);
