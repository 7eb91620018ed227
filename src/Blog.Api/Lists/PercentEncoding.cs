using System.Buffers;
using System.Text;

namespace Blog.Api.Lists;

/// <summary>Percent-encoding (RFC 3986, section 2.1). What decodes a query string leaves as it stands what it cannot decode.</summary>
static class PercentEncoding
{
    const int MostBytesOfCharacter = 4;

    /// <summary>Whether each percent sign begins an encoded byte, and the bytes are UTF-8.</summary>
    public static bool IsUtf8(ReadOnlySpan<char> encoded)
    {
        Span<byte> bytes = stackalloc byte[MostBytesOfCharacter];
        for (var at = encoded.IndexOf('%'); at >= 0; at = encoded.IndexOf('%'))
        {
            encoded = encoded[at..];
            var count = Decode(encoded, bytes);
            if (Rune.DecodeFromUtf8(bytes[..count], out _, out var used) != OperationStatus.Done)
            {
                return false;
            }

            encoded = encoded[(used * "%00".Length)..];
        }

        return true;
    }

    /// <summary>The encoded bytes that a text begins with, as many as there is room for.</summary>
    static int Decode(ReadOnlySpan<char> encoded, Span<byte> bytes)
    {
        var count = 0;
        while (
            count < bytes.Length
            && encoded is ['%', _, _, ..]
            && Convert.FromHexString(encoded[1..3], bytes[count..], out _, out _) == OperationStatus.Done
        )
        {
            encoded = encoded[3..];
            count++;
        }

        return count;
    }
}
