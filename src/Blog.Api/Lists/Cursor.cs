using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Blog.Api.Problems;
using Blog.Data.Lists;

namespace Blog.Api.Lists;

/// <summary>
/// Where a page ended, bound to the statement and its filters: base64url of a version, the statement's number, 8 bytes of
/// SHA-256 over the filters, and the key of the last row. Not signed: a key is only ever compared with, in the statement that the filters
/// of the request lead to.
/// </summary>
static class Cursor
{
    const byte Version = 1;
    const int HashBytes = 8;
    const int HeadBytes = 2 + HashBytes;

    static readonly UTF8Encoding strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static string Encode(AccessPath path, string filters, ReadOnlySpan<byte> key)
    {
        Span<byte> bytes = stackalloc byte[HeadBytes + key.Length];
        WriteHead(path, filters, bytes);
        key.CopyTo(bytes[HeadBytes..]);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The key inside.</summary>
    /// <exception cref="ProblemException">The text is no cursor, or one of other filters.</exception>
    public static ReadOnlySpan<byte> Decode(string text, AccessPath path, string filters)
    {
        if (!TryDecode(text, out var bytes) || bytes.Length <= HeadBytes || bytes[0] != Version)
        {
            throw new ProblemException(KnownProblems.InvalidCursor);
        }

        Span<byte> head = stackalloc byte[HeadBytes];
        WriteHead(path, filters, head);
        return head.SequenceEqual(bytes.AsSpan(0, HeadBytes))
            ? bytes.AsSpan(HeadBytes)
            : throw new ProblemException(KnownProblems.CursorMismatch);
    }

    public static byte[] KeyOf(long id)
    {
        var key = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(key, id);
        return key;
    }

    public static byte[] KeyOf(string name) => strict.GetBytes(name);

    /// <exception cref="ProblemException">The key is none of this kind.</exception>
    public static long ReadId(ReadOnlySpan<byte> key) =>
        BinaryPrimitives.TryReadInt64BigEndian(key, out var id) && key.Length == sizeof(long)
            ? id
            : throw new ProblemException(KnownProblems.InvalidCursor);

    /// <exception cref="ProblemException">The key is none of this kind.</exception>
    public static string ReadName(ReadOnlySpan<byte> key)
    {
        try
        {
            var name = strict.GetString(key);
            return name.Contains('\0', StringComparison.Ordinal)
                ? throw new ProblemException(KnownProblems.InvalidCursor)
                : name;
        }
        catch (DecoderFallbackException)
        {
            throw new ProblemException(KnownProblems.InvalidCursor);
        }
    }

    static void WriteHead(AccessPath path, string filters, Span<byte> head)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(filters), hash);
        (head[0], head[1]) = (Version, path.Number);
        hash[..HashBytes].CopyTo(head[2..]);
    }

    /// <summary>One text a cursor: padding, white space and bits behind the last byte are damage.</summary>
    static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        if (text.Length > 1024 || !Base64Url.IsValid(text))
        {
            return false;
        }

        bytes = Base64Url.DecodeFromChars(text);
        return Base64Url.EncodeToString(bytes) == text;
    }
}
