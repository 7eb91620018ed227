using System.Text.Json.Serialization;

namespace Blog.Data.Tags;

/// <summary>A tag: <c>{"name","id"}</c>.</summary>
/// <param name="Name">At most <see cref="Limits.TagName"/> code points in normalisation form C, trimmed.</param>
/// <param name="Id">Identity of the tag.</param>
public sealed record Tag(string Name, long Id)
{
    /// <summary>Moves with every rename; null where the tag was read as a part of a post or of a page.</summary>
    [JsonIgnore]
    public long? Version { get; init; }

    /// <summary>When it was created; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? CreatedAt { get; init; }

    /// <summary>When its name changed last; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? UpdatedAt { get; init; }

    /// <summary>How many posts carry it, counted up to <see cref="Limits.PostsCountedOfTag"/>; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PostCount { get; init; }
}
