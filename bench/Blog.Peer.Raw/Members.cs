using System.Text.Encodings.Web;
using System.Text.Json;

namespace Blog.Peer.Raw;

/// <summary>The names of the JSON's members, ready to be sent, and the parts that more than one answer has.</summary>
static class Members
{
    public static readonly JsonEncodedText Name = JsonEncodedText.Encode("name");
    public static readonly JsonEncodedText Id = JsonEncodedText.Encode("id");
    public static readonly JsonEncodedText Profile = JsonEncodedText.Encode("profile");
    public static readonly JsonEncodedText Bio = JsonEncodedText.Encode("bio");
    public static readonly JsonEncodedText Posts = JsonEncodedText.Encode("posts");
    public static readonly JsonEncodedText Title = JsonEncodedText.Encode("title");
    public static readonly JsonEncodedText Content = JsonEncodedText.Encode("content");
    public static readonly JsonEncodedText AuthorId = JsonEncodedText.Encode("author_id");
    public static readonly JsonEncodedText Tags = JsonEncodedText.Encode("tags");
    public static readonly JsonEncodedText Author = JsonEncodedText.Encode("author");
    public static readonly JsonEncodedText Items = JsonEncodedText.Encode("items");
    public static readonly JsonEncodedText Limit = JsonEncodedText.Encode("limit");
    public static readonly JsonEncodedText Next = JsonEncodedText.Encode("next");

    public static JsonWriterOptions Writing { get; } =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>Begins a post and its tags; both are still to be ended.</summary>
    public static void WriteStartPost(this Utf8JsonWriter json, string title, string content, long id, long authorId)
    {
        json.WriteStartObject();
        json.WriteString(Title, title);
        json.WriteString(Content, content);
        json.WriteNumber(Id, id);
        json.WriteNumber(AuthorId, authorId);
        json.WriteStartArray(Tags);
    }

    /// <summary>Ends the tags and the post that <see cref="WriteStartPost"/> began, with the author between.</summary>
    public static void WriteEndPost(this Utf8JsonWriter json, long authorId, string author)
    {
        json.WriteEndArray();
        json.WriteStartObject(Author);
        json.WriteString(Name, author);
        json.WriteNumber(Id, authorId);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    public static void WriteTag(this Utf8JsonWriter json, long id, string name)
    {
        json.WriteStartObject();
        json.WriteString(Name, name);
        json.WriteNumber(Id, id);
        json.WriteEndObject();
    }
}
