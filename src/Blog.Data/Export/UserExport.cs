using System.Buffers;
using System.IO.Pipelines;
using System.Text.Encodings.Web;
using System.Text.Json;
using Blog.Data.Catalogue;

namespace Blog.Data.Export;

/// <summary>Users as a stream of NDJSON: what an import reads, with the id in front.</summary>
public sealed class UserExport(BlogData data)
{
    const int FlushAt = 64 * 1024;

    static readonly Query exportUsers = QueryCatalogue.Find("users/export_users");
    static readonly JsonWriterOptions compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// Writes a line a user, by id, with all posts and their tags by name, all of one snapshot; then
    /// <c>{"$end":{"count":N}}</c>, without which an export is not whole. One round trip; the memory that it needs does
    /// not depend on the number of users or posts, and a slow reader slows the database down.
    /// </summary>
    /// <param name="output">Flushed, and left open.</param>
    /// <param name="afterId">Only users with a higher id; 0 for all.</param>
    /// <param name="onUser">Told after each user how many there were; null tells nobody.</param>
    /// <param name="cancellationToken">Ends the statement.</param>
    /// <returns>How many users were written.</returns>
    public async Task<long> ExportUsersAsync(
        PipeWriter output,
        long afterId,
        Action<long>? onUser,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(output);
        await using var session = await data.OpenStreamAsync(cancellationToken);
        await using var sets = await BlogData.StreamAsync(session, exportUsers, new { afterId }, cancellationToken);
        await using var json = new Utf8JsonWriter(output, compact);
        var count = 0L;
        var hasBegun = false;
        long? open = null;
        await foreach (var row in sets.StreamAsync<ExportRow>(cancellationToken))
        {
            if (open != row.Id)
            {
                EndUser(json, output, open);
                BeginUser(json, row);
                open = row.Id;
                count++;
                onUser?.Invoke(count);
            }

            if (row.PostId is not null)
            {
                WritePost(json, row);
            }

            // The first at once: from then on a failure is a line that is missing at the end, and until then an error of its own.
            if (!hasBegun || json.BytesPending + output.UnflushedBytes > FlushAt)
            {
                hasBegun = true;
                await json.FlushAsync(cancellationToken);
                await output.FlushAsync(cancellationToken);
            }
        }

        EndUser(json, output, open);
        json.WriteStartObject();
        json.WriteStartObject("$end");
        json.WriteNumber("count", count);
        json.WriteEndObject();
        json.WriteEndObject();
        EndLine(json, output);
        await output.FlushAsync(cancellationToken);
        return count;
    }

    static void BeginUser(Utf8JsonWriter json, ExportRow row)
    {
        json.WriteStartObject();
        json.WriteNumber("id", row.Id);
        json.WriteString("name", row.Name);
        if (row.Bio is not null)
        {
            json.WriteString("bio", row.Bio);
        }

        json.WriteStartArray("posts");
    }

    static void WritePost(Utf8JsonWriter json, ExportRow row)
    {
        json.WriteStartObject();
        json.WriteString("title", row.Title);
        json.WriteString("content", row.Content);
        json.WritePropertyName("tag_names");
        json.WriteRawValue(row.TagNames!);
        json.WriteEndObject();
    }

    static void EndUser(Utf8JsonWriter json, PipeWriter output, long? open)
    {
        if (open is not null)
        {
            json.WriteEndArray();
            json.WriteEndObject();
            EndLine(json, output);
        }
    }

    static void EndLine(Utf8JsonWriter json, PipeWriter output)
    {
        json.Flush();
        json.Reset();
        output.Write("\n"u8);
    }

    sealed record ExportRow(
        long Id,
        string Name,
        string? Bio,
        long? PostId,
        string? Title,
        string? Content,
        string? TagNames
    );
}
