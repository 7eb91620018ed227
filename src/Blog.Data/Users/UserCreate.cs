using System.ComponentModel.DataAnnotations;
using Blog.Data.Input;
using Blog.Data.Posts;

namespace Blog.Data.Users;

/// <summary>A user to be created, with profile, posts and tags: <c>{"name","bio","posts"}</c>.</summary>
/// <param name="Name">In normalisation form C.</param>
/// <param name="Bio">Null for no profile; an empty text was sent as none.</param>
/// <param name="Posts">In the order sent; empty where none were sent.</param>
public sealed record UserCreate(
    [property: Length(1, Limits.Name)] string Name,
    [property: MaxLength(Limits.Bio)] string? Bio,
    [property: MaxLength(Limits.PostsPerUser)] IReadOnlyList<PostCreate> Posts
) : IInput<UserCreate>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => ["name"];

    /// <inheritdoc />
    public static UserCreate Read(ObjectReader body) =>
        new(
            body.Text("name", Limits.Name),
            body.OptionalText("bio", Limits.Bio),
            body.Has("posts") ? body.Objects<PostCreate>("posts", body.Rules.PostsPerUser) : []
        );
}
