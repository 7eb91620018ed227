using System.Text.Json.Serialization;
using Blog.Data.Posts;

namespace Blog.Data.Users;

/// <summary>A user with everything below: <c>{"name","id","profile","posts"}</c>.</summary>
/// <param name="Name">At most <see cref="Limits.Name"/> code points in normalisation form C.</param>
/// <param name="Id">Identity of the user.</param>
/// <param name="Profile">Null where the user has none.</param>
/// <param name="Posts">By id, the first ones up to the limit of the read; empty where the user has none.</param>
/// <param name="Revision">How new this is; not part of the JSON.</param>
/// <param name="PostTotal">Posts in all, more than <paramref name="Posts"/> holds where the read was limited; not part of the JSON.</param>
public sealed record User(
    string Name,
    long Id,
    Profile? Profile,
    IReadOnlyList<Post> Posts,
    [property: JsonIgnore] Revision Revision,
    [property: JsonIgnore] long PostTotal
)
{
    /// <summary>When it was created; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? CreatedAt { get; init; }

    /// <summary>When its version moved last; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTime? UpdatedAt { get; init; }

    /// <summary>How many posts there are; only where it was asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? PostCount { get; init; }
}
