using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Blog.Data.Input;

namespace Blog.Data.Users;

/// <summary>What PUT replaces of a user: <c>{"name"}</c>.</summary>
/// <param name="Name">In normalisation form C.</param>
public sealed record UserUpdate([property: Length(1, Limits.Name)] string Name) : IInput<UserUpdate>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => ["name"];

    /// <inheritdoc />
    public static UserUpdate Read(ObjectReader body) => new(body.Text("name", Limits.Name));
}

/// <summary>What PATCH changes of a user: <c>{"name"?,"bio"?}</c>; what was not sent stays.</summary>
/// <param name="Name">Null keeps the name.</param>
/// <param name="ChangesBio">Whether a bio was sent at all.</param>
/// <param name="Bio">Null deletes the profile, where <paramref name="ChangesBio"/>; an empty text was sent as none.</param>
public sealed record UserPatch(
    [property: Length(1, Limits.Name)] string? Name,
    [property: JsonIgnore] bool ChangesBio,
    [property: MaxLength(Limits.Bio)] string? Bio
) : IInput<UserPatch>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => [];

    /// <inheritdoc />
    public static UserPatch Read(ObjectReader body) =>
        new(
            body.Has("name") ? body.Text("name", Limits.Name) : null,
            body.Has("bio"),
            body.OptionalText("bio", Limits.Bio)
        );
}

/// <summary>What PUT writes as a profile: <c>{"bio"}</c>.</summary>
/// <param name="Bio">In normalisation form C, not empty.</param>
public sealed record ProfilePut([property: Length(1, Limits.Bio)] string Bio) : IInput<ProfilePut>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => ["bio"];

    /// <inheritdoc />
    public static ProfilePut Read(ObjectReader body) => new(body.FilledText("bio", Limits.Bio));
}
