using System.Text.Json.Serialization;
using Blog.Data.Tags;

namespace Blog.Data.Posts;

/// <summary>The tags of one post: <c>{"items"}</c>.</summary>
/// <param name="Items">By id; empty where it has none.</param>
/// <param name="Revision">How new the post is; not part of the JSON.</param>
public sealed record PostTags(IReadOnlyList<Tag> Items, [property: JsonIgnore] Revision Revision);
