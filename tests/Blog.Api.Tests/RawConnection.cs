using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Blog.Api.Tests;

/// <summary>A connection that sends bytes as they are and reads whole HTTP/1.1 responses, one after the other.</summary>
sealed class RawConnection : IAsyncDisposable
{
    readonly TcpClient client = new();
    NetworkStream? stream;

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection.client.ConnectAsync(address.Host, address.Port, TestContext.Current.CancellationToken);
        connection.stream = connection.client.GetStream();
        return connection;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await stream!.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>No more will be sent; answers can still be read.</summary>
    public void EndSending() => client.Client.Shutdown(SocketShutdown.Send);

    /// <param name="isHead">The response to a HEAD has the length of a body and no body.</param>
    public async Task<Answer> ReadAsync(bool isHead = false)
    {
        var head = new StringBuilder();
        while (head.Length < 4 || head.ToString(head.Length - 4, 4) != "\r\n\r\n")
            head.Append((char)await ReadByteAsync());
        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines
            .Skip(1)
            .Select(line => line.Split(": ", 2))
            .GroupBy(parts => parts[0], parts => parts.ElementAtOrDefault(1) ?? "", StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group), StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
        var length =
            isHead || !headers.TryGetValue("Content-Length", out var text)
                ? 0
                : int.Parse(text, CultureInfo.InvariantCulture);
        var body = new byte[length];
        await stream!.ReadExactlyAsync(body, TestContext.Current.CancellationToken);
        return new(status, Encoding.UTF8.GetString(body), headers);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<byte> ReadByteAsync()
    {
        var one = new byte[1];
        await stream!.ReadExactlyAsync(one, TestContext.Current.CancellationToken);
        return one[0];
    }
}
