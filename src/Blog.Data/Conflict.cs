using System.Collections.Frozen;
using Blog.Data.Input;

namespace Blog.Data;

/// <summary>What a named constraint of the schema means to whoever broke it.</summary>
/// <param name="Member">The member of the shape that it guards.</param>
/// <param name="Code">One of <see cref="InputCodes"/>.</param>
/// <param name="Detail">For a person.</param>
public sealed record ConstraintMeaning(string Member, string Code, string Detail);

/// <summary>A write met another one at the same row and did nothing; the same write may succeed when it is sent again.</summary>
public sealed class WriteConflictException(string message) : Exception(message);

/// <summary>
/// The constraints that a client can break, by name. The shapes are checked before anything is sent, so these are the second
/// lock; a test holds this table against the schema in both directions.
/// </summary>
static class Conflict
{
    public static FrozenDictionary<string, ConstraintMeaning> ByConstraint { get; } =
        new Dictionary<string, ConstraintMeaning>(StringComparer.Ordinal)
        {
            ["users_name_length"] = new("name", InputCodes.TooLong, "A name has 1 to 50 characters."),
            ["profile_bio_length"] = new("bio", InputCodes.TooLong, "A bio has 1 to 200 characters."),
            ["post_title_length"] = new("title", InputCodes.TooLong, "A title has 1 to 100 characters."),
            ["post_content_size"] = new("content", InputCodes.TooLong, "A content has at most 1 MiB."),
            ["tag_name_length"] = new("tag_names", InputCodes.TooLong, "A tag's name has 1 to 30 characters."),
        }.ToFrozenDictionary(StringComparer.Ordinal);
}
