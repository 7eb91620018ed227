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
}
