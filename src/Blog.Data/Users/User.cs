using System.Text.Json.Serialization;
using Blog.Data.Posts;

namespace Blog.Data.Users;

/// <summary>A user with everything below: <c>{"name","id","profile","posts"}</c>.</summary>
/// <param name="Name">At most <see cref="Limits.Name"/> code points in normalisation form C.</param>
/// <param name="Id">Identity of the user.</param>
/// <param name="Profile">Null where the user has none.</param>
/// <param name="Posts">By id, the first ones up to the limit of the read; empty where the user has none.</param>
public sealed record User(string Name, long Id, Profile? Profile, IReadOnlyList<Post> Posts)
{
    /// <summary>How new this is.</summary>
    [JsonIgnore]
    public required Revision Revision { get; init; }

    /// <summary>How many posts the user has in all; more than <see cref="Posts"/> holds where the read was limited.</summary>
    [JsonIgnore]
    public required long PostCount { get; init; }
}
