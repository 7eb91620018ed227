using System.Buffers;
using System.IO.Pipelines;

namespace Blog.Data.Import;

/// <summary>A line of a stream.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without line feed and byte order mark, valid until the next line is read; empty where the line is too long.</param>
/// <param name="IsTooLong">Whether it is above <see cref="Limits.ImportLineBytes"/>.</param>
/// <param name="IsFollowed">Whether the next line is here already, whole, so that reading it means no waiting.</param>
readonly record struct NdjsonLine(long Number, ReadOnlyMemory<byte> Text, bool IsTooLong, bool IsFollowed)
{
    /// <summary>Whether there is nothing but white space of JSON, the carriage return of a CRLF included.</summary>
    public bool IsBlank => !IsTooLong && Text.Span.IndexOfAnyExcept(" \t\r"u8) < 0;

    /// <summary>The same with a text that stays valid.</summary>
    public NdjsonLine Kept() => this with { Text = Text.ToArray() };
}

/// <summary>Cuts a stream into lines, holding one line at a time and never more than <see cref="Limits.ImportLineBytes"/> of it.</summary>
/// <param name="source">Read from where it stands; left open.</param>
/// <param name="onTooLong">Given the bytes of a line that is too long; null lets them go by.</param>
sealed class NdjsonReader(Stream source, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask>? onTooLong)
    : IAsyncDisposable
{
    const int BufferBytes = 256 * 1024;

    readonly PipeReader pipe = PipeReader.Create(
        source,
        new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true)
    );
    byte[] scattered = [];
    SequencePosition? next;

    /// <summary>Lines read.</summary>
    public long Lines { get; private set; }

    /// <summary>Bytes of these lines, line feeds included.</summary>
    public long Bytes { get; private set; }

    static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The next line.</summary>
    /// <returns>Null at the end; a last line without line feed is a line.</returns>
    public async ValueTask<NdjsonLine?> ReadAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (next is { } start)
        {
            pipe.AdvanceTo(start);
            next = null;
        }

        var isTooLong = false;
        var searched = 0L;
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            var lineFeed = buffer.Slice(searched).PositionOf((byte)'\n');
            var part = lineFeed is { } end ? buffer.Slice(0, end) : buffer;
            if (read.IsCompleted && lineFeed is null && part.IsEmpty && !isTooLong)
            {
                return null;
            }

            var rest = lineFeed is { } feed ? buffer.GetPosition(1, feed) : buffer.End;
            var isWhole = lineFeed is not null || read.IsCompleted;
            if (isTooLong || part.Length > Limits.ImportLineBytes)
            {
                isTooLong = true;
                Bytes += part.Length;
                await PassByAsync(part, cancellationToken);
            }

            if (isWhole)
            {
                next = rest;
                Lines++;
                Bytes += (isTooLong ? 0 : part.Length) + (lineFeed is null ? 0 : 1);
                return new(
                    Lines,
                    isTooLong ? default : WithoutMark(Gather(part)),
                    isTooLong,
                    IsFollowed: buffer.Slice(rest).PositionOf((byte)'\n') is not null
                );
            }

            if (isTooLong)
            {
                searched = 0;
                pipe.AdvanceTo(rest);
            }
            else
            {
                searched = buffer.Length;
                pipe.AdvanceTo(buffer.Start, buffer.End);
            }
        }
    }

    public ValueTask DisposeAsync() => pipe.CompleteAsync();

    async ValueTask PassByAsync(ReadOnlySequence<byte> part, CancellationToken cancellationToken)
    {
        if (onTooLong is null)
        {
            return;
        }

        foreach (var piece in part)
        {
            await onTooLong(piece, cancellationToken);
        }
    }

    ReadOnlyMemory<byte> Gather(ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
        {
            return line.First;
        }

        var length = (int)line.Length;
        if (scattered.Length < length)
        {
            scattered = new byte[Math.Max(length, Math.Min(2 * scattered.Length, Limits.ImportLineBytes))];
        }

        line.CopyTo(scattered);
        return scattered.AsMemory(0, length);
    }

    ReadOnlyMemory<byte> WithoutMark(ReadOnlyMemory<byte> text) =>
        Lines == 1 && text.Span.StartsWith(ByteOrderMark) ? text[ByteOrderMark.Length..] : text;
}
