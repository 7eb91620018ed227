using System.Text.Json.Serialization;

namespace Blog.Data.Tags;

/// <summary>A tag: <c>{"name","id"}</c>.</summary>
/// <param name="Name">At most <see cref="Limits.TagName"/> code points in normalisation form C, trimmed.</param>
/// <param name="Id">Identity of the tag.</param>
public sealed record Tag(string Name, long Id)
{
    /// <summary>Moves with every rename; null where the tag was read as a part of a post.</summary>
    [JsonIgnore]
    public long? Version { get; init; }
}
