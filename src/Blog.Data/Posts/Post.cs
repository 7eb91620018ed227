using System.Text.Json.Serialization;
using Blog.Data.Tags;

namespace Blog.Data.Posts;

/// <summary>A post as it is read: <c>{"title","content","id","author_id","tags"}</c>.</summary>
/// <param name="Title">At most <see cref="Limits.Title"/> code points in normalisation form C.</param>
/// <param name="Content">As it was sent; may be empty.</param>
/// <param name="Id">Identity of the post; a higher one is newer.</param>
/// <param name="AuthorId">The user who wrote it.</param>
/// <param name="Tags">By id; empty where it has none.</param>
public sealed record Post(string Title, string Content, long Id, long AuthorId, IReadOnlyList<Tag> Tags)
{
    /// <summary>How new the post is, with its tags; null inside a graph or a page, which is not asked for it.</summary>
    [JsonIgnore]
    public Revision? Revision { get; init; }

    /// <summary>Who wrote it; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Author? Author { get; init; }

    /// <summary>When it was created; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? CreatedAt { get; init; }

    /// <summary>When its version moved last; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? UpdatedAt { get; init; }
}

/// <summary>The user who wrote a post: <c>{"name","id"}</c>.</summary>
/// <param name="Name">The user's name.</param>
/// <param name="Id">Identity of the user.</param>
public sealed record Author(string Name, long Id)
{
    /// <summary>Moves with every change of the user and of anything below; null inside a page, which is not asked for it.</summary>
    [JsonIgnore]
    public long? Version { get; init; }
}
