using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Xunit;

namespace Blog.Testing;

/// <summary>A connection that sends bytes as they are and reads whole HTTP/1.1 responses, one after the other.</summary>
public sealed class RawConnection : IAsyncDisposable
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

    public Task SendAsync(string text) => SendAsync(Encoding.UTF8.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await stream!.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <param name="isHead">The response to a HEAD has the length of a body and no body.</param>
    public async Task<Answer> ReadAsync(bool isHead = false)
    {
        var lines = new List<string>();
        while (await ReadLineAsync() is { Length: > 0 } line)
            lines.Add(line);
        var headers = lines
            .Skip(1)
            .Select(line => line.Split(": ", 2))
            .GroupBy(parts => parts[0], parts => parts.ElementAtOrDefault(1) ?? "", StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group), StringComparer.OrdinalIgnoreCase);
        var status = int.Parse(lines[0].AsSpan(9, 3), CultureInfo.InvariantCulture);
        var body = isHead ? [] : await ReadBodyAsync(headers);
        return new(status, Encoding.UTF8.GetString(body), headers);
    }

    public ValueTask DisposeAsync()
    {
        client.Dispose();
        return ValueTask.CompletedTask;
    }

    async Task<byte[]> ReadBodyAsync(Dictionary<string, string> headers)
    {
        if (headers.TryGetValue("Content-Length", out var length))
            return await ReadBytesAsync(int.Parse(length, CultureInfo.InvariantCulture));

        var body = new List<byte>();
        while (headers.ContainsKey("Transfer-Encoding"))
        {
            var size = int.Parse(await ReadLineAsync(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            body.AddRange(await ReadBytesAsync(size));
            await ReadLineAsync();
            if (size == 0)
                break;
        }

        return [.. body];
    }

    async Task<string> ReadLineAsync()
    {
        var line = new StringBuilder();
        while (line.Length == 0 || line[^1] != '\n')
            line.Append((char)(await ReadBytesAsync(1))[0]);
        return line.ToString().TrimEnd();
    }

    async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        await stream!.ReadExactlyAsync(bytes, TestContext.Current.CancellationToken);
        return bytes;
    }
}
