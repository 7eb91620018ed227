using System.Diagnostics;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Blog.Testing;

/// <summary>One connection through a <see cref="Wire"/>.</summary>
sealed class WireConnection(Wire wire, Socket near, Socket far)
{
    volatile WireIncident? lost;

    /// <summary>Until one side is gone, or both have said all.</summary>
    public async Task RelayAsync()
    {
        var ends = await Task.WhenAny(
            Task.WhenAll(PassAsync(near, far, ofClient: true), PassAsync(far, near, ofClient: false)),
            broken.Task
        );
        await ends;
    }

    readonly TaskCompletionSource broken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Reset()
    {
        try
        {
            near.LingerState = new(enable: true, seconds: 0);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        near.Dispose();
        far.Dispose();
        broken.TrySetResult();
    }

    public void HalfClose()
    {
        try
        {
            near.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }
    }

    async Task PassAsync(Socket from, Socket to, bool ofClient)
    {
        var onTheWay = Channel.CreateBounded<Passing>(64);
        try
        {
            await Task.WhenAll(TakeAsync(from, onTheWay.Writer, ofClient), GiveAsync(onTheWay.Reader, to));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            broken.TrySetResult();
        }
    }

    async Task TakeAsync(Socket from, ChannelWriter<Passing> onTheWay, bool ofClient)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer) is > 0 and var count)
            {
                if (!ofClient && lost is { } incident)
                {
                    await near.SendAsync(incident.InPlace);
                    broken.TrySetResult();
                    return;
                }

                var happens = ofClient ? wire.Take(buffer.AsSpan(0, count)) : null;
                if (happens is { IsAnswered: true })
                    lost = happens;
                var isLast = happens is { IsAnswered: false };
                await onTheWay.WriteAsync(new(buffer.AsSpan(0, count).ToArray(), Stopwatch.GetTimestamp(), isLast));
                if (isLast)
                    return;
            }
        }
        finally
        {
            onTheWay.Complete();
        }
    }

    async Task GiveAsync(ChannelReader<Passing> onTheWay, Socket to)
    {
        await foreach (var (bytes, sent, isLast) in onTheWay.ReadAllAsync())
        {
            if (wire.Latency - Stopwatch.GetElapsedTime(sent) is { Ticks: > 0 } rest)
                await Task.Delay(rest);
            if (wire.BytesPerSecond is { } rate)
                await Task.Delay(TimeSpan.FromSeconds((double)bytes.Length / rate));
            await wire.AudibleAsync();
            for (var sentBytes = 0; sentBytes < bytes.Length; )
                sentBytes += await to.SendAsync(bytes.AsMemory(sentBytes));
            if (isLast)
            {
                Reset();
                return;
            }
        }

        await wire.AudibleAsync();
        to.Shutdown(SocketShutdown.Send);
    }

    /// <summary>What one side has said and the other has not yet heard.</summary>
    /// <param name="Bytes">What was said.</param>
    /// <param name="Sent">When.</param>
    /// <param name="IsLast">Whether the connection is reset when it is passed on.</param>
    sealed record Passing(byte[] Bytes, long Sent, bool IsLast);
}
