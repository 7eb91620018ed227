using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Blog.Data.Input;

namespace Blog.Data.Posts;

/// <summary>What PUT replaces of a post: <c>{"title","content","tag_names"?}</c>.</summary>
/// <param name="Title">In normalisation form C.</param>
/// <param name="Content">As it was sent.</param>
/// <param name="TagNames">Trimmed, in normalisation form C, each once; null keeps the tags.</param>
public sealed record PostUpdate(
    [property: Length(1, Limits.Title)] string Title,
    [property: MaxLength(Limits.ContentBytes)] string Content,
    [property: MaxLength(Limits.TagsPerPost)] IReadOnlyList<string>? TagNames
) : IInput<PostUpdate>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => ["title", "content"];

    /// <inheritdoc />
    public static PostUpdate Read(ObjectReader body) =>
        new(
            body.Text("title", Limits.Title),
            body.Document("content", Limits.ContentBytes),
            body.Has("tag_names") ? body.Names("tag_names", Limits.TagName, Limits.TagsPerPost) : null
        );
}

/// <summary>What PATCH changes of a post: <c>{"title"?,"content"?,"tag_names"?}</c>; what was not sent stays.</summary>
/// <param name="Title">Null keeps the title.</param>
/// <param name="Content">Null keeps the content.</param>
/// <param name="TagNames">Null keeps the tags.</param>
public sealed record PostPatch(
    [property: Length(1, Limits.Title)] string? Title,
    [property: MaxLength(Limits.ContentBytes)] string? Content,
    [property: MaxLength(Limits.TagsPerPost)] IReadOnlyList<string>? TagNames
) : IInput<PostPatch>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => [];

    /// <inheritdoc />
    public static PostPatch Read(ObjectReader body) =>
        new(
            body.Has("title") ? body.Text("title", Limits.Title) : null,
            body.Has("content") ? body.Document("content", Limits.ContentBytes) : null,
            body.Has("tag_names") ? body.Names("tag_names", Limits.TagName, Limits.TagsPerPost) : null
        );
}

/// <summary>Tags that a post is to have, or to have as well: <c>{"tag_names"}</c>.</summary>
/// <param name="Names">Trimmed, in normalisation form C, each once, in the order sent.</param>
public sealed record TagNames(
    [property: JsonPropertyName("tag_names"), MaxLength(Limits.TagsPerPost)] IReadOnlyList<string> Names
) : IInput<TagNames>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => ["tag_names"];

    /// <inheritdoc />
    public static TagNames Read(ObjectReader body) => new(body.Names("tag_names", Limits.TagName, Limits.TagsPerPost));
}
