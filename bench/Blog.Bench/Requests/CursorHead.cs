using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Blog.Bench.Shell;
using Blog.Bench.Stage;

namespace Blog.Bench.Requests;

/// <summary>What all cursors of one list with one set of filters begin with; the id of the post where a page ends follows.</summary>
sealed class CursorHead
{
    const int Length = 10;

    readonly byte[] head;

    CursorHead(byte[] head) => this.head = head;

    /// <summary>Taken from the cursor of the next page that the service gives for this path.</summary>
    public static async Task<CursorHead> TakeAsync(
        RunningService ours,
        string path,
        CancellationToken cancellationToken
    )
    {
        using var page = JsonDocument.Parse(await ours.GetAsync(path, cancellationToken));
        return page.RootElement.TryGetProperty("next", out var next) && next.GetString() is { } text
            ? new(Base64Url.DecodeFromChars(text)[..Length])
            : throw new BenchException(ExitCode.Failed, $"GET {path} has no second page.");
    }

    /// <summary>The cursor of the page below a post.</summary>
    public string Before(long id)
    {
        var bytes = new byte[Length + sizeof(long)];
        head.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(Length), id);
        return Base64Url.EncodeToString(bytes);
    }
}
