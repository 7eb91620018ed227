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
/// The constraints of the schema, by name: those that a value can break, and those that only two writes at once can. The shapes are
/// checked and the rows are looked up before anything is written, so these are the second lock; a test holds both tables against
/// the schema in both directions.
/// </summary>
static class Conflict
{
    /// <summary>A row that the write hangs on has gone, or one like it has come, after the write looked.</summary>
    public static FrozenSet<string> Races { get; } =
        FrozenSet.Create(
            StringComparer.Ordinal,
            "post_author_id_fkey",
            "post_tag_pkey",
            "post_tag_post_id_fkey",
            "post_tag_tag_id_fkey",
            "profile_user_id_fkey",
            "profile_user_id_key",
            "tag_name_key"
        );

    /// <summary>What a value has broken.</summary>
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
