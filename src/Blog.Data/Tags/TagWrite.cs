using System.ComponentModel.DataAnnotations;
using Blog.Data.Input;

namespace Blog.Data.Tags;

/// <summary>What POST finds or creates, and what PUT renames a tag to: <c>{"name"}</c>.</summary>
/// <param name="Name">Trimmed, in normalisation form C.</param>
public sealed record TagWrite([property: Length(1, Limits.TagName)] string Name) : IInput<TagWrite>
{
    /// <inheritdoc />
    public static IReadOnlyList<string> RequiredMembers => ["name"];

    /// <inheritdoc />
    public static TagWrite Read(ObjectReader body) => new(body.TrimmedText("name", Limits.TagName));
}
