using System.ComponentModel.DataAnnotations;
using Blog.Data.Input;

namespace Blog.Data.Posts;

/// <summary>A post to be created: <c>{"title","content","tag_names"}</c>.</summary>
/// <param name="Title">In normalisation form C.</param>
/// <param name="Content">As it was sent.</param>
/// <param name="TagNames">Trimmed, in normalisation form C, each once, in the order sent; empty where none were sent.</param>
public sealed record PostCreate(
    [property: Length(1, Limits.Title)] string Title,
    [property: MaxLength(Limits.ContentBytes)] string Content,
    [property: MaxLength(Limits.TagsPerPost)] IReadOnlyList<string> TagNames
) : IInput<PostCreate>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => ["title", "content"];

    /// <inheritdoc />
    public static PostCreate Read(ObjectReader body) =>
        new(
            body.Text("title", Limits.Title),
            body.Document("content", Limits.ContentBytes),
            body.Has("tag_names") ? body.Names("tag_names", Limits.TagName, Limits.TagsPerPost) : []
        );
}
